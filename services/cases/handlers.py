"""Which person of a unit has a case: who may be chosen, and whether who has it is still there."""

from sqlalchemy import String, cast, exists, literal, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import Exists

from models.case import Case
from models.role import Role
from models.staff import StaffAccount, StaffRole
from services.errors import UserError

KEY = "staff:"


def handlers_of(session: Session, unit: str) -> dict[str, str]:
    """Key and name of who handles cases in a unit now, by name."""
    wanted = (
        select(StaffAccount.id, StaffAccount.name)
        .join(StaffRole, StaffRole.account_id == StaffAccount.id)
        .where(StaffRole.role == Role.HANDLER, StaffAccount.disabled_at.is_(None))
        .where(StaffAccount.unit == unit, StaffAccount.unit != "")
        .order_by(StaffAccount.name, StaffAccount.id)
    )
    return {f"{KEY}{account_id}": name for account_id, name in session.execute(wanted)}


def require_handler(session: Session, unit: str, key: str) -> str:
    """The key; UserError for who does not handle cases in this unit."""
    if key not in handlers_of(session, unit):
        raise UserError("请选择承办单位里的承办人")
    return key


def present_handler(session: Session, case: Case) -> str:
    """Who has the case; "" for nobody, and for who has left the unit or the work since."""
    return case.handler if case.handler and case.handler in handlers_of(session, case.unit) else ""


def is_anothers(key: str) -> Exists:
    """The case is in the hands of somebody else who is there: the same as `present_handler`, as a condition."""
    return exists().where(
        literal(KEY) + cast(StaffAccount.id, String) == Case.handler,
        StaffAccount.unit == Case.unit,
        StaffAccount.disabled_at.is_(None),
        StaffRole.account_id == StaffAccount.id,
        StaffRole.role == Role.HANDLER,
        Case.handler != key,
    )


def name_handler(session: Session, key: str) -> str:
    """The name behind a key; the key itself where there is none."""
    number = key.removeprefix(KEY)
    account = session.get(StaffAccount, int(number)) if number.isdecimal() else None
    return account.name if account else key
