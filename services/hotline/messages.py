"""The messages of the exchange and what they may hold; our OpenAPI description is printed from them."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from models.case_words import CaseKind, Urgency

Text = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00]*$")]
Line = Annotated[Text, StringConstraints(max_length=200)]
Short = Annotated[Text, StringConstraints(max_length=64)]
Long = Annotated[Text, StringConstraints(max_length=8000)]
Number = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


class Message(BaseModel):
    """A message of the exchange; fields that we do not know are passed over, so that the other side may grow."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Respondent(Message):
    """被反映单位."""

    name: Line = ""
    uscc: Annotated[Text, StringConstraints(max_length=18)] = ""
    address: Annotated[Text, StringConstraints(max_length=300)] = ""
    phone: Annotated[Text, StringConstraints(max_length=40)] = ""


class Appellant(Message):
    """诉求人; absent when anonymous or when they did not agree to the transfer."""

    name: Short = ""
    phone: Annotated[Text, StringConstraints(max_length=40)] = ""
    confidential: bool = False


class Attachment(Message):
    """A file that the sender keeps: fetched by its link, without a signature, until the link ends."""

    name: Line
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    size: int = Field(ge=0)
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S{1,500}$")]
    expires_at: AwareDatetime | None = None


class Consent(Message):
    """What the appellant agreed to."""

    transfer: bool = False
    publish: bool = False


class Order(Message):
    """A work order, in either direction. The same source_no and revision again is the same order."""

    version: Literal["1.0"] = "1.0"
    source_system: Short = ""
    source_no: Number
    revision: int = Field(1, ge=1, le=1_000_000)
    kind: CaseKind
    category_code: Short = ""
    category_name: Short = ""
    urgency: Urgency = Urgency.NORMAL
    received_at: AwareDatetime
    legal_due_at: AwareDatetime | None = None
    appeal_subject: Line = ""
    appeal_content: Annotated[Long, StringConstraints(min_length=1)]
    region_code: Annotated[str, StringConstraints(pattern=r"^(\d{6})?$")] = ""
    address: Annotated[Text, StringConstraints(max_length=300)] = ""
    respondent: Respondent = Respondent()
    appellant: Appellant | None = None
    attachments: list[Attachment] = Field(default_factory=list, max_length=20)
    consent: Consent = Consent()
    callback_url: Annotated[str, StringConstraints(max_length=500)] = ""


class Status(Message):
    """A step of an order, in either direction: out of order and repeated without harm."""

    source_no: Short = Field("", description="收到本消息一方的工单编号")
    remote_no: Short = Field("", description="发出本消息一方的工单编号")
    status: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,24}$")] = Field(
        description="received、accepted、rejected、dispatched、returned、in_progress、extended、answered、closed、"
        "reopened；其他的值会保存，不报错"
    )
    occurred_at: AwareDatetime
    seq: int = Field(0, ge=0, le=1_000_000_000, description="同一时刻的先后")
    unit: Annotated[Text, StringConstraints(max_length=100)] = ""
    text: Long = ""
    due_at: AwareDatetime | None = None


class OrderReceipt(Message):
    """An order was taken: its number with us, durable when this is read."""

    remote_no: Short
    repeated: bool
    status: str
    legal_due_on: str = Field("", description="2026-12-01，须告知是否受理的最后一天；没有的为空")


class StatusReceipt(Message):
    """A status was kept. `waiting`: the order is not known yet, it is applied as soon as it is."""

    outcome: Literal["applied", "alerted", "kept", "waiting"]
    repeated: bool


class Course(Message):
    """Where an order of theirs stands with us."""

    source_no: Short
    remote_no: Short
    status: str
    status_words: str
    unit: str = ""
    legal_due_on: str = ""
    result: str = ""


class Fault(Message):
    """One field that is wrong."""

    field: str
    message: str


class Refusal(Message):
    """A request that was not taken; nothing of it is kept."""

    error: Literal[
        "signature", "replayed", "malformed", "invalid", "unknown", "closed", "too_large", "busy", "failed", "expired"
    ]
    message: str
    faults: list[Fault] = Field(default_factory=list)
