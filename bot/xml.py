"""WeChat's XML read by expat into a flat dictionary; whatever WeChat never sends is refused."""

from typing import Any, NoReturn
from xml.parsers import expat

MAX_DEPTH = 8
MAX_FIELDS = 400


class MessageError(Exception):
    """Not a message of WeChat's; the text says what is wrong, never what was written."""


class FieldReader:
    """Collects the text of each leaf under its path, e.g. `ScanCodeInfo/ScanResult`.

    Top-level names are unique; deeper ones may repeat and are then numbered: `List`, `List[1]`.
    """

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._path: list[str] = []
        self._text: list[str] = []
        self._seen: set[str] = set()

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        """An element opens."""
        if not self._path and tag != "xml":
            raise MessageError("root is not xml")
        if len(self._path) >= MAX_DEPTH or len(self._seen) >= MAX_FIELDS:
            raise MessageError("too deep or too many fields")
        self._path.append(tag)
        path, number = "/".join(self._path[1:]), 0
        while path in self._seen:
            if len(self._path) == 2:
                raise MessageError("a field is given twice")
            number += 1
            self._path[-1] = f"{tag}[{number}]"
            path = "/".join(self._path[1:])
        self._seen.add(path)
        self._text = []

    def data(self, text: str) -> None:
        """A piece of text; expat may cut one text into several."""
        self._text.append(text)

    def end(self, tag: str) -> None:  # noqa: ARG002
        """An element closes; one with children has only blanks of its own and is left out."""
        path = "/".join(self._path[1:])
        text = "".join(self._text)
        if path and (text.strip() or not any(key.startswith(f"{path}/") for key in self.fields)):
            self.fields[path] = text
        self._path.pop()
        self._text = []


def refuse(*unused: Any) -> NoReturn:  # noqa: ARG001
    """DTDs and entities have no place in a message."""
    raise MessageError("DTD or entity")


def read_fields(body: bytes) -> dict[str, str]:
    """Path to text of every leaf of `<xml>…</xml>`; MessageError for anything else."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        raise MessageError("not UTF-8") from None
    reader = FieldReader()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise MessageError(f"not XML: {expat.errors.messages[error.code]}") from None
    return reader.fields
