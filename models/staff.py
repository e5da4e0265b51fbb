"""Accounts of staff, their roles, recovery codes, sessions, and the counting of failed sign-ins."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, UtcDateTime, word
from models.role import Role

LONGEST_LOGIN, LONGEST_NAME, LONGEST_UNIT = 32, 40, 60


class StaffAccount(Base):
    """One person at work; never deleted, so that what they did keeps its name."""

    __tablename__ = "staff_accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(LONGEST_LOGIN), unique=True)  # lower case
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    unit: Mapped[str] = mapped_column(String(LONGEST_UNIT), default="")  # 处室 or association
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change_password: Mapped[bool] = mapped_column(default=True)
    password_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of a one-time password
    totp_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # encrypted secret; NULL: not set up
    totp_step: Mapped[int] = mapped_column(BigInteger, default=0)  # the last one used: a code counts once
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    role_rows: Mapped[list["StaffRole"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def roles(self) -> frozenset[Role]:
        """All roles of this account."""
        return frozenset(row.role for row in self.role_rows)


class StaffRole(Base):
    """One role of an account."""

    __tablename__ = "staff_roles"

    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(word(Role), primary_key=True)


class RecoveryCode(Base):
    """A code that stands in once for a lost telephone; only its hash is kept."""

    __tablename__ = "recovery_codes"

    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


class StaffSession(Base):
    """A browser that is signed in; the row goes when the session ends."""

    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    needs_code: Mapped[bool]  # the password was right, the second factor is still due
    browser: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(45))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInFailures(Base):
    """How often signing in failed for a login, known or not, or from an address; both as blind indexes."""

    __tablename__ = "sign_in_failures"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failed_count: Mapped[int]
    failed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    blocked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
