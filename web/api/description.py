"""The OpenAPI description of our side, made from the messages themselves."""

from typing import Any

from pydantic.json_schema import models_json_schema

from services.hotline.messages import Course, Message, Order, OrderReceipt, Refusal, Status, StatusReceipt
from services.hotline.signing import APP_ID, NONCE, SIGNATURE, TIMESTAMP

VERSION = "1.0.0"
MESSAGES: tuple[type[Message], ...] = (Course, Order, OrderReceipt, Refusal, Status, StatusReceipt)
REFUSALS = {
    "400": "消息体不是 JSON",
    "401": "签名、时间戳或应用编号不对",
    "409": "同一个 X-Nonce 用过了；换一个重发是安全的",
    "413": "超过 256 KB",
    "422": "字段不合要求，faults 逐项说明",
    "503": "没有开通，或者暂时很忙；稍后重发",
}
ABOUT = (
    "与 12345、12312 热线平台交换工单。编码 UTF-8，时间为 ISO 8601 带时区（+08:00）。\n\n"
    "签名：X-Signature = HMAC-SHA256(密钥, 方法\\n路径\\nX-Timestamp\\nX-Nonce\\nsha256(消息体)) 的小写十六进制；"
    "路径不含域名和查询串；时间戳为秒，前后 5 分钟有效；X-Nonce 每次不同，16 至 64 个字母或数字。\n\n"
    "重发：同一 source_no 和 revision 的工单、内容相同的状态，重发任意次结果一样；回答 2xx 之后内容已落盘。"
    "状态可以乱序到达，按 occurred_at、seq 排列。没有收到 2xx 的请隔 1 分钟、5 分钟、30 分钟、2、6、24 小时重发。"
)


def describe(public_url: str, title: str) -> dict[str, Any]:
    """OpenAPI 3.1."""
    _, schemas = models_json_schema(
        [(kind, "validation") for kind in MESSAGES], ref_template="#/components/schemas/{model}"
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{title}热线交换接口", "version": VERSION, "description": ABOUT},
        "servers": [{"url": public_url}],
        "security": [{"appId": [], "signature": [], "timestamp": [], "nonce": []}],
        "paths": {
            "/api/hotline/orders": {"post": describe_post("takeOrder", "交来一件工单", "Order", "OrderReceipt", True)},
            "/api/hotline/orders/{source_no}": {"get": describe_course()},
            "/api/hotline/statuses": {
                "post": describe_post("takeStatus", "告知一件工单的进展", "Status", "StatusReceipt", False)
            },
            "/api/hotline/files/{token}": {"get": describe_file()},
        },
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                name: {"type": "apiKey", "in": "header", "name": header}
                for name, header in {
                    "appId": APP_ID,
                    "signature": SIGNATURE,
                    "timestamp": TIMESTAMP,
                    "nonce": NONCE,
                }.items()
            },
        },
    }


def describe_post(name: str, summary: str, taken: str, given: str, is_filed: bool) -> dict[str, Any]:
    """A message in, a receipt out."""
    answers = {"200": describe_answer("收到过，结果同前" if is_filed else "已保存", given)}
    if is_filed:
        answers["201"] = describe_answer("已登记为新的事项，或者补充了材料", given)
    return {
        "operationId": name,
        "summary": summary,
        "requestBody": {"required": True, "content": content_of(taken)},
        "responses": answers | {code: describe_answer(words, "Refusal") for code, words in REFUSALS.items()},
    }


def describe_course() -> dict[str, Any]:
    """A question about one of their orders."""
    refusals = {code: words for code, words in REFUSALS.items() if code not in {"400", "422"}}
    refusals["404"] = "没有收到过这个编号的工单"
    return {
        "operationId": "showOrder",
        "summary": "查询一件工单在我局的进展",
        "parameters": [
            {
                "name": "source_no",
                "in": "path",
                "required": True,
                "description": "贵方的工单编号",
                "schema": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"},
            }
        ],
        "responses": {"200": describe_answer("进展", "Course")}
        | {code: describe_answer(words, "Refusal") for code, words in refusals.items()},
    }


def describe_file() -> dict[str, Any]:
    """The file of an attachment."""
    refusals = {"404": "没有这个文件", "410": "链接已失效", "503": REFUSALS["503"]}
    token = {"name": "token", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    whole = {"description": "原件，摘要见附件的 sha256", "content": {"application/octet-stream": {}}}
    return {
        "operationId": "fetchFile",
        "summary": "取一件工单的附件：地址在工单的 attachments[].url 里，不需要签名，过期失效",
        "security": [],
        "parameters": [token],
        "responses": {"200": whole} | {code: describe_answer(words, "Refusal") for code, words in refusals.items()},
    }


def describe_answer(words: str, schema: str) -> dict[str, Any]:
    """One answer."""
    return {"description": words, "content": content_of(schema)}


def content_of(schema: str) -> dict[str, Any]:
    """JSON after a schema."""
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
