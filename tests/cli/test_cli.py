"""The command line as its user starts it: 0 done, 1 one clear line; what is printed is what was promised."""

import io
import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from cli.main import main
from config.settings import Settings

ROOT = Path(__file__).parent.parent.parent
OURS = {name.upper() for name in Settings.model_fields}
SECRETS = {
    "SECRET_KEY": "k8Jw2vQx7LmZr4TnB6yHcF1sD9gAeU3p",
    "WECHAT_APP_ID": "wx5a1b2c3d4e5f6071",
    "WECHAT_APP_SECRET": "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "WECHAT_TOKEN": "r7Tq2Lx9Vb4N",
    "WECHAT_AES_KEY": "Zk3vT9bQm5LxR2wYc8NfH7jDpE4sGaU6iKoV1yBtXrM",
}
REGISTER = "企业名称,统一社会信用代码,所在省份,地区\n湖南稻花屿食品有限公司,91350100M000100Y43,湖南,长沙\n,,湖南,长沙\n"


@dataclass
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str, data_dir: Path, stdin: bytes = b"", **settings: str) -> Done:
    """A command in this process, with these settings and no others."""
    output, errors = io.StringIO(), io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(data_dir)  # where no .env is
        for name in OURS:
            patch.delenv(name, raising=False)
        for name, value in {"DATA_DIR": str(data_dir), **settings}.items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        with redirect_stdout(output), redirect_stderr(errors):
            try:
                main(arguments)
                code = 0
            except SystemExit as ended:
                code = int(ended.code or 0)
    root.handlers[:], root.level = handlers, level
    return Done(code, output.getvalue(), errors.getvalue())


def assert_mistake(done: Done, *words: str) -> None:
    """One line that says what is wrong, exit code 1, no trace."""
    said = done.stderr.strip()
    assert done.returncode == 1, said
    assert "Traceback" not in said
    lines = [line for line in said.splitlines() if "%|" not in line]
    assert len(lines) == 1, said
    assert lines[0].startswith("错误：")
    for word in words:
        assert word in lines[0]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with one firm."""
    folder = tmp_path_factory.mktemp("data")
    assert run("db", "upgrade", data_dir=folder).returncode == 0
    file = folder / "企业.csv"
    file.write_text(REGISTER, encoding="gb18030")
    done = run("import", "register", str(file), data_dir=folder)
    assert done.returncode == 0, done.stderr
    said = done.stdout
    assert "新增 1" in said
    assert "拒收 1" in said
    assert "100%" in done.stderr
    assert list((folder / "imports").glob("*.csv"))
    return folder


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


@pytest.mark.parametrize(
    "command",
    ["", "serve", "jobs", "demo", "db", "db upgrade", "import", "import register", "search", "menu", "menu push"],
)
def test_every_command_explains_itself(command: str, tmp_path: Path) -> None:
    done = run(*command.split(), "--help", data_dir=tmp_path)
    assert done.returncode == 0
    assert "--help" in done.stdout


def test_upgrading_twice_is_harmless(data_dir: Path) -> None:
    assert run("db", "upgrade", data_dir=data_dir).returncode == 0


def test_search_in_words_and_in_json(data_dir: Path) -> None:
    said = run("search", "稻花屿食品", data_dir=data_dir).stdout
    assert "请选择" in said
    assert "湖南稻花屿食品有限公司" in said
    answer = json.loads(run("search", "湖南稻花屿食品有限公司", "--json", data_dir=data_dir).stdout)
    assert answer["verdict"] == "match"
    assert answer["candidates"] == [
        {
            "name": "湖南稻花屿食品有限公司",
            "credit_code": "91350100M000100Y43",
            "region": "长沙",
            "score": 1.0,
        }
    ]


def test_a_batch_is_one_line_of_json_for_each_line(data_dir: Path) -> None:
    questions = "湖南稻花屿食品有限公司\n\n稻花屿\r\n乌鲁木齐胡杨谷物流运输股份有限公司\n".encode() + b"\xff\xfe\x00\n"
    done = run("search", "--json", "--batch", "-", data_dir=data_dir, stdin=questions)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    answers = [json.loads(line) for line in lines]
    assert [answer["verdict"] for answer in answers[:4]] == ["match", "none", "choose", "none"], answers
    assert len(answers) == 5
    assert all(set(answer) >= {"query", "verdict", "candidates", "ms"} for answer in answers)
    assert answers[2]["query"] == "稻花屿"


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("search", "--nonsense"), ("import", "register"), ("search",), ("search", "--batch", "没有的文件")],
)
def test_wrong_use_is_one_line(arguments: tuple[str, ...], data_dir: Path) -> None:
    assert_mistake(run(*arguments, data_dir=data_dir))


def test_what_is_not_ready_is_said(tmp_path: Path, taken_port: int) -> None:
    assert_mistake(run("search", "x", data_dir=tmp_path), "db upgrade")
    assert_mistake(run("serve", data_dir=tmp_path, **SECRETS), "db upgrade")
    assert_mistake(run("serve", data_dir=tmp_path, **SECRETS, PORT=str(taken_port)), str(taken_port), "占用")
    assert_mistake(run("demo", "--port", str(taken_port), data_dir=tmp_path), str(taken_port), "占用")
    below_a_file = tmp_path / "file"
    below_a_file.write_text("")
    assert_mistake(run("demo", "--port", "0", data_dir=tmp_path))
    assert_mistake(run("demo", "--folder", str(below_a_file / "demo"), data_dir=tmp_path), "文件夹")


@pytest.mark.parametrize("name", SECRETS)
def test_serving_without_a_secret_is_refused_by_name(name: str, tmp_path: Path) -> None:
    assert_mistake(run("serve", data_dir=tmp_path, **(SECRETS | {name: ""})), name)
    assert_mistake(run("jobs", data_dir=tmp_path, **(SECRETS | {name: ""})), name)


@pytest.mark.parametrize("content", [None, b"\x7fELF\x00\x01\x02" * 100, b"", b"a,b\n1,2\n", b"\x1f\x8bbroken"])
def test_files_that_are_no_register(content: bytes | None, data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "企业.csv"
    if content is not None:
        file.write_bytes(content)
    assert_mistake(run("import", "register", str(file), data_dir=data_dir), "企业.csv")


def test_the_menu_is_checked_and_a_dead_wechat_is_said(data_dir: Path) -> None:
    assert run("menu", "push", "--check", data_dir=data_dir).returncode == 0
    dead = {"WECHAT_API_URL": "http://127.0.0.1:9"}
    assert_mistake(run("menu", "push", data_dir=data_dir, **SECRETS, **dead))


@pytest.mark.parametrize(
    "url",
    [
        *("nonsense", "oracle://x", "mysql://x@127.0.0.1/x", "postgresql://127.0.0.1:port/x"),
        *("postgresql://nobody@127.0.0.1:9/none", "sqlite:////proc/none/x.db"),
    ],
)
def test_a_database_that_is_not_there_is_said(url: str, tmp_path: Path) -> None:
    assert_mistake(run("db", "upgrade", data_dir=tmp_path, DATABASE_URL=url))


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "chengxin.db").write_text("not a database, but long enough to be looked at" * 9)
    for command in (("db", "upgrade"), ("search", "x")):
        assert_mistake(run(*command, data_dir=tmp_path), "数据库不可用")


def test_a_broken_setting_is_named(tmp_path: Path) -> None:
    assert_mistake(run("db", "upgrade", data_dir=tmp_path, PORT="eighty"), "PORT")
    assert_mistake(run("serve", data_dir=tmp_path, **SECRETS, PORT="99999"), "PORT")
    assert_mistake(run("serve", data_dir=tmp_path, **SECRETS, HOST="nowhere.invalid"), "nowhere.invalid")
    assert_mistake(run("db", "upgrade", data_dir=tmp_path, PUBLIC_URL="bureau"), "PUBLIC_URL")


def test_settings_written_in_gbk_are_said(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("# 商务局\nPORT=8000\n".encode("gbk"))
    assert_mistake(run("db", "upgrade", data_dir=tmp_path), "UTF-8", ".env")


@pytest.mark.parametrize("text", ["", " ", "\udcff\udcfe", "a\x00b", "；DROP TABLE", "公" * 5000, "🙂", "--"])
def test_odd_questions_have_an_answer(text: str, data_dir: Path) -> None:
    done = run("search", "--json", "--", text, data_dir=data_dir)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["verdict"] in {"none", "choose"}
    assert json.loads(done.stdout)["query"] == text


def test_it_is_started_as_a_user_starts_it(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if name not in OURS}
    script = Path(sys.executable).with_name("chengxin")
    for command, code in (([str(script), "--help"], 0), ([sys.executable, "-m", "cli", "serve"], 1)):
        done = subprocess.run(
            command, cwd=ROOT, env=clean | {"DATA_DIR": str(tmp_path)}, capture_output=True, timeout=60, check=False
        )
        assert done.returncode == code
        assert b"Traceback" not in done.stderr
