"""Asks whether what the locks name has known holes (pip-audit); says loudly where nobody could be asked."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-ocr.lock")  # what is installed where citizens are served
OFFLINE = "没有核对依赖库的漏洞：{}（需要能访问漏洞库）。联网后请再运行 make audit。\n"


def ask(lock: Path) -> tuple[list[str], int, int]:
    """Holes found, how many packages were looked at, how many could not be."""
    command = ["pip_audit", "-r", str(lock), "--require-hashes", "--disable-pip", "--no-deps", "-f", "json"]
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", *command, "--progress-spinner", "off"], capture_output=True, text=True, check=False
    )
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        raise ConnectionError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no answer") from None
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}，修复于 {'、'.join(hole['fix_versions']) or '尚无'}"
        for one in found
        for hole in one.get("vulns", [])
    ]
    skipped = sum("skip_reason" in one for one in found)
    return holes, len(found) - skipped, skipped


def main() -> int:
    """1 where a hole is known; 0 also where nobody could be asked."""
    holes: list[str] = []
    for name in LOCKS:
        try:
            new, looked_at, skipped = ask(ROOT / name)
        except ConnectionError as trouble:
            sys.stderr.write(OFFLINE.format(trouble))
            return 0
        if not looked_at:
            sys.stderr.write(OFFLINE.format(f"{name} 的 {skipped} 个库都查不到"))
            return 0
        sys.stdout.write(f"{name}：核对了 {looked_at} 个库，查不到 {skipped} 个，有漏洞 {len(new)} 处\n")
        holes += new
    sys.stdout.write("".join(f"{hole}\n" for hole in dict.fromkeys(holes)))
    return int(bool(holes))


if __name__ == "__main__":
    sys.exit(main())
