"""Pictures, videos, recordings, files and places that a citizen sends while a form or a case is open."""

from bot.messages import Kind
from bot.router import Turn
from bot.wording import render
from services.cases.places import tell_place
from services.evidence.fetches import put_off
from services.evidence.keeping import Owner, limits_of
from services.evidence.kinds import EvidenceKind
from services.evidence.trouble import WORDS, EvidenceError

KINDS = {
    Kind.IMAGE: EvidenceKind.PHOTO,
    Kind.VOICE: EvidenceKind.VOICE,
    Kind.VIDEO: EvidenceKind.VIDEO,
    Kind.SHORTVIDEO: EvidenceKind.VIDEO,
    Kind.FILE: EvidenceKind.DOCUMENT,  # should WeChat ever give its media_id
}
NOT_HANDED_OUT = (Kind.FILE, Kind.LINK, Kind.MINIPROGRAM, Kind.OTHER)  # WeChat gives us no media_id of these
CITIZEN = "citizen"


def brings_file(turn: Turn) -> bool:
    """A message with a file that WeChat keeps for us."""
    return turn.message.kind in KINDS and bool(turn.message.media_id)


def take_file(turn: Turn, owner: Owner, *, keeps_sender: bool = True) -> str:
    """Note the file to be fetched by the jobs process; what to say. The citizen of `keeps_sender` hears of trouble."""
    kind = KINDS[turn.message.kind]
    limits = limits_of(turn.desk.rules)
    try:
        count = put_off(
            turn.session,
            owner,
            turn.message.media_id,
            kind,
            limits,
            follower_id=turn.follower.id if keeps_sender else None,
            added_by=CITIZEN,
            sent_at=turn.message.created_at,
            now=turn.now,
        )
    except EvidenceError as error:
        return str(error)
    is_photo = kind is EvidenceKind.PHOTO
    return render(
        "complaint_evidence", kind=WORDS["kinds"][kind], count=count, most=limits.count, is_photo=is_photo, place=""
    )


def explain_kind(turn: Turn) -> str:
    """What WeChat hands out to nobody: files, links, cards; empty for everything else."""
    return (
        render("complaint_evidence_kind", url=turn.desk.link("/h5/complaints"))
        if turn.message.kind in NOT_HANDED_OUT
        else ""
    )


def read_place(turn: Turn) -> str:
    """The place that was sent, as words; empty for none."""
    place = turn.message.location
    return tell_place(place.label, place.latitude, place.longitude) if place else ""


def answer_place(place: str) -> str:
    """Read back."""
    return render(
        "complaint_evidence", kind=WORDS["kinds"][EvidenceKind.LOCATION], count=0, most=0, is_photo=False, place=place
    )
