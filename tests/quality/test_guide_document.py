"""docs/guide.md: its pictures are there, small, and taken by the script; its commands and files exist."""

import re
import shlex
from pathlib import Path

import click
import pytest
from PIL import Image

from cli.main import chengxin
from tools.pictures import MOST_BYTES, read_demo, shrink

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/guide.md").read_text(encoding="utf-8")
PICTURES = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", GUIDE)
COMMANDS = re.findall(r"\.venv/bin/chengxin ([^\n`]+)", GUIDE)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_there_small_and_no_other_lies_about(name: str) -> None:
    path = ROOT / "docs" / name
    assert path.stat().st_size < MOST_BYTES
    with Image.open(path) as image:
        assert image.format == "PNG"
        assert image.size in {(390, 844), (1280, 800)}
    assert path.stem in (ROOT / "tools/pictures.py").read_text(encoding="utf-8")
    assert {one.name for one in path.parent.iterdir()} == {Path(one).name for one in PICTURES}


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_exists(line: str) -> None:
    command: click.Command = chengxin
    context, rest = click.Context(chengxin), shlex.split(line)
    while isinstance(command, click.Group):
        _, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command = found
    for option in (word for word in rest if word.startswith("--")):
        assert option in [name for one in command.params for name in one.opts], line


def test_files_that_are_copied_exist() -> None:
    named = set(re.findall(r"deploy/[\w./-]*\w", GUIDE.replace(".*", "")))
    assert len(named) >= 5
    assert [name for name in named if not (ROOT / name).exists() and not list(ROOT.glob(f"{name}*"))] == []


def test_the_script_reads_what_the_demonstration_prints() -> None:
    addresses = "  手机模拟器    http://127.0.0.1:8001/\n  市民首页      http://127.0.0.1:8000/\n"
    demo = read_demo(f"{addresses}  guanli     AB-CD  系统管理员\n")
    assert (demo.phone, demo.home, demo.login, demo.password) == (
        "http://127.0.0.1:8001/",
        "http://127.0.0.1:8000",
        "guanli",
        "AB-CD",
    )
    with pytest.raises(ValueError, match="not ready"):
        read_demo("演示数据：企业 3000 家")


def test_what_cannot_be_made_small_is_refused(tmp_path: Path) -> None:
    noise = Image.effect_noise((1600, 1600), 120)
    path = tmp_path / "noise.png"
    noise.save(path)
    with pytest.raises(ValueError, match="too big"):
        shrink(path.read_bytes())
