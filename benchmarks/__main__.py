"""`make bench`: every benchmark, one after the other; those that search names share one register of two million."""

import argparse
from pathlib import Path

from benchmarks import codec, collisions, growth, import_records, import_register, listed, load, names, peers, photos
from benchmarks.register import keep

ALONE = (
    ("消息编解码 codec", codec.main),
    ("导入 import", import_register.main),
    ("导入记录 records", import_records.main),
    ("照片 photos", photos.main),
)
OF_REGISTER = (
    ("名称查找 names", names.main),
    ("上市公司简称 listed", listed.main),
    ("大小 growth", growth.main),
    ("同名 collisions", collisions.main),
    ("同类 peers", peers.main),
    ("压力 load", load.main),
)


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the register of two million is kept for the next time")
    with keep(parser.parse_args().folder) as folder:
        for title, measure in OF_REGISTER:
            print(f"\n=== {title} ===", flush=True)
            measure(["--folder", str(folder)])
    for title, measure in ALONE:
        print(f"\n=== {title} ===", flush=True)
        measure([])


if __name__ == "__main__":
    main()
