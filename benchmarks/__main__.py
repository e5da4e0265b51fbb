"""`make bench`: every benchmark, one after the other."""

from benchmarks import codec, import_register, names, photos

if __name__ == "__main__":
    for title, measure in (
        ("消息编解码 codec", codec.main),
        ("导入 import", import_register.main),
        ("名称查找 names", names.main),
        ("照片 photos", photos.main),
    ):
        print(f"\n=== {title} ===", flush=True)
        measure([])
