"""Has a paper set by a program of its own, a few at a time; the others are told to come back."""

import json
import logging
import subprocess
import threading
from datetime import datetime
from typing import Any, Literal

from services.errors import UserError
from services.papers.pdf import FONTS
from services.papers.sheet import keep_printable
from services.programs import ask_program

SECONDS = 30
MOST_AT_ONCE = 2
WAIT_SECONDS = 8  # for a turn
BUSY = "现在制作文件的人较多，请过一会儿再试。"
FAILED = "文件没有制作成功，请稍后再试，或到窗口办理。"
TURNS = threading.BoundedSemaphore(MOST_AT_ONCE)

log = logging.getLogger(__name__)


def press(
    template: Literal["credit_sheet", "sticker"],
    values: dict[str, Any],
    made_at: datetime,
    form: Literal["pdf", "png"] = "pdf",
) -> bytes:
    """The PDF/A or the picture of a template; takes a second. UserError in plain words where it cannot be made now."""
    if not list(FONTS.glob("*.ttf")):
        raise UserError("缺少公文字体，请运行 make setup")
    wanted = {"template": template, "values": tidy(values), "made_at": int(made_at.timestamp()), "form": form}
    if not TURNS.acquire(timeout=WAIT_SECONDS):
        raise UserError(BUSY)
    try:
        return ask_program("services.papers.pressing", json.dumps(wanted).encode(), SECONDS)
    except (subprocess.SubprocessError, OSError) as error:
        log.error("a paper could not be made: %s", type(error).__name__)
        raise UserError(FAILED) from None
    finally:
        TURNS.release()


def tidy(value: Any) -> Any:
    """Only what can be printed, in lists and mappings too."""
    if isinstance(value, str):
        return keep_printable(value)
    if isinstance(value, dict):
        return {key: tidy(inner) for key, inner in value.items()}
    return [tidy(inner) for inner in value] if isinstance(value, list | tuple) else value
