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
        self._paths: list[str] = []
        self._seen: set[str] = set()
        self._text = ""
        self._is_leaf = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        """An element opens."""
        if not self._paths:
            if tag != "xml":
                raise MessageError("root is not xml")
            path = ""
        else:
            path = self.name_path(f"{self._paths[-1]}/{tag}" if self._paths[-1] else tag)
        if len(self._paths) >= MAX_DEPTH or len(self._seen) >= MAX_FIELDS:
            raise MessageError("too deep or too many fields")
        self._seen.add(path)
        self._paths.append(path)
        self._text, self._is_leaf = "", True

    def name_path(self, path: str) -> str:
        """The path, numbered where it repeats below the top level."""
        if path not in self._seen:
            return path
        if "/" not in path:
            raise MessageError("a field is given twice")
        numbers = (f"{path}[{number}]" for number in range(1, MAX_FIELDS + 1))
        return next(numbered for numbered in numbers if numbered not in self._seen)

    def data(self, text: str) -> None:
        """A piece of text; expat may cut one text into several."""
        self._text += text

    def end(self, tag: str) -> None:  # noqa: ARG002
        """An element closes; what stands beside child elements is only blanks and is left out."""
        path = self._paths.pop()
        if self._is_leaf and path:
            self.fields[path] = self._text
        self._is_leaf = False


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
