"""What a citizen files, and what it lacks before it can be submitted; pure."""

from dataclasses import dataclass, field
from datetime import date

from config.cases import CaseRules
from models.case_words import CaseKind, Channel, Urgency
from services.cases.personal import Person, is_phone
from services.cases.wording import WORDS, fill_in
from services.enterprises.names import normalise

LEAST_FACTS, MOST_FACTS = 10, 4000
MOST_FEN = 10**13


@dataclass(frozen=True)
class Filing:
    """A complaint, report or inquiry as filled in; chat, H5, telephone and hotline all come to this."""

    kind: CaseKind
    category: str
    facts: str
    respondent_name: str
    notice_version: str  # of the privacy notice that was shown; "" if none was
    channel: Channel = Channel.CHAT
    persons: tuple[Person, ...] = ()  # the complainant first
    is_anonymous: bool = False
    is_confidential: bool = False
    enterprise_id: int | None = None
    credit_code: str = ""
    respondent_address: str = ""
    respondent_phone: str = ""
    place: str = ""
    happened_on: date | None = None
    amount_fen: int | None = None
    order_number: str = ""
    requests: tuple[str, ...] = ()
    handled_elsewhere: str = ""
    answer_number: str = ""  # of the credit answer from which it came
    urgency: Urgency = Urgency.NORMAL
    source_number: str = ""
    agrees_to_publish: bool = False
    agrees_to_delegation: bool = False
    region_code: str = ""  # "": the bureau's own
    details: dict[str, str] = field(default_factory=dict)

    @property
    def complainant(self) -> Person:
        """Who files; nobody for the anonymous."""
        return self.persons[0] if self.persons else Person()


def find_faults(filing: Filing, rules: CaseRules, today: date) -> dict[str, str]:
    """What is missing or wrong, by field, in words for the citizen; nothing if it can be submitted.

    Orders of another system are taken as they come: an official refers or refuses what is not ours.
    """
    if filing.channel is Channel.HOTLINE:
        return {}
    category = rules.category(filing.category)
    wrong = {
        "notice": not filing.notice_version,
        "category": category is None,
        "facts": len("".join(filing.facts.split())) < LEAST_FACTS,
        "facts_long": len(filing.facts) > MOST_FACTS,
        "respondent": filing.kind is not CaseKind.INQUIRY and not filing.respondent_name.strip(),
        "anonymous": filing.is_anonymous and filing.kind is not CaseKind.REPORT,
        "name": filing.kind is CaseKind.COMPLAINT and not filing.complainant.name.strip(),
        "phone": lacks_phone(filing),
        "happened_on": filing.happened_on is not None and filing.happened_on > today,
        "amount": filing.amount_fen is not None and not 0 <= filing.amount_fen <= MOST_FEN,
    }
    faults = {name: str(WORDS["faults"][name]) for name, is_wrong in wrong.items() if is_wrong}
    if category and category.door:
        door = next(door.name for door in rules.doors if door.code == category.door)
        faults["elsewhere"] = fill_in(WORDS["faults"]["elsewhere"], door=door)
    return faults


def lacks_phone(filing: Filing) -> bool:
    """A complaint needs a number that can be called; elsewhere a number that is given must be one."""
    phone = filing.complainant.phone.strip()
    return not is_phone(phone) if phone else filing.kind is CaseKind.COMPLAINT


def key_respondent(filing: Filing) -> str:
    """Equal for the same firm: by the register's row, by its code, by its name."""
    if filing.enterprise_id is not None:
        return f"e:{filing.enterprise_id}"
    if filing.credit_code:
        return f"c:{filing.credit_code.upper()}"
    return f"n:{normalise(filing.respondent_name)}"[:120]
