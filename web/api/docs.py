"""The description of our interface: as JSON for programs, as a plain page for people."""

from typing import Any

from flask import Blueprint, Response, jsonify, render_template

from web.api.description import describe


def create_docs(public_url: str, organ: str) -> Blueprint:
    """GET /api/openapi.json and /api/docs; both public, neither holds a secret."""
    docs = Blueprint("api_docs", __name__, template_folder="../templates")
    description = describe(public_url, organ)

    @docs.get("/api/openapi.json")
    def show_description() -> Response:
        """OpenAPI 3.1."""
        return jsonify(description)

    @docs.get("/api/docs")
    def show_page() -> str:
        """The same to read."""
        return render_template("api/docs.html", description=description, name_type=name_type)

    return docs


def name_type(schema: dict[str, Any]) -> str:
    """The type of a field in words: a name of another message, a list of it, a choice."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " 或 ".join(name_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return "、".join(map(str, schema["enum"]))
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"{name_type(schema['items'])} 的列表"
    words = {"string": "文字", "integer": "整数", "boolean": "是否", "null": "空", "object": "对象"}
    format_ = {"date-time": "时间"}.get(schema.get("format", ""))
    longest = f"，至多 {schema['maxLength']} 字" if "maxLength" in schema else ""
    return (format_ or words.get(str(schema.get("type")), "任意")) + longest
