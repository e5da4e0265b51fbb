"""What strangers can send to, as functions of bytes: each may refuse in its own words and do nothing else."""

import io
import re
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from urllib.parse import parse_qsl

from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from bot.opening import Opener, RefusedError
from bot.spool import Delivery
from config.cases import load_case_rules
from config.settings import WechatMode
from models.importing import ImportKind
from models.vault import Vault
from services.campaigns.markup import to_html
from services.credit.answer_numbers import find_answer_number, find_code, parse_answer_number, tidy_check_code
from services.enterprises.asking import read_licence, read_names, strip_sentence
from services.enterprises.codes import corrections, find_codes
from services.enterprises.features import read_question
from services.enterprises.names import normalise
from services.enterprises.sheets import open_sheets
from services.errors import UserError
from services.evidence.kinds import recognise
from services.evidence.trouble import EvidenceError
from services.hotline.batch import read_order
from services.hotline.messages import Order, Status
from services.hotline.signing import Call, Credentials, SignatureError, check_headers
from services.imports.entries import Sheetwide
from services.imports.reading import open_sheet
from services.imports.understanding import understand
from services.imports.unfolding import TroubleError, check_package
from services.photos.licence import understand as understand_photo
from services.photos.lines import Line
from services.privacy import find_personal, mask_places
from tests.citizen import make_settings
from web.h5.complaints_form import find_form_faults, make_filing, propose_category, read_fields
from web.h5.visits import open_visit

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)
SAFE, PLAIN = (Opener(make_settings(wechat_mode=mode)) for mode in (WechatMode.SAFE, WechatMode.PLAIN))
VAULT = Vault("the fuzzer's own key of more than thirty-two characters")
CREDENTIALS = Credentials("hotline-fuzz", "9c1f7be35a2d4860b1c3e5f7a9d2c4e6")
RULES = load_case_rules()
FORBIDDEN = re.compile(
    r"<\s*(script|iframe|object|style|svg|img[^>]+on)|<[^>]+\son\w+\s*=|href=\"\s*javascript:", re.IGNORECASE
)
MOST_ROWS = 50


def words_of(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def signed_query(opener: Opener) -> dict[str, str]:
    """As WeChat signs the address; freshness has tests of its own."""
    return {"timestamp": "1795170000", "nonce": "7", "signature": opener.envelope.sign("1795170000", "7")}


def open_signed(data: bytes) -> None:
    """The body in an envelope that is genuine: only WeChat could send it."""
    sealed = SAFE.envelope.seal(data, 1795170000)
    query = signed_query(SAFE) | {"encrypt_type": "aes"}
    query["msg_signature"] = SAFE.envelope.sign(query["timestamp"], query["nonce"], sealed.encrypt)
    SAFE.open(Delivery(query, f"<xml><Encrypt>{sealed.encrypt}</Encrypt></xml>".encode(), NOW), None)


def open_envelope(data: bytes) -> None:
    """The outer body, signed whatever it holds."""
    found = re.search(rb"<Encrypt>(?:<!\[CDATA\[)?([^<\]]*)", data)
    query = signed_query(SAFE) | {"encrypt_type": "aes"}
    encrypt = found[1].decode("latin-1").strip() if found else ""
    query["msg_signature"] = SAFE.envelope.sign(query["timestamp"], query["nonce"], encrypt)
    SAFE.open(Delivery(query, data, NOW), None)


def open_plain(data: bytes) -> None:
    """The body of an account without encryption."""
    PLAIN.open(Delivery(signed_query(PLAIN), data, NOW), None)


def read_records(data: bytes) -> None:
    """A sheet of records as text, understood row by row."""
    kind = list(ImportKind)[data[0] % len(ImportKind) if data else 0]
    with open_sheet(io.BytesIO(data[1:]), "x.csv", kind) as sheet:
        wide = Sheetwide(kind, TODAY, sheet.columns.units)
        for number, cells in islice(sheet.rows, MOST_ROWS):
            places = sheet.columns.places
            understand(number, {one: cells[at] for one, at in places.items() if at < len(cells)}, wide)


def read_register(data: bytes) -> None:
    """A register as text."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(data)
        file.flush()
        with open_sheets(Path(file.name)) as sheets:
            for sheet in sheets:
                list(islice(sheet.rows, MOST_ROWS))


def read_form(data: bytes) -> None:
    """A complaint's form as a browser sends it."""
    content = read_fields(MultiDict(parse_qsl(words_of(data), keep_blank_values=True)))
    make_filing(content)
    propose_category(content, RULES, find_form_faults(content, RULES, TODAY))


def read_order_json(data: bytes) -> None:
    """What the hotline posts."""
    for kind in (Order, Status):
        try:
            kind.model_validate_json(data)
        except ValidationError:
            continue


def read_callback(data: bytes) -> None:
    """Cookies, tokens, numbers and signatures that come back to us."""
    text = words_of(data)
    open_visit(VAULT, text)
    parse_answer_number(text)
    find_answer_number(text)
    find_code(text)
    tidy_check_code(text)
    parts = (*data.decode("latin-1").split("\n"), "", "", "", "")
    headers = dict(zip(("X-App-Id", "X-Timestamp", "X-Nonce", "X-Signature"), parts, strict=False))
    check_headers(CREDENTIALS, headers, Call("POST", "/api/hotline/orders", data), NOW)


def read_words(data: bytes) -> None:
    """What a citizen writes, before anything is looked up."""
    text = words_of(data)[:2000]
    read_names(text)
    read_licence(text)
    read_question(normalise(strip_sentence(text)))
    for code in find_codes(text):
        corrections(code)
    find_personal(text)
    mask_places(text)


def read_photo_words(data: bytes) -> None:
    """Lines that the reading of a photo came to, anywhere on it."""
    lines = []
    for number, text in enumerate(words_of(data).split("\n")[:40]):
        left, top = float(sum(text.encode()[:3])), float(number * 30 + len(text))
        box = ((left, top), (left + 200, top), (left + 200, top + 20), (left, top + 20))
        lines.append(Line(text, 0.9, box))
    understand_photo(lines, words_of(data).split("\n")[:2])


def show_article(data: bytes) -> None:
    """A body as clerks and associations write it becomes HTML that does nothing."""
    shown = to_html(words_of(data), {})
    if FORBIDDEN.search(shown):
        raise AssertionError(shown)


def read_order_row(data: bytes) -> None:
    """A row of the hotline's file."""
    cells = words_of(data).split("\t")
    read_order(dict(zip(cells[::2], cells[1::2], strict=False)))


MESSAGE = (
    b"<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName><CreateTime>1795170000"
    b"</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[SCAN]]></Event><EventKey>qrscene_1</EventKey>"
    b"<ScanCodeInfo><ScanResult><![CDATA[x]]></ScanResult></ScanCodeInfo><MsgId>7</MsgId></xml>"
)
SEEDS: dict[str, tuple[bytes, ...]] = {
    "signed body": (MESSAGE, MESSAGE.replace(b"event", b"text").replace(b"Event>", b"Content>")),
    "plain body": (MESSAGE,),
    "envelope": (b"<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[AAAA]]></Encrypt></xml>",),
    "records sheet": (
        "\x00行政相对人名称,统一社会信用代码,决定书文号,违法事实,罚款金额,处罚决定日期\n甲公司,91430100MA4L1234XJ,〔2026〕1号,x,"
        "1.5,2026/1/2\n".encode(),
        "\x01行政相对人名称\t许可证书名称\t许可决定日期\t有效期至\n甲公司\t证\t二〇二六年一月二日\t长期\n".encode(
            "gb18030"
        ),
    ),
    "register": ("企业名称,统一社会信用代码,成立日期,地址\n甲公司,91430100MA4L1234XJ,2020-1-2,长沙\n".encode(),),
    "evidence": (b"\xff\xd8\xff\xe0", b"%PDF-1.7\n%%EOF", b"\x00\x00\x00\x18ftypheic", b"RIFF    WAVE", b"PK\x03\x04"),
    "form": (
        "kind=complaint&facts=充了2000元&amount=一千二&happened_on=上周五&shown=requests&requests=refund".encode(),
    ),
    "hotline JSON": (
        '{"source_no":"H1","kind":"report","received_at":"2026-11-20T09:58:00+08:00","appeal_content":"x",'
        '"respondent":{"name":"甲"}}'.encode(),
        b'{"source_no":"","remote_no":"H1","status":"accepted","occurred_at":"2026-11-20T10:00:00+08:00"}',
    ),
    "hotline row": (
        "工单编号\tH1\t诉求类型\t投诉\t受理时间\t2026-11-20 9:58\t诉求内容\tx\t办理时限\t2026/12/1".encode(),
    ),
    "callbacks": (
        b"hotline-fuzz\n1795170000\n0123456789abcdef\n" + b"0" * 64,
        b"CX20261120430100000007441 AK7-QM2-XZP",
    ),
    "words": ("请问一下湖南稻花屿食品有限公司靠谱吗 91430100MA4L1234XJ 张三13800138000".encode(),),
    "words of a photo": (
        "营业执照\n统一社会信用代码\n91430100MA4L1234XJ\n名称 甲有限公司\n类型 有限责任公司".encode(),
    ),
    "article": ("# 题\n\n**粗** [链](https://a.cn) ![](7)\n- 一\n> 引\n".encode(),),
}

Door = Callable[[bytes], object]
DOORS: dict[str, tuple[Door, tuple[type[Exception], ...]]] = {
    "signed body": (open_signed, (RefusedError,)),
    "envelope": (open_envelope, (RefusedError,)),
    "plain body": (open_plain, (RefusedError,)),
    "records sheet": (read_records, (UserError,)),
    "register": (read_register, (UserError,)),
    "workbook package": (lambda data: check_package(b"PK\x03\x04" + data), (TroubleError,)),
    "evidence": (recognise, (EvidenceError,)),
    "form": (read_form, ()),
    "hotline JSON": (read_order_json, ()),
    "hotline row": (read_order_row, (UserError, ValidationError)),
    "callbacks": (read_callback, (SignatureError,)),
    "words": (read_words, ()),
    "words of a photo": (read_photo_words, ()),
    "article": (show_article, ()),
}


def knock(name: str, data: bytes) -> bool:
    """Whether it was taken; whatever is raised but the door's own refusals is a fault."""
    door, refusals = DOORS[name]
    try:
        door(data)
    except refusals:
        return False
    return True
