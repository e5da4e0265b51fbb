"""The daily file, both ways: the same orders and statuses as the interface, one a row."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select

from models.case import Case, CaseEvent
from models.case_file import CaseEvidence
from models.case_words import CaseKind, Urgency
from models.hotline import HotlineSending, SendingKind, SendingState
from services.calendar.working_days import SHANGHAI, day_of, end_of
from services.cases.docket import Docket
from services.cases.numbers import parse_number
from services.cases.standing import find_case
from services.cases.wording import name_of
from services.errors import UserError
from services.evidence.serving import name_file
from services.hotline.attachments import list_given
from services.hotline.messages import Order, Status
from services.hotline.orders import take_order
from services.hotline.outbox import settle
from services.hotline.outgoing import BODY
from services.hotline.statuses import take_status
from services.hotline.wording import Stage, name_stage, read_stage

COLUMNS = (
    "工单编号 来源编号 诉求类型 诉求分类 紧急程度 诉求人 联系电话 是否保密 被反映单位 统一社会信用代码 事发地址 "
    "诉求标题 诉求内容 受理时间 办理时限 承办单位 办理状态 办理结果 办结时间 满意度 备注 附件"
).split()
NEEDED = ("工单编号", "诉求类型", "诉求内容", "受理时间")  # of an order
MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d")
ENDED = {Stage.ANSWERED, Stage.CLOSED, Stage.REJECTED, Stage.RETURNED}
ORDER_OF_STAGES = {stage.value: place for place, stage in enumerate(Stage, 1)}
FIELDS = {
    "source_no": "工单编号",
    "appeal_content": "诉求内容",
    "status": "办理状态",
    "respondent.uscc": "统一社会信用代码",
    "appellant.phone": "联系电话",
}


@dataclass(frozen=True)
class Outgoing:
    """What goes into a daily file: its rows, and the files that they name by their paths in the archive beside it."""

    rows: list[list[str]]
    files: dict[str, CaseEvidence]


def export_rows(docket: Docket, again: date | None = None) -> Outgoing:
    """What has not gone out yet, marked as gone with this file; or once more what went out on a day.

    A file that is lost is written again by its day; the receiver knows the numbers, nothing is doubled.
    """
    state = SendingState.BATCHED if again else SendingState.NEW
    wanted = select(HotlineSending).where(HotlineSending.state == state).order_by(HotlineSending.id)
    found = list(docket.session.scalars(wanted.with_for_update()))
    if again:
        found = [sending for sending in found if sending.sent_at and day_of(sending.sent_at) == again]
    outgoing = Outgoing([], {})
    for sending in found:
        body = docket.open(sending.body_sealed, BODY)
        if not body:
            continue
        case = docket.session.get_one(Case, sending.case_id)
        is_order = sending.kind is SendingKind.ORDER
        files = name_files(docket, sending) if is_order else {}
        outgoing.files.update(files)
        outgoing.rows.append(spell_order(body, files) if is_order else spell_status(body, case))
        if not again:
            settle(sending, SendingState.BATCHED)
            sending.sent_at = docket.now
    docket.session.flush()
    return outgoing


def name_files(docket: Docket, sending: HotlineSending) -> dict[str, CaseEvidence]:
    """The files of an order by their paths: its folder, a number, the citizen's name for it."""
    event = docket.session.get_one(CaseEvent, sending.event_id)
    rows = list_given(docket.session, event)
    return {f"{sending.key}/{place}-{name_file(docket.session, row)}": row for place, row in enumerate(rows, 1)}


def spell_order(body: dict[str, Any], files: dict[str, CaseEvidence]) -> list[str]:
    """An order as a row."""
    order = Order.model_validate(body)
    person = order.appellant
    return spell(
        {
            "工单编号": order.source_no,
            "诉求类型": name_of("kinds", order.kind),
            "诉求分类": order.category_name,
            "紧急程度": name_of("urgencies", order.urgency),
            "诉求人": person.name if person else "",
            "联系电话": person.phone if person else "",
            "是否保密": "是" if person and person.confidential else "否",
            "被反映单位": order.respondent.name,
            "统一社会信用代码": order.respondent.uscc,
            "事发地址": order.address,
            "诉求标题": order.appeal_subject,
            "诉求内容": order.appeal_content,
            "受理时间": spell_moment(order.received_at),
            "办理时限": spell_moment(order.legal_due_at),
            "附件": "\n".join(f"{path} SHA-256 {row.sha256.hex()}" for path, row in files.items()),
        }
    )


def spell_status(body: dict[str, Any], case: Case) -> list[str]:
    """A status as a row; the persons are the hotline's own."""
    status = Status.model_validate(body)
    return spell(
        {
            "工单编号": status.remote_no,
            "来源编号": status.source_no,
            "诉求类型": name_of("kinds", case.kind),
            "被反映单位": case.respondent_name,
            "受理时间": spell_moment(case.submitted_at),
            "办理时限": spell_moment(status.due_at),
            "承办单位": status.unit,
            "办理状态": name_stage(status.status),
            "办理结果": status.text,
            "办结时间": spell_moment(status.occurred_at) if status.status in ENDED else "",
            "满意度": str(case.score or ""),
            "备注": f"{spell_moment(status.occurred_at)}，第{status.seq}步",
        }
    )


def spell(cells: dict[str, str]) -> list[str]:
    """In the order of the columns."""
    return [cells.get(column, "") for column in COLUMNS]


def spell_moment(moment: datetime | None) -> str:
    """2026-11-20 09:58:00, in China."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def take_row(docket: Docket, cells: dict[str, str], file_day: date) -> str:
    """One row of their file: 新增, 重复 or 进展. UserError says what is wrong with it."""
    ours = cells.get("来源编号", "")
    try:
        if ours and parse_number(ours):
            if find_case(docket.session, ours) is None:
                raise UserError(f"没有来源编号 {ours} 的事项")
            kept = take_status(docket, read_status(cells, file_day))
            return "进展" if kept.is_new else "重复"
        taken = take_order(docket, read_order(cells))
    except ValidationError as error:
        names = [".".join(map(str, item["loc"])) for item in error.errors(include_input=False)]
        raise UserError("不合要求：" + "、".join(FIELDS.get(name, name) for name in names)) from None
    return "新增" if taken.is_new else "重复"


def read_order(cells: dict[str, str]) -> Order:
    """A row without a number of ours is an order of theirs."""
    missing = [name for name in NEEDED if not cells.get(name)]
    if missing:
        raise UserError(f"缺少{'、'.join(missing)}")
    kind, urgency = read_word("kinds", CaseKind, cells["诉求类型"]), cells.get("紧急程度", "")
    due = cells.get("办理时限", "")
    person = {
        "name": cells.get("诉求人", ""),
        "phone": cells.get("联系电话", ""),
        "confidential": cells.get("是否保密", "") in {"是", "1", "保密"},
    }
    return Order.model_validate(
        {
            "source_no": cells["工单编号"],
            "kind": kind,
            "category_name": cells.get("诉求分类", "")[:64],
            "urgency": read_word("urgencies", Urgency, urgency) if urgency else Urgency.NORMAL,
            "received_at": read_moment(cells["受理时间"]),
            "legal_due_at": end_of(day_of(read_moment(due))) if due else None,
            "appeal_subject": cells.get("诉求标题", ""),
            "appeal_content": "\n附件：".join(filter(None, (cells["诉求内容"], cells.get("附件", "")))),
            "address": cells.get("事发地址", ""),
            "respondent": {"name": cells.get("被反映单位", ""), "uscc": cells.get("统一社会信用代码", "")},
            "appellant": person if person["name"] or person["phone"] else None,
        }
    )


def read_status(cells: dict[str, str], file_day: date) -> Status:
    """A row with a number of ours is what they did with it; a row without a time happened on the file's day."""
    stage = read_stage(cells.get("办理状态", "") or Stage.RECEIVED)
    ended = cells.get("办结时间", "")
    moment = read_moment(ended) if ended else datetime(file_day.year, file_day.month, file_day.day, tzinfo=SHANGHAI)
    due = cells.get("办理时限", "")
    return Status.model_validate(
        {
            "source_no": cells["来源编号"],
            "remote_no": cells.get("工单编号", ""),
            "status": stage if stage in ORDER_OF_STAGES else "unknown",
            "occurred_at": moment,
            "seq": ORDER_OF_STAGES.get(stage, 0),
            "unit": cells.get("承办单位", ""),
            "text": "；".join(filter(None, (cells.get("办理结果", ""), cells.get("备注", "")))),
            "due_at": read_moment(due) if due else None,
        }
    )


def read_word(table: str, kind: type[CaseKind] | type[Urgency], said: str) -> str:
    """A word of a closed set by its Chinese or English name."""
    names: Iterable[tuple[str, str]] = ((name_of(table, one), one.value) for one in kind)
    known = dict(names) | {one.value: one.value for one in kind}
    if said not in known:
        raise UserError(f"不认识“{said}”，可用：{'、'.join(name_of(table, one) for one in kind)}")
    return known[said]


def read_moment(said: str) -> datetime:
    """A moment in China, with or without its time."""
    for pattern in MOMENTS:
        try:
            return datetime.strptime(said.strip().replace("T", " "), pattern).replace(tzinfo=SHANGHAI)
        except ValueError:
            continue
    raise UserError(f"看不懂时间“{said}”，例：2026-11-20 09:58")
