"""What WeChat delivers, understood: every message type and event becomes one `Inbound`."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property

from bot.xml import MessageError, read_fields
from services.photos.reading import Reading

QR_PREFIX = "qrscene_"
# Numbers that tell apart events of one second and lie deeper in the XML.
DEEP_IDS = ("PublishEventInfo/publish_id", "SubscribeMsgSentEvent/List/MsgID")
LATEST_SECOND = 253_402_214_400  # the end of the year 9999, less a day


class Kind(StrEnum):
    """MsgType."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    SHORTVIDEO = "shortvideo"
    LOCATION = "location"
    LINK = "link"
    FILE = "file"
    MINIPROGRAM = "miniprogrampage"
    EVENT = "event"
    OTHER = "other"  # a type that this program does not know


class Event(StrEnum):
    """Event in lower case: WeChat writes some in capitals."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"
    SCAN = "scan"
    LOCATION = "location"
    CLICK = "click"
    VIEW = "view"
    VIEW_MINIPROGRAM = "view_miniprogram"
    SCANCODE_PUSH = "scancode_push"
    SCANCODE_WAITMSG = "scancode_waitmsg"
    PIC_SYSPHOTO = "pic_sysphoto"
    PIC_PHOTO_OR_ALBUM = "pic_photo_or_album"
    PIC_WEIXIN = "pic_weixin"
    LOCATION_SELECT = "location_select"
    TEMPLATE_SENT = "templatesendjobfinish"
    MASS_SENT = "masssendjobfinish"
    PUBLISHED = "publishjobfinish"
    SUBSCRIBE_MSG_POPUP = "subscribe_msg_popup_event"
    SUBSCRIBE_MSG_CHANGE = "subscribe_msg_change_event"
    SUBSCRIBE_MSG_SENT = "subscribe_msg_sent_event"
    KF_CREATE_SESSION = "kf_create_session"
    KF_CLOSE_SESSION = "kf_close_session"
    KF_SWITCH_SESSION = "kf_switch_session"
    AUTHORIZATION_REVOKE = "user_authorization_revoke"
    AUTHORIZATION_CANCELLATION = "user_authorization_cancellation"
    INFO_MODIFIED = "user_info_modified"
    QUALIFICATION_SUCCESS = "qualification_verify_success"
    QUALIFICATION_FAIL = "qualification_verify_fail"
    NAMING_SUCCESS = "naming_verify_success"
    NAMING_FAIL = "naming_verify_fail"
    ANNUAL_RENEW = "annual_renew"
    VERIFY_EXPIRED = "verify_expired"
    OTHER = "other"  # an event that this program does not know


KINDS = {kind.value: kind for kind in Kind}
EVENTS = {event.value: event for event in Event}


@dataclass(frozen=True)
class Location:
    """A place a citizen sent."""

    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True)
class Inbound:
    """One message or event."""

    openid: str
    account: str
    kind: Kind
    created_at: datetime
    event: Event | None = None
    event_key: str = ""  # menu key, QR scene (without qrscene_) or address
    msg_id: str = ""
    content: str = ""  # text; a voice message's Recognition; what a scancode_* scan read
    menu_id: str = ""  # msgmenuid of the tapped line
    media_id: str = ""
    media_format: str = ""
    reading: Reading | None = None  # what the jobs process read in the photo
    location: Location | None = None
    # Every leaf as WeChat sent it (bot/xml.py), for what has no field here.
    fields: dict[str, str] = field(default_factory=dict, repr=False, hash=False)

    @cached_property
    def key(self) -> bytes:
        """SHA-256 that a retry shares: of MsgId, else of sender, second, event and its key."""
        if self.msg_id:
            parts = ["message", self.openid, self.msg_id]
        else:
            # TEMPLATESENDJOBFINISH and its like come many in a second, told apart by MsgID only.
            second = str(int(self.created_at.timestamp()))
            told = [self.fields.get(name, "") for name in ("Event", "EventKey", "MsgID")]
            told += [self.fields[name] for name in DEEP_IDS if name in self.fields]
            parts = ["event", self.openid, second, *told, self.content]
        return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).digest()

    @property
    def is_text(self) -> bool:
        """Words to be understood: written, or spoken and recognised by WeChat."""
        return self.kind is Kind.TEXT or (self.kind is Kind.VOICE and bool(self.content))

    @property
    def name(self) -> str:
        """For logs and counts: `text`, `event.click`."""
        return f"event.{self.event}" if self.event else self.kind.value


def parse_message(body: bytes) -> Inbound:
    """Read one decrypted body; MessageError for whatever is not a message of WeChat's."""
    fields = read_fields(body)
    for name in ("ToUserName", "FromUserName", "CreateTime", "MsgType"):
        if not fields.get(name, "").strip():
            raise MessageError(f"no {name}")
    kind = find_kind(fields["MsgType"].strip())
    event = find_event(fields.get("Event", "").strip()) if kind is Kind.EVENT else None
    return Inbound(
        openid=fields["FromUserName"].strip()[:128],
        account=fields["ToUserName"].strip()[:128],
        kind=kind,
        created_at=read_second(fields["CreateTime"]),
        event=event,
        event_key=fields.get("EventKey", "").strip().removeprefix(QR_PREFIX),
        msg_id=fields.get("MsgId", "").strip()[:64],
        content=read_content(kind, fields),
        menu_id=fields.get("bizmsgmenuid", "").strip(),
        media_id=fields.get("MediaId", "").strip(),
        media_format=fields.get("Format", "").strip(),
        location=read_location(fields),
        fields=fields,
    )


def find_kind(word: str) -> Kind:
    """MsgType; OTHER when unknown."""
    return KINDS.get(word, Kind.OTHER)


def find_event(word: str) -> Event:
    """Event, whatever its case; OTHER when unknown."""
    return EVENTS.get(word.lower(), Event.OTHER)


def read_second(text: str) -> datetime:
    """CreateTime, seconds since 1970."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or int(digits[:20]) > LATEST_SECOND:
        raise MessageError("CreateTime is not a time")
    return datetime.fromtimestamp(int(digits), UTC)


def read_content(kind: Kind, fields: dict[str, str]) -> str:
    """The words of the message: written, recognised or scanned."""
    if kind is Kind.TEXT:
        return fields.get("Content", "")
    if kind is Kind.VOICE:
        return fields.get("Recognition", "").strip()
    return fields.get("ScanCodeInfo/ScanResult", "").strip()


def read_location(fields: dict[str, str]) -> Location | None:
    """From a location message or the location_select button; None where it is not a place."""
    prefix = "SendLocationInfo/" if "SendLocationInfo/Location_X" in fields else ""
    if f"{prefix}Location_X" not in fields:
        return None
    try:
        latitude = float(fields[f"{prefix}Location_X"])
        longitude = float(fields[f"{prefix}Location_Y"])
    except (KeyError, ValueError):
        return None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    return Location(latitude, longitude, fields.get(f"{prefix}Label", ""))
