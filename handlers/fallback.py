"""Whatever nobody else answered: useful, short, kind."""

from bot.messages import Kind
from bot.replies import Text
from bot.router import Router, Turn
from bot.wording import render

router = Router("fallback")


def say(name: str, turn: Turn) -> Text:
    """The template `name` with the bureau's words."""
    return Text(render(name, desk=turn.desk))


@router.on_text(lambda turn: not turn.words)
def ask_for_words(turn: Turn) -> Text:
    """Only blanks or punctuation."""
    return say("help", turn)


@router.on_text()
def admit(turn: Turn) -> Text:
    """Words that are neither a firm's name nor a question we know."""
    return say("not_understood", turn)


@router.on_kind(Kind.VOICE)
def ask_again(turn: Turn) -> Text:
    """A voice message that WeChat did not recognise."""
    return say("not_heard", turn)


@router.on_kind(Kind.LOCATION)
def explain_location(turn: Turn) -> Text:
    """Where one is says nothing about which firm is meant."""
    return say("location", turn)


@router.on_kind(Kind.VIDEO, Kind.SHORTVIDEO, Kind.LINK, Kind.FILE, Kind.MINIPROGRAM, Kind.OTHER)
def explain_kind(turn: Turn) -> Text:
    """Videos, links, files, cards and types yet unknown."""
    return say("other_kind", turn)


@router.on(lambda turn: True)  # noqa: ARG005
def help_anyway(turn: Turn) -> Text:
    """A button or scan that nobody answers."""
    return say("help", turn)
