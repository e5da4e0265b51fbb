"""What is pasted from Word into an article: bold, headings, lists and links stay as marks, pictures are refused."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from models.database import Database
from models.role import Role
from services.campaigns.markup import to_html
from tests.browser.screens import sign_in
from tests.console import Clock, hire, make_console
from tests.serving import serve

pytestmark = pytest.mark.browser

PASTE = """([markup, plain]) => {
  const data = new DataTransfer();
  if (markup) data.setData('text/html', markup);
  if (plain) data.setData('text/plain', plain);
  if (!markup && !plain) data.items.add(new File(['x'], 'a.png', { type: 'image/png' }));
  const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
  return document.getElementById('body').dispatchEvent(event);
}"""

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{color:red}</style>
<!--[if gte mso 9]><xml><w:WordDocument></w:WordDocument></xml><![endif]--></head><body lang=ZH-CN>
<!--StartFragment-->
<h1 style='mso-margin-top-alt:auto'><span lang=EN-US>一、</span><b><span>总体情况</span></b></h1>
<p class=MsoNormal style='text-indent:21.0pt'>今年<b style='mso-bidi-font-weight:normal'>开展</b><b>活动</b>
12 场，<span style='color:red;font-weight:bold'> 参加 </span>860 人次。详见<a href="https://www.example.gov.cn/a?b=1">公告</a>、
<a href="javascript:alert(1)">这里</a>、<a name="_Toc1">目录</a>。<o:p></o:p></p>
<p class=MsoListParagraph style='margin-left:21.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Wingdings;mso-list:Ignore'>l<span style='font:7.0pt "Arial"'>&nbsp; </span></span>
<![endif]>进商场</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>l&nbsp;</span>进社区</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.&nbsp;</span>先查询</p>
<p class=MsoNormal><script>alert(2)</script><img src="file:///C:/a.png" onerror="alert(3)"><o:p>&nbsp;</o:p></p>
<table><tr><td><p>单位</p></td><td><p>场次</p></td></tr><tr><td>甲县</td><td>5</td></tr></table>
<!--EndFragment--></body></html>"""

MARKS = """# 一、总体情况

今年**开展活动** 12 场， **参加** 860 人次。详见[公告](https://www.example.gov.cn/a?b=1)、这里、目录。

- 进商场
- 进社区

1. 先查询

单位　场次

甲县　5"""


@pytest.fixture
def editor(chromium: Browser, sqlite: Database, tmp_path: Path) -> Iterator[Page]:
    """The editor of a new article."""
    clock = Clock(datetime(2026, 9, 20, 2, 0, tzinfo=UTC))
    hire(sqlite, clock.now, "xuanchuan", Role.CAMPAIGN)
    with serve(make_console(sqlite, tmp_path, clock)) as address:
        context = chromium.new_context(base_url=address, viewport={"width": 1280, "height": 900})
        page = context.new_page()
        sign_in(page, "xuanchuan")
        page.goto("/console/articles/new")
        yield page
        context.close()


def paste(page: Page, markup: str = "", plain: str = "") -> bool:
    """True: it is left to the browser."""
    return bool(page.evaluate(PASTE, [markup, plain]))


def test_words_of_word_become_marks_and_pictures_are_refused(editor: Page) -> None:
    assert not paste(editor, WORD, "一、总体情况")
    expect(editor.locator("#body")).to_have_value(MARKS)
    said = editor.locator("[data-pasted]")
    expect(said).to_contain_text("粘贴的内容里有 1 张图片，没有放进来")
    expect(said).to_contain_text("表格放进来成了一行一行的文字")
    shown = to_html(editor.locator("#body").input_value(), {})
    assert "<strong>开展活动</strong>" in shown
    assert "<ul><li>进商场</li><li>进社区</li></ul>" in shown
    assert "alert" not in shown


def test_a_page_is_pasted_where_the_caret_is(editor: Page) -> None:
    body = editor.locator("#body")
    body.fill("开头。结尾。")
    body.evaluate("field => field.setSelectionRange(3, 3)")
    assert not paste(editor, "也有<b>重点</b>。")
    expect(body).to_have_value("开头。也有**重点**。结尾。")
    body.evaluate("field => field.setSelectionRange(field.value.length, field.value.length)")
    nested = "<ol><li>甲<ul><li><p>乙</p></li></ul></li><li>丙</li></ol><blockquote><p>引文</p></blockquote><hr>尾"
    assert not paste(editor, nested)
    expect(body).to_have_value("开头。也有**重点**。结尾。\n\n1. 甲\n\n- 乙\n\n1. 丙\n\n> 引文\n\n---\n\n尾")


def test_plain_words_are_left_to_the_browser_and_a_picture_alone_is_refused(editor: Page) -> None:
    assert paste(editor, plain="只有文字")
    assert not paste(editor)
    expect(editor.locator("[data-pasted]")).to_contain_text("1 张图片，没有放进来")
    expect(editor.locator("#body")).to_have_value("")
