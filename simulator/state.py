"""Everything an account remembers, as plain models that can be written to one JSON file."""

from typing import Any, Literal

from pydantic import BaseModel, Field

Json = dict[str, Any]


class Entry(BaseModel):
    """One thing seen on a phone: a bubble, a card or a grey line."""

    seq: int
    at: float
    side: Literal["user", "account", "system"]
    kind: str
    data: Json = {}
    delivery: int | None = None
    call: int | None = None


class Window(BaseModel):
    """A permission to send customer-service messages: so many, until then."""

    until: float = 0.0
    left: int = 0


class Grant(BaseModel):
    """What a user said to one subscription notice."""

    accepted: int = 0
    refused: bool = False


class User(BaseModel):
    """A person with a phone."""

    openid: str
    name: str
    followed: bool = False
    followed_at: int = 0
    subscribe_scene: str = "ADD_SCENE_SEARCH"
    qr_scene: str = ""
    remark: str = ""
    tags: list[int] = []
    message_window: Window = Field(default_factory=Window)
    action_window: Window = Field(default_factory=Window)
    grants: dict[str, Grant] = {}
    mass_received: dict[str, int] = {}
    typing: bool = False
    chat: list[Entry] = []


class AccessToken(BaseModel):
    """One token given out; the two kinds do not know each other."""

    value: str
    kind: Literal["normal", "stable"]
    expires_at: float
    replaced: bool = False


class OAuthCode(BaseModel):
    """A code of the web authorisation, for one use within five minutes."""

    openid: str
    scope: str
    created_at: float
    used: bool = False


class OAuthToken(BaseModel):
    """A page token, which is not the API token."""

    openid: str
    scope: str
    refresh_token: str
    expires_at: float
    refresh_until: float
    snapshot: bool = False


class Template(BaseModel):
    """A template message or a subscription notice the account has added."""

    template_id: str
    title: str
    content: str
    kind: Literal["template", "once", "long"] = "template"


class Article(BaseModel):
    """A draft or a published article: the same content at two stages."""

    media_id: str
    items: list[Json]
    updated_at: int
    publish_id: str = ""
    article_id: str = ""
    status: int = -1
    mass_sent: bool = False
    data_id: int = 0
    readers: dict[str, list[list[str]]] = {}  # by day: who read each article


class MassJob(BaseModel):
    """A mass send, from the accepted call to its result."""

    msg_id: int
    client_msg_id: str
    sent_at: float
    openids: list[str]
    to_all: bool
    message: Json
    status: str = "SENDING"
    call: int | None = None


class QrCode(BaseModel):
    """A parametric QR code."""

    ticket: str
    scene: str
    expires_at: float | None = None


class Switches(BaseModel):
    """What can be changed while the simulator runs."""

    wait_seconds: float = 5.0
    tries: int = Field(default=3, ge=1, le=4)
    event_delay: float = 0.5
    speech_recognition: bool = True
    mass_protection: bool = False
    mass_status: str = "send success"
    snapshot_user: bool = False
    ip_whitelist: list[str] = []
    daily_limits: dict[str, int] = {}


class State(BaseModel):
    """The whole memory of the simulated account."""

    seq: int = 0
    shift: float = 0.0
    switches: Switches = Field(default_factory=Switches)
    users: dict[str, User] = {}
    menu: Json | None = None
    tokens: list[AccessToken] = []
    ticket: AccessToken | None = None
    force_refreshed_at: float = 0.0
    calls_today: dict[str, int] = {}
    calls_day: str = ""
    calls_this_minute: dict[str, int] = {}
    calls_minute: int = 0
    tags: dict[int, str] = {2: "星标组"}
    templates: dict[str, Template] = {}
    sent_templates: dict[str, tuple[float, int]] = {}
    articles: dict[str, Article] = {}
    mass_jobs: dict[int, MassJob] = {}
    qrcodes: dict[str, QrCode] = {}
    codes: dict[str, OAuthCode] = {}
    page_tokens: dict[str, OAuthToken] = {}
    counters: dict[str, int] = {}
