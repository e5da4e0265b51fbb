"""`chengxin staff` and `chengxin audit` as their user starts them."""

import re
import sqlite3
from pathlib import Path

import pytest

from tests.cli.test_cli import SECRETS, Done, assert_mistake, run

ADD = ("staff", "add", "guanli", "--name", "刘伟", "--role", "系统管理员")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert run("db", "upgrade", data_dir=tmp_path, **SECRETS).returncode == 0
    return tmp_path


def do(folder: Path, *arguments: str, stdin: str = "") -> Done:
    return run(*arguments, data_dir=folder, stdin=stdin.encode(), **SECRETS)


def test_the_first_account_gets_a_one_time_password(folder: Path) -> None:
    assert "还没有账号" in do(folder, "staff", "list").stdout
    done = do(folder, *ADD)
    assert done.returncode == 0
    assert re.search(r"一次性密码  (\w{4}-){3}\w{4}\n", done.stdout)
    assert re.search(
        r"^guanli\t刘伟\t系统管理员\t—\t待设密码\t还没有登录过$", do(folder, "staff", "list").stdout, re.MULTILINE
    )


def test_a_password_may_be_typed(folder: Path) -> None:
    typed = "海带 灯塔 第七排 铜扣\n" * 2
    done = do(folder, *ADD, "--ask", stdin=typed)
    assert done.returncode == 0, done.stderr
    assert "一次性" not in done.stdout
    assert "海带" not in done.stdout
    assert "\t正常\t" in do(folder, "staff", "list").stdout
    weak = do(folder, "staff", "add", "other", "--name", "甲", "--role", "auditor", "--ask", stdin="password1234\n" * 2)
    assert weak.returncode == 1
    assert weak.stderr.splitlines()[-1].startswith("错误：这个密码太常见")  # after the prompts


def test_an_account_is_disabled_enabled_and_reset_with_a_reason(folder: Path) -> None:
    do(folder, *ADD)
    do(folder, "staff", "add", "zhangmin", "--name", "张敏", "--role", "受理员", "--role", "承办人", "--unit", "商贸处")
    assert do(folder, "staff", "disable", "zhangmin", "--reason", "离职").returncode == 0
    assert "\t已停用\t" in do(folder, "staff", "list").stdout
    assert do(folder, "staff", "enable", "zhangmin", "--reason", "回来了").returncode == 0
    assert "一次性密码" in do(folder, "staff", "reset", "zhangmin", "--reason", "忘了").stdout
    assert "共 5 条" in do(folder, "audit", "verify").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("staff", "add", "guanli", "--name", "乙", "--role", "受理员"), "已有人使用"),
        (("staff", "add", "1", "--name", "乙", "--role", "受理员"), "登录名须以字母开头"),
        (("staff", "add", "yi1", "--name", "乙", "--role", "皇帝"), "可用：受理员"),
        (("staff", "add", "yi1", "--name", "乙", "--role", "审计员", "--role", "承办人"), "不能同时是"),
        (("staff", "disable", "guanli", "--reason", "离职"), "最后一位系统管理员"),
        (("staff", "disable", "nobody", "--reason", "离职"), "staff list"),
        (("staff", "reset", "guanli", "--reason", " "), "请写明原因"),
        (("audit", "verify", "--anchor", "x"), "--anchor"),
    ],
)
def test_mistakes_are_one_line(folder: Path, arguments: tuple[str, ...], words: str) -> None:
    do(folder, *ADD)
    assert_mistake(do(folder, *arguments), words)


def test_an_old_beginning_of_the_log_is_cut_off_by_a_command(folder: Path) -> None:
    do(folder, *ADD)
    done = do(folder, "audit", "cut", "--yes")
    assert (done.returncode, "没有超过 3 年的操作记录" in done.stdout) == (0, True)
    assert do(folder, "audit", "cut", "--years", "1", "--yes").returncode != 0, "shorter than the law wants"


def test_the_log_is_proved_and_its_end_can_be_noted(folder: Path) -> None:
    for command in (ADD, ("staff", "add", "shenji", "--name", "陈静", "--role", "审计员")):
        do(folder, *command)
    done = do(folder, "audit", "verify")
    anchor = re.search(r"核对：(2:[0-9a-f]{32})", done.stdout)
    assert anchor
    assert do(folder, "audit", "verify", "--anchor", anchor[1]).returncode == 0
    assert_mistake(do(folder, "audit", "verify", "--anchor", "2:" + "0" * 32), "已不在原处")
    with sqlite3.connect(folder / "chengxin.db") as database:
        database.execute("DROP TRIGGER audit_entries_no_update")
        database.execute("UPDATE audit_entries SET actor = '别人' WHERE number = 1")
    assert_mistake(do(folder, "audit", "verify"), "第 1 条", "被改动过")
