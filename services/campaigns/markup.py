"""The text of an article: a few marks that a clerk types, turned into blocks, turned into clean HTML; pure.

Empty line: new paragraph · `# ` heading · `- ` and `1. ` lists · `> ` quotation · `**bold**` ·
`[words](https://…)` or a bare address: link · `[图12]` alone on its line: picture number 12 · `---` line.
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

import nh3


class BlockKind(StrEnum):
    """What a block is."""

    PARAGRAPH = "p"
    HEADING = "h2"
    BULLETS = "ul"
    NUMBERS = "ol"
    QUOTE = "blockquote"
    PICTURE = "figure"
    RULE = "hr"


@dataclass(frozen=True)
class Block:
    """A block with its lines; `number` counts the blocks from 1, as a reader does."""

    kind: BlockKind
    lines: tuple[str, ...]
    number: int

    @property
    def picture(self) -> int:
        """The number of the picture; of PICTURE only."""
        return int(self.lines[0])


@dataclass(frozen=True)
class Shown:
    """A picture as it is put into the text."""

    address: str
    alt: str


PICTURE = re.compile(r"\[图\s*(\d{1,9})\]")
MARKS: tuple[tuple[BlockKind, re.Pattern[str]], ...] = (
    (BlockKind.PICTURE, re.compile(r"\[图\s*(\d{1,9})\]\s*")),
    (BlockKind.RULE, re.compile(r"(?:-{3,}|—{3,}|\*{3,})()\s*")),
    (BlockKind.HEADING, re.compile(r"[#＃]{1,3}\s*(\S.*)")),
    (BlockKind.BULLETS, re.compile(r"[-*•·]\s+(\S.*)")),
    (BlockKind.NUMBERS, re.compile(r"\d{1,2}(?:[.．]\s+|、)(\S.*)")),
    (BlockKind.QUOTE, re.compile(r"[>＞]\s*(\S.*)")),
)
ALONE = {BlockKind.PICTURE, BlockKind.RULE, BlockKind.HEADING}  # two of them never run together
ADDRESS = r"https?://[^\s<>\"'“”‘’（）()\[\]，。；、！？]+"
LINK = re.compile(rf"\[([^\[\]\n]{{1,80}})\]\(({ADDRESS})\)|({ADDRESS})")
BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
# Only what WeChat keeps and readers need: no script, style sheet, class, id, frame or form.
TAGS = {"p", "h2", "ul", "ol", "li", "blockquote", "figure", "figcaption", "hr", "strong", "a", "img", "br", "section"}
ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
# WeChat drops classes and keeps these; colours with enough contrast in its dark mode as well.
STYLES = {
    "section": "font-size:16px;line-height:1.75;",
    "p": "margin:0 0 1em;",
    "h2": "margin:1.4em 0 .6em;font-size:18px;font-weight:bold;",
    "ul": "margin:0 0 1em;padding-left:1.4em;",
    "ol": "margin:0 0 1em;padding-left:1.4em;",
    "blockquote": "margin:0 0 1em;padding:.6em 1em;border-left:4px solid #b8403a;",
    "figure": "margin:0 0 1em;text-align:center;",
    "img": "max-width:100%;height:auto;",
}


def read_blocks(body: str) -> list[Block]:
    """The text as blocks, in order."""
    marked: list[tuple[BlockKind, str, int]] = []
    group = 0
    for line in (line.strip() for line in body.splitlines()):
        if not line:
            group += 1
            continue
        kind, said = read_line(line)
        group += kind in ALONE or (bool(marked) and marked[-1][0] is not kind)
        marked.append((kind, said, group))
    runs = groupby(marked, key=lambda one: (one[2], one[0]))
    return [
        Block(kind, tuple(said for _, said, _ in lines), number) for number, ((_, kind), lines) in enumerate(runs, 1)
    ]


def read_line(line: str) -> tuple[BlockKind, str]:
    """What a line is, and its words without the mark."""
    for kind, mark in MARKS:
        if found := mark.fullmatch(line):
            return kind, found[1].strip()
    return BlockKind.PARAGRAPH, line


def plain_text(body: str) -> str:
    """The words alone: what is read aloud, searched and summed up."""
    blocks = (block for block in read_blocks(body) if block.kind not in {BlockKind.PICTURE, BlockKind.RULE})
    lines = (
        BOLD.sub(r"\1", LINK.sub(lambda found: found[1] or found[3], line)) for one in blocks for line in one.lines
    )
    return "\n".join(lines)


def find_links(body: str) -> list[str]:
    """All addresses, each once, in order."""
    return list(dict.fromkeys(found[2] or found[3] for found in LINK.finditer(body)))


def find_pictures(body: str) -> list[int]:
    """The numbers of the pictures in the text, each once."""
    return list(dict.fromkeys(block.picture for block in read_blocks(body) if block.kind is BlockKind.PICTURE))


def to_html(body: str, pictures: Mapping[int, Shown], *, opens_links: bool = True) -> str:
    """For our own pages, no styles. A picture that is not there is left out; WeChat opens no links."""
    link = show_link if opens_links else spell_link
    return clean("".join(show_block(block, pictures, link) for block in read_blocks(body)))


def to_wechat(body: str, pictures: Mapping[int, Shown], head: str = "") -> str:
    """For a draft: styles on the tags, addresses as words (WeChat's articles open none but its own).

    `head` is HTML that was made here and stands above the text: theme and logo of the campaign.
    """
    inner = head + "".join(show_block(block, pictures, spell_link) for block in read_blocks(body))
    cleaned = clean(f"<section>{inner}</section>")
    return re.sub(r"<(\w+)(?=[\s>])", lambda tag: tag[0] + style_of(tag[1]), cleaned)


def style_of(tag: str) -> str:
    """The style of a tag as an attribute."""
    return f' style="{STYLES[tag]}"' if tag in STYLES else ""


def clean(markup: str) -> str:
    """Nothing but harmless tags, whatever came before: the last hand on every article."""
    return nh3.clean(
        markup, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"http", "https"}, link_rel="noopener noreferrer nofollow"
    )


def show_block(block: Block, pictures: Mapping[int, Shown], link: Callable[[str, str], str]) -> str:
    """One block."""
    if block.kind is BlockKind.RULE:
        return "<hr>"
    if block.kind is BlockKind.PICTURE:
        return show_picture(pictures.get(block.picture))
    lines = [show_words(line, link) for line in block.lines]
    if block.kind in {BlockKind.BULLETS, BlockKind.NUMBERS}:
        inner = "".join(f"<li>{line}</li>" for line in lines)
    else:
        inner = "<br>".join(lines)
    return f"<{block.kind}>{inner}</{block.kind}>"


def show_picture(shown: Shown | None) -> str:
    """A picture with its words."""
    if shown is None:
        return ""
    return f'<figure><img src="{html.escape(shown.address)}" alt="{html.escape(shown.alt)}"></figure>'


def show_words(line: str, link: Callable[[str, str], str]) -> str:
    """Bold and links; everything else is only words."""
    return "".join(pieces(line, link))


def pieces(line: str, link: Callable[[str, str], str]) -> Iterator[str]:
    """The line cut at its links."""
    at = 0
    for found in LINK.finditer(line):
        yield embolden(line[at : found.start()])
        yield link(found[2] or found[3], found[1] or found[3])
        at = found.end()
    yield embolden(line[at:])


def embolden(words: str) -> str:
    """Escaped, with what stands between double asterisks in bold."""
    return BOLD.sub(r"<strong>\1</strong>", html.escape(words))


def show_link(address: str, words: str) -> str:
    """A link that opens."""
    return f'<a href="{html.escape(address)}">{html.escape(words)}</a>'


def spell_link(address: str, words: str) -> str:
    """A link as words."""
    said = words if words == address else f"{words}（{address}）"
    return html.escape(said)
