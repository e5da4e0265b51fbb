"""The hotline's door: orders and statuses come in, signed; both are safe to send again."""

from flask import Blueprint, Response
from sqlalchemy.exc import OperationalError

from models.database import DatabaseBusyError
from services.cases.docket import Docket
from services.hotline.messages import Order, OrderReceipt, Status, StatusReceipt
from services.hotline.orders import describe_course, find_order, take_order
from services.hotline.statuses import take_status
from services.hotline.wording import stage_of
from web.api.door import Counter, RefusedCallError, answer, check_call, handle, read_message, refuse
from web.api.files import add_files


def create_hotline_api(counter: Counter) -> Blueprint:
    """POST /api/hotline/orders and /statuses, GET /api/hotline/orders/<source_no> and /files/<token>."""
    api = Blueprint("hotline", __name__, url_prefix="/api/hotline")
    api.register_error_handler(RefusedCallError, answer_refusal)
    for trouble in (OperationalError, DatabaseBusyError):
        api.register_error_handler(trouble, answer_busy)

    @api.post("/orders")
    def take_orders() -> Response:
        """File an order, or say under which number it is filed."""
        nonce, order = check_call(counter), read_message(Order)
        return handle(counter, lambda docket: file_order(docket, order), nonce)

    @api.get("/orders/<source_no>")
    def show_order(source_no: str) -> Response:
        """Where an order of theirs stands."""
        return handle(counter, lambda docket: find_course(docket, source_no), check_call(counter))

    @api.post("/statuses")
    def take_statuses() -> Response:
        """Keep a status and apply it if that can be done now."""
        nonce, status = check_call(counter), read_message(Status)
        return handle(counter, lambda docket: keep_status(docket, status), nonce)

    add_files(api, counter)
    return api


def answer_refusal(error: RefusedCallError) -> Response:
    """The refusal as JSON."""
    return answer(error.refusal, error.status)


def answer_busy(_error: Exception) -> Response:
    """The database did not answer in time; nothing was kept."""
    response = answer(refuse(503, "busy", "系统暂时很忙，请稍后重发").refusal, 503)
    response.headers["Retry-After"] = "60"
    return response


def file_order(docket: Docket, order: Order) -> Response:
    """201 for a new case or new material, 200 for what came before."""
    taken = take_order(docket, order)
    receipt = OrderReceipt(
        remote_no=taken.case.number,
        repeated=not taken.is_new,
        status=stage_of(taken.case.state),
        legal_due_on=taken.due_on.isoformat() if taken.due_on else "",
    )
    return answer(receipt, 201 if taken.is_new else 200)


def find_course(docket: Docket, source_no: str) -> Response:
    """The order's course, or 404."""
    case = find_order(docket, source_no)
    if case is None:
        raise refuse(404, "unknown", "没有收到过这个编号的工单")
    return answer(describe_course(docket, case))


def keep_status(docket: Docket, status: Status) -> Response:
    """What became of it."""
    kept = take_status(docket, status)
    return answer(StatusReceipt.model_validate({"outcome": kept.outcome.value, "repeated": not kept.is_new}))
