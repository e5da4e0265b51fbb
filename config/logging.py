"""Logs as one JSON object a line, with nothing personal and no secret in them."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from config.tracing import current_request_id

# Tokens, secrets and openids that a library may put into a message of its own.
SECRET_PARAMETERS = re.compile(
    r"(access_token|secret|appsecret|code|openid|echostr|signature)=[^&\s'\"]+", re.IGNORECASE
)


class Redactor(logging.Filter):
    """Takes known secrets, and whatever looks like one in a URL, out of every line."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self.secrets = [secret for secret in secrets if len(secret) >= 6]

    def redact(self, text: str) -> str:
        """The text without secrets."""
        for secret in self.secrets:
            text = text.replace(secret, "***")
        return SECRET_PARAMETERS.sub(r"\1=***", text)

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record pass, cleaned."""
        record.msg, record.args = self.redact(record.getMessage()), None
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, room, message, id of the request, trace."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self.redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "room": record.name,
            "message": record.getMessage(),
        }
        if request_id := current_request_id():
            line["request"] = request_id
        if record.exc_info:
            line["trace"] = self.redactor.redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def set_up_logging(secrets: Iterable[str] = (), level: int = logging.INFO) -> None:
    """Send all logs to standard error as JSON lines."""
    redactor = Redactor(secrets)
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(redactor)
    handler.setFormatter(JsonFormatter(redactor))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
