"""专题库 and 重点领域: which enterprises belong to which, and how many (R11, R14)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.archive import EnterpriseTag
from models.archive_words import TagKind
from models.enterprise import Enterprise, Status
from models.record import Record


def count_tags(session: Session) -> dict[TagKind, dict[str, int]]:
    """How many enterprises bear each tag; an enterprise with a record of a topic belongs to it as well."""
    counts: dict[TagKind, dict[str, int]] = {}
    for kind in TagKind:
        counts[kind] = {tag: len(ids) for tag, ids in members(session, kind).items()}
    return counts


def members(session: Session, kind: TagKind) -> dict[str, set[int]]:
    """The ids of the enterprises of each tag, those taken out of the register left out."""
    shown = select(Enterprise.id).where(Enterprise.status != Status.REMOVED)
    tagged = select(EnterpriseTag.tag, EnterpriseTag.enterprise_id).where(
        EnterpriseTag.kind == kind, EnterpriseTag.enterprise_id.in_(shown)
    )
    column = Record.topic if kind is TagKind.TOPIC else Record.sector
    recorded = select(column, Record.enterprise_id).where(column.is_not(None), Record.enterprise_id.in_(shown))
    found: dict[str, set[int]] = {}
    for tag, enterprise_id in [*session.execute(tagged), *session.execute(recorded)]:
        found.setdefault(str(tag), set()).add(enterprise_id)
    return found


def find_tagged(session: Session, kind: TagKind, tag: str, most: int = 100) -> tuple[list[Enterprise], int]:
    """The first enterprises with a tag by name, and how many there are."""
    ids = members(session, kind).get(tag, set())
    wanted = select(Enterprise).where(Enterprise.id.in_(ids)).order_by(Enterprise.name).limit(most)
    return list(session.scalars(wanted)), len(ids)


def put_tags(session: Session, enterprise_id: int, kind: TagKind, tags: set[str]) -> None:
    """Exactly these tags of a kind; the words are those of config/archive.toml."""
    held = list(session.scalars(select(EnterpriseTag).where(EnterpriseTag.enterprise_id == enterprise_id)))
    for row in held:
        if row.kind is kind and row.tag not in tags:
            session.delete(row)
    known = {row.tag for row in held if row.kind is kind}
    session.add_all(EnterpriseTag(enterprise_id=enterprise_id, kind=kind, tag=tag) for tag in tags - known)
    session.flush()


def tags_of(session: Session, enterprise_id: int) -> dict[TagKind, list[str]]:
    """The tags of an enterprise, in the order of their names."""
    wanted = select(EnterpriseTag).where(EnterpriseTag.enterprise_id == enterprise_id).order_by(EnterpriseTag.tag)
    found: dict[TagKind, list[str]] = {kind: [] for kind in TagKind}
    for row in session.scalars(wanted):
        found[row.kind].append(row.tag)
    return found
