"""Accounts of the console for each role, for the demonstration only."""

import hmac
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.role import Role
from services.audit import SYSTEM
from services.staff.accounts import add_account, find_account
from services.staff.passwords import ALPHABET, hash_drawn, is_password

# Login, name, role, unit; all invented.
PEOPLE = (
    ("shouli", "张敏", Role.INTAKE, "市场秩序处"),
    ("paiban", "李建军", Role.DISPATCHER, "市场秩序处"),
    ("chengban", "赵磊", Role.HANDLER, "商贸处"),
    ("chengban2", "钱勇", Role.HANDLER, "市场秩序处"),
    ("shenhe", "周丽", Role.REVIEWER, ""),  # without a unit: the whole bureau's
    ("fuze", "孙国强", Role.SUPERVISOR, ""),
    ("tiaojie", "王秀华", Role.MEDIATOR, "示范市餐饮行业协会"),
    ("dangan", "吴婷", Role.ARCHIVE, "市场秩序处"),
    ("xuanchuan", "郑洁", Role.CAMPAIGN, "办公室"),
    ("xuanchuan2", "林静", Role.CAMPAIGN, "市场秩序处"),
    ("fabu", "何志远", Role.PUBLISHER, "办公室"),
    ("xiehui", "冯海燕", Role.ASSOCIATION, "示范市餐饮行业协会"),
    ("huizhang", "唐文彬", Role.ASSOCIATION_HEAD, "示范市餐饮行业协会"),
    ("shanghui", "蒋立新", Role.ASSOCIATION, "示范市零售商业协会"),
    ("shenji", "陈静", Role.AUDITOR, "政策法规处"),
    ("guanli", "刘伟", Role.ADMINISTRATOR, "办公室"),
)


@dataclass(frozen=True)
class DemoAccount:
    """What is printed at the start; `password` is "" where somebody has changed it."""

    login: str
    password: str
    role: Role


def add_demo_staff(session: Session, secret_key: str, now: datetime) -> list[DemoAccount]:
    """Add the accounts that are missing; their passwords follow from the demonstration's own key, so they stay."""
    accounts = []
    for login, name, role, unit in PEOPLE:
        password = derive_password(secret_key, login)
        found = find_account(session, login)
        if found is None:
            add_account(
                session,
                SYSTEM,
                now,
                login=login,
                name=name,
                roles=frozenset({role}),
                unit=unit,
                password=password,
                password_hash=hash_drawn(password),
            )
        elif not is_password(found.password_hash, password):
            password = ""
        accounts.append(DemoAccount(login, password, role))
    return accounts


def derive_password(secret_key: str, login: str) -> str:
    """Twelve characters such as 7KQ4-WX9M-2HBT, others on each machine."""
    drawn = "".join(
        ALPHABET[byte % len(ALPHABET)] for byte in hmac.digest(secret_key.encode(), login.encode(), "sha256")
    )
    return f"{drawn[:4]}-{drawn[4:8]}-{drawn[8:12]}"
