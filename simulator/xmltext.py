"""XML as WeChat writes it, and a reader for replies that refuses documents with a DTD."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class XmlError(ValueError):
    """The reply is not XML that WeChat would read."""


def write(fields: Mapping[str, Any]) -> str:
    """Render `<xml>…</xml>`: text in CDATA, numbers bare, mappings nested, lists repeated."""
    return f"<xml>{_children(fields)}</xml>"


def _children(fields: Mapping[str, Any]) -> str:
    return "".join(_element(name, value) for name, value in fields.items() if value is not None)


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, item) for item in value)
    if isinstance(value, Mapping):
        return f"<{name}>{_children(value)}</{name}>"
    if isinstance(value, int | float):
        return f"<{name}>{value}</{name}>"
    text = _FORBIDDEN.sub("", str(value)).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{text}]]></{name}>"


def read(text: str) -> dict[str, Any]:
    """Read `<xml>…</xml>` to a dictionary; repeated tags become a list."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise XmlError("DTD is not allowed")
    try:
        root = ET.fromstring(text)  # noqa: S314 - entities need a DTD, refused above
    except (ET.ParseError, ValueError) as error:
        raise XmlError(f"not well-formed XML: {error}") from error
    if root.tag != "xml":
        raise XmlError(f"root element is <{root.tag}>, not <xml>")
    value = _value(root)
    return value if isinstance(value, dict) else {}


def _value(element: ET.Element) -> Any:
    if len(element) == 0:
        return element.text or ""
    fields: dict[str, Any] = {}
    for child in element:
        value = _value(child)
        if child.tag not in fields:
            fields[child.tag] = value
        elif isinstance(fields[child.tag], list):
            fields[child.tag].append(value)
        else:
            fields[child.tag] = [fields[child.tag], value]
    return fields


def as_list(value: Any) -> list[Any]:
    """One element or many: XML cannot tell, callers want a list."""
    if isinstance(value, list):
        return value
    return [] if value in (None, "") else [value]
