"""Our envelope and parser: fixed vectors, and the same answers as wechatpy on generated messages."""

import base64
import random
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from wechatpy import parse_message as wechatpy_parse
from wechatpy.crypto import WeChatCrypto

from bot.crypto import Envelope, EnvelopeError, decode_key
from bot.messages import Event, Inbound, Kind, parse_message
from bot.replies import MAX_BYTES, Image, News, Text, fit, render_reply, restore_reply, store_reply, to_customer_service
from bot.xml import MessageError
from tests.citizen import read_xml, sign

TOKEN, APP_ID = "r7Tq2Lx9Vb4N", "wx5a1b2c3d4e5f6071"
KEY = "Zk3vT9bQm5LxR2wYc8NfH7jDpE4sGaU6iKoV1yBtXrM"
OTHER_KEY = "Q" + "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF"[:42]
OURS = Envelope(TOKEN, APP_ID, [KEY])
THEIRS = WeChatCrypto(TOKEN, KEY, APP_ID)
QUICK = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])

anything = st.text(st.characters(codec="utf-8"), max_size=300)
xml_text = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"),
    max_size=300,
)


def test_signature_vector() -> None:
    # sha1 of the sorted parts, computed by hand with coreutils' sha1sum.
    envelope = Envelope("weixin", APP_ID, [])
    assert envelope.sign("1409304348", "xxxxxx") == sign("weixin", "1409304348", "xxxxxx")
    assert Envelope("b", APP_ID, []).sign("c", "a") == "a9993e364706816aba3e25717850c26c9cd0d89d"  # sha1("abc")
    assert envelope.is_signed(envelope.sign("1", "2"), "1", "2")
    for wrong in ("", "é", envelope.sign("1", "2").upper(), envelope.sign("1", "3")):
        assert not envelope.is_signed(wrong, "1", "2")


@pytest.mark.parametrize("length", range(70))
def test_every_length_of_padding(length: int) -> None:
    message = b"x" * length
    sealed = OURS.seal(message, 1_700_000_000)
    assert OURS.open(sealed.encrypt) == message
    assert OURS.is_signed(sealed.signature, sealed.timestamp, sealed.nonce, sealed.encrypt)
    theirs = THEIRS.decrypt_message(sealed.render(), sealed.signature, sealed.timestamp, sealed.nonce)
    assert theirs == message.decode()


@QUICK
@given(anything.filter(bool))
@example("]]>")
@example("😀\u202e\u0000")
def test_what_wechatpy_seals_we_open(message: str) -> None:
    outer = read_xml(THEIRS.encrypt_message(message, "nonce", "1700000000"))
    assert OURS.open(outer.findtext("Encrypt") or "").decode() == message


@QUICK
@given(st.binary(max_size=200))
def test_bytes_that_are_no_envelope_are_refused(garbage: bytes) -> None:
    with pytest.raises(EnvelopeError):
        OURS.open(base64.b64encode(garbage).decode())
    with pytest.raises(EnvelopeError):
        OURS.open(garbage.decode("latin-1"))


@QUICK
@given(st.integers(0, 127), st.integers(1, 255))
def test_a_flipped_bit_never_gives_another_account(position: int, flip: int) -> None:
    sealed = bytearray(base64.b64decode(OURS.seal(b"m" * 80, 1).encrypt))
    sealed[position] ^= flip
    try:
        OURS.open(base64.b64encode(bytes(sealed)).decode())
    except EnvelopeError:
        return  # the AppID or the padding was hit; the signature protects the rest


def test_keys() -> None:
    both = Envelope(TOKEN, APP_ID, [OTHER_KEY, KEY])
    assert both.open(OURS.seal(b"old", 1).encrypt) == b"old"
    with pytest.raises(EnvelopeError):
        OURS.open(both.seal(b"new", 1).encrypt)
    with pytest.raises(EnvelopeError, match="no key"):
        Envelope(TOKEN, APP_ID, []).open(OURS.seal(b"x", 1).encrypt)
    with pytest.raises(EnvelopeError, match="AppID"):
        Envelope(TOKEN, "wxother", [KEY]).open(OURS.seal(b"x", 1).encrypt)
    for bad in ("", "short", "!" * 43):
        with pytest.raises(ValueError, match="43"):
            decode_key(bad)


def write(kind: str, leaves: dict[str, str], inner: str = "") -> str:
    fields = {"ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": "1700000000", "MsgType": kind} | leaves
    return "<xml>" + "".join(f"<{k}>{escape(v)}</{k}>" for k, v in fields.items()) + inner + "</xml>"


def read(kind: str, leaves: dict[str, str], inner: str = "") -> Inbound:
    return parse_message(write(kind, leaves, inner).encode())


@QUICK
@given(xml_text.filter(str.strip), st.integers(1, 2**63))
def test_texts_read_as_wechatpy_reads_them(content: str, msg_id: int) -> None:
    body = write("text", {"Content": content.strip(), "MsgId": str(msg_id)})
    ours, theirs = parse_message(body.encode()), wechatpy_parse(body)
    assert (ours.content, ours.msg_id, ours.openid) == (theirs.content, str(theirs.id), theirs.source)
    assert ours.created_at.timestamp() == 1_700_000_000


def test_thousands_of_messages_read_as_wechatpy_reads_them() -> None:
    dice = random.Random(5)
    for number in range(3_000):
        kind = dice.choice(["text", "image", "voice", "link", "location", "CLICK", "subscribe", "SCAN", "VIEW"])
        extra = {
            "MsgId": str(dice.getrandbits(63)),
            "Content": "".join(dice.choices("公司查询<>&]]😀 aZ1。", k=20)).strip() or "x",
            "MediaId": f"media{number}",
            "Recognition": "湘江源",
            "Format": "amr",
            "EventKey": dice.choice(["help", "qrscene_3", "scene"]),
            "Location_X": "28.2",
            "Location_Y": "112.9",
            "Label": "长沙",
            "Ticket": "t",
        }
        is_event = kind not in {"text", "image", "voice", "link", "location"}
        leaves = {"Event": kind} | extra if is_event else extra
        body = write("event" if is_event else kind, leaves)
        ours, theirs = parse_message(body.encode()), wechatpy_parse(body)
        assert (ours.openid, ours.account) == (theirs.source, theirs.target)
        if kind == "text":
            assert ours.content == theirs.content
        elif kind == "voice":
            assert (ours.media_id, ours.content) == (theirs.media_id, theirs.recognition)
        elif kind == "location":
            assert ours.location
            assert str(ours.location.latitude) == theirs.location_x
        elif kind == "CLICK":
            assert (ours.event, ours.event_key) == (Event.CLICK, theirs.key.removeprefix("qrscene_"))
        elif kind == "SCAN":
            assert (ours.event, ours.event_key) == (Event.SCAN, theirs.scene_id.removeprefix("qrscene_"))
        elif kind == "subscribe":
            assert ours.event is Event.SUBSCRIBE


@QUICK
@given(st.binary(max_size=400))
@example(b'<?xml version="1.0" encoding="utf-16"?><xml/>')
@example(b"<xml><a><b/></a></xml>")
def test_any_bytes_are_a_message_or_refused(body: bytes) -> None:
    with pytest.raises(MessageError):
        parse_message(body)


EVENTS = [event for event in Event if event is not Event.OTHER]


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_of_the_contract_is_known(event: Event) -> None:
    for spelling in (event.value, event.value.upper()):
        message = read("event", {"Event": spelling, "EventKey": "k"})
        assert (message.kind, message.event, message.name) == (Kind.EVENT, event, f"event.{event}")
        assert len(message.name) <= 40, "fits received.kind"


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in {Kind.EVENT, Kind.OTHER}])
def test_every_type_of_the_contract_is_known(kind: Kind) -> None:
    assert read(kind.value, {"MsgId": "1"}).kind is kind


def test_fields_that_wechatpy_drops() -> None:
    tapped = read("text", {"Content": "1", "bizmsgmenuid": "pick:7", "MsgId": "1", "MsgDataId": "5", "Idx": "1"})
    assert (tapped.menu_id, tapped.fields["MsgDataId"]) == ("pick:7", "5")
    scanned = read(
        "event",
        {"Event": "scancode_waitmsg", "EventKey": "s"},
        "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>https://x/?a=1&amp;b=2</ScanResult></ScanCodeInfo>",
    )
    assert scanned.content == "https://x/?a=1&b=2"
    place = "<SendLocationInfo><Location_X>23</Location_X><Location_Y>113</Location_Y></SendLocationInfo>"
    assert read("event", {"Event": "location_select"}, place).location is not None
    item = "<List><TemplateId>{}</TemplateId></List>"
    popup = f"<SubscribeMsgPopupEvent>{item.format('a')}{item.format('b')}</SubscribeMsgPopupEvent>"
    lists = read("event", {"Event": "subscribe_msg_popup_event"}, popup).fields
    assert [lists[f"SubscribeMsgPopupEvent/List{n}/TemplateId"] for n in ("", "[1]")] == ["a", "b"]
    assert read("event", {"Event": "subscribe", "EventKey": "qrscene_42"}).event_key == "42"
    assert not read("voice", {"MediaId": "m", "MsgId": "1"}).is_text
    assert read("location", {"Location_X": "91", "Location_Y": "0", "MsgId": "1"}).location is None
    assert read("text", {"Content": "x", "MsgId": ""}).msg_id == ""


def test_keys_tell_messages_apart() -> None:
    def key(kind: str = "event", **leaves: str) -> bytes:
        return read(kind, leaves).key

    assert key("text", MsgId="1", Content="a") == key("text", MsgId="1", Content="b")
    assert key("text", MsgId="1") != key("text", MsgId="2")
    different = {
        key(Event="CLICK", EventKey="a"),
        key(Event="CLICK", EventKey="b"),
        key(Event="VIEW", EventKey="a"),
        key(Event="CLICK", EventKey="a", CreateTime="1700000001"),
        key(Event="CLICK", EventKey="a", FromUserName="o2"),
        key(Event="TEMPLATESENDJOBFINISH", MsgID="1"),
        key(Event="TEMPLATESENDJOBFINISH", MsgID="2"),
    }
    assert len(different) == 7


@QUICK
@given(st.text(max_size=1200))
@example("a]]>b]]]]>>")
@example("\ud800\x00\x1f\ufffe")
@example("汉" * 700)
@example("😀" * 600)
def test_any_reply_is_xml_of_at_most_2048_bytes(text: str) -> None:
    rendered = render_reply(Text(text, "https://bureau.example.gov.cn/h5"), "o]]>", "gh", 1)
    fields = read_xml(rendered)
    content = fields.findtext("Content") or ""
    assert len(content.encode()) <= MAX_BYTES
    assert fields.findtext("ToUserName") == "o]]>"
    wanted = fit(text, "https://bureau.example.gov.cn/h5").replace("\r\n", "\n").replace("\r", "\n")
    assert content == wanted


def test_what_does_not_fit_stands_behind_a_link() -> None:
    line = '<a href="https://bureau.example.gov.cn/very/long/address/of/a/page">一家企业的名称</a>\n'
    for words in range(30):
        cut = fit("字" * words + line * 40, "https://b/more")
        assert 1_900 < len(cut.encode()) <= MAX_BYTES
        assert cut.count("<a ") == cut.count("</a>")
        assert cut.endswith('<a href="https://b/more">查看全部</a>')
    assert fit("字" * 683).endswith("字…")
    assert fit("字" * 682) == "字" * 682
    assert "�" not in fit("a" + "😀" * 600)


@pytest.mark.parametrize(
    "reply", [Text("x", "y"), News("题]]>", "说", "https://u", "https://p"), Image("M1"), Text("\ud83d")]
)
def test_replies_are_stored_and_rendered(reply: Text | News | Image) -> None:
    assert restore_reply(store_reply(reply)) == reply
    fields = read_xml(render_reply(reply, "o", "gh", 5))
    assert fields.findtext("MsgType") == type(reply).__name__.lower()
    assert to_customer_service(reply)["msgtype"] == fields.findtext("MsgType")


def test_one_article_only() -> None:
    fields = read_xml(render_reply(News("题]]>", "说", "https://u?a=1&b=2"), "o", "gh", 5))
    assert fields.findtext("ArticleCount") == "1"
    assert [item.findtext("Title") for item in fields.iter("item")] == ["题]]>"]
    assert [item.findtext("Url") for item in fields.iter("item")] == ["https://u?a=1&b=2"]
