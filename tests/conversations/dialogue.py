"""Dialogues as a bureau reads them: `>` what the citizen does, `<` what must be in the answer.

> 文字            writes          <  这几个字      the answer holds these words
> [一行]          taps a line     <! 这几个字      the answer does not hold them
> 语音 文字       speaks          <* 链接的地址    a link of the answer leads there
> 扫码 内容       scans
> 菜单 键         menu button
> 图片 3          sends three pictures; 视频, 录音 (nothing is recognised), 文件 likewise
> 位置 地方       sends a place
>> 文字           another citizen does it
@ 40              minutes pass
! 受理            an official acts on the case that was told last, or 电话登记 makes one (office.py)
= 已受理          the outbox is sent: these words reach the citizen; = alone: nothing does
{编号} {查询码}   what the phone showed last
# 标题            a new dialogue begins, with another citizen
"""

import itertools
import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.citizen import Citizen, plain

LONGEST, MOST_LINES = 600, 19
PRAISE = re.compile("信用良好|信用优|放心|没有问题|没问题|无不良|未发现|值得信|推荐|优质|清白")
OLD_WORD = "黑名单"
FILES = {"图片": "image", "视频": "shortvideo", "录音": "voice", "文件": "file"}
WITHOUT_MEDIA = ("file",)  # WeChat gives these no media_id
MEDIA = itertools.count(1)
# The only ways in which the old word may be said: what the list is called now.
ALLOWED = ("原“黑名单”现称“严重失信主体名单”", "严重失信主体名单（原“黑名单”）")


@dataclass
class Dialogue:
    """One conversation with its lines and where it stands."""

    title: str
    lines: list[tuple[int, str]] = field(default_factory=list)


def read_dialogues(path: Path) -> list[Dialogue]:
    """All dialogues of one file."""
    found: list[Dialogue] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            found.append(Dialogue(line.lstrip("# ")))
        elif line.strip():
            found[-1].lines.append((number, line.strip()))
    return found


def act(citizen: Citizen, said: str) -> str:
    """Do what a `>` line says; the answer as WeChat shows it."""
    if said.startswith("[") and said.endswith("]"):
        return citizen.taps(said[1:-1])
    verb, _, rest = said.partition(" ")
    if verb in FILES:
        return [send_file(citizen, FILES[verb]) for _ in range(int(rest or 1))][-1]
    if verb == "位置":
        return citizen.sends("location", Location_X="28.228209", Location_Y="112.938814", Scale="15", Label=rest)
    acts = {"语音": citizen.speaks, "扫码": citizen.scans, "菜单": citizen.clicks}
    return acts[verb](rest) if verb in acts else citizen.says(said)


def send_file(citizen: Citizen, kind: str) -> str:
    """A message with a file that WeChat keeps for three days."""
    return citizen.sends(kind, **({} if kind in WITHOUT_MEDIA else {"MediaId": f"media_{next(MEDIA)}"}))


def check_manners(shown: str) -> None:
    """What holds for every answer: short, no praise, the law's words."""
    words = plain(shown)
    assert words.strip(), "no answer"
    assert len(words) <= LONGEST, f"{len(words)} characters: {words}"
    assert words.count("\n") < MOST_LINES, words
    assert not PRAISE.search(words.replace("不是说信用好", "")), words
    rest = words
    for phrase in ALLOWED:
        rest = rest.replace(phrase, "")
    assert OLD_WORD not in rest, words
    assert "\n\n\n" not in words, words
    assert not re.search(r"\bNone\b|\{\{|\{%|Status\.|BlockState", words), words


def check_line(shown: str, line: str) -> None:
    """One `<` line."""
    if line.startswith("<*"):
        assert line[2:].strip() in shown
    elif line.startswith("<!"):
        assert line[2:].strip() not in plain(shown)
    else:
        assert line[1:].strip() in plain(shown)
