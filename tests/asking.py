"""Asking the finder as the doors do: the index followed, then the text."""

from sqlalchemy.orm import Session

from services.enterprises.finding import Finding
from services.enterprises.index import NameIndex
from services.enterprises.search import find


def ask(session: Session, index: NameIndex, text: str, home: str = "") -> Finding:
    """What is found now; `home` is the bureau's own city or province."""
    index.follow(session)
    return find(session, text, index, home)


def names(finding: Finding) -> list[str]:
    """The candidates' names, in their order."""
    return [candidate.name for candidate in finding.candidates]
