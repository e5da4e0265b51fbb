"""`make bench`: every benchmark, one after the other; those that search names share one register of two million."""

from benchmarks import codec, collisions, growth, import_records, import_register, listed, load, names, peers, photos
from benchmarks.register import keep, make_parser

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
    with keep(make_parser(__doc__).parse_args().folder) as folder:
        for title, measure in OF_REGISTER:
            print(f"\n=== {title} ===", flush=True)
            measure(["--folder", str(folder)])
    for title, measure in ALONE:
        print(f"\n=== {title} ===", flush=True)
        measure([])


if __name__ == "__main__":
    main()
