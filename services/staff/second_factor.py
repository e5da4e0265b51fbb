"""The second factor: six digits of a telephone (RFC 6238), and recovery codes for a lost one."""

import base64
import hmac
import secrets
from datetime import datetime
from enum import StrEnum

import pyotp
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models.database import vault_of
from models.staff import RecoveryCode, StaffAccount
from services.staff.passwords import ALPHABET

TOTP_FIELD = "staff_accounts.totp_sealed"
STEP_SECONDS = 30
DRIFT_STEPS = 1  # clocks may differ by one step
RECOVERY_COUNT, RECOVERY_LENGTH = 8, 10


class Factor(StrEnum):
    """What was entered."""

    CODE = "code"
    RECOVERY = "recovery"


def derive_secret(session: Session, account: StaffAccount, session_id: int) -> str:
    """The secret offered for setting up: the same while the page is open, another after each use; 160 bits."""
    offer = f"totp {account.id} {session_id} {account.totp_step}".encode()
    return base64.b32encode(hmac.digest(vault_of(session).signing_key, offer, "sha1")).decode()


def write_address(secret: str, login: str, issuer: str) -> str:
    """The otpauth: address that a telephone reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def find_step(secret: str, code: str, now: datetime) -> int | None:
    """The step of time to which six digits belong, or None when they are wrong or too old."""
    present = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        if hmac.compare_digest(totp.generate_otp(step), code):
            return step
    return None


def set_up(session: Session, account: StaffAccount, secret: str, code: str, now: datetime) -> list[str] | None:
    """Begin to ask for codes, when `code` shows that the telephone has the secret; returns new recovery codes."""
    step = find_step(secret, code, now) if code.isascii() else None
    if step is None:
        return None
    account.totp_sealed = vault_of(session).seal(secret, TOTP_FIELD)
    account.totp_step = step
    return draw_recovery_codes(session, account)


def remove(session: Session, account: StaffAccount) -> None:
    """Ask for codes no more."""
    account.totp_sealed = None
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))


def draw_recovery_codes(session: Session, account: StaffAccount) -> list[str]:
    """Eight new codes such as 7KQ4W-X9M2H, shown once; the old ones are worth nothing from now on."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_COUNT)]
    session.add_all(RecoveryCode(account_id=account.id, code_hash=hash_code(session, account, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def count_recovery_codes(session: Session, account_id: int) -> int:
    """How many are left."""
    return session.scalar(select(func.count()).where(RecoveryCode.account_id == account_id)) or 0


def open_secret(session: Session, account: StaffAccount) -> str:
    """The secret that telephone and server share; only where codes are set up."""
    return vault_of(session).open(account.totp_sealed or b"", TOTP_FIELD)


def hash_code(session: Session, account: StaffAccount, code: str) -> bytes:
    """What is kept of a recovery code: keyed by the secret, which is encrypted, so that a thief cannot try them all."""
    return hmac.digest(open_secret(session, account).encode(), code.encode(), "sha256")


def use_code(session: Session, account: StaffAccount, entered: str, now: datetime) -> Factor | None:
    """Which factor `entered` is, and use it up: each code counts once, also when sent twice at the same moment."""
    if account.totp_sealed is None:
        return None
    code = "".join(char for char in entered.upper() if char.isascii() and char.isalnum())
    if code.isdigit() and len(code) == 6:
        step = find_step(open_secret(session, account), code, now)
        return Factor.CODE if step is not None and take_step(session, account.id, step) else None
    used = session.execute(
        delete(RecoveryCode)
        .where(RecoveryCode.account_id == account.id, RecoveryCode.code_hash == hash_code(session, account, code))
        .returning(RecoveryCode.account_id)
    ).all()
    return Factor.RECOVERY if used else None


def take_step(session: Session, account_id: int, step: int) -> bool:
    """True for the first who comes with this step of time."""
    taken = session.execute(
        update(StaffAccount)
        .where(StaffAccount.id == account_id, StaffAccount.totp_step < step)
        .values(totp_step=step)
        .returning(StaffAccount.id)
    ).all()
    return bool(taken)
