"""Error pages in plain Chinese: what happened, what to do, a number to quote; never a trace."""

import logging
import secrets
from dataclasses import dataclass

from flask import Flask, Response, current_app, jsonify, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import BadHost, HTTPException

from models.database import DatabaseBusyError

logger = logging.getLogger(__name__)

# Easy to read out on the phone: no 0 O 1 I L.
NUMBER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


BARE_PAGE = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title>'
    '<h1>{title}</h1><p>{advice}</p><p>编号 {number}</p><p><a href="/">返回首页</a></p></html>'
)


@dataclass(frozen=True)
class Words:
    """What a citizen reads."""

    title: str
    advice: str


WORDS = {
    400: Words("没有看懂这个请求", "链接可能不完整。请返回首页重新查询。"),
    403: Words("您的岗位不能使用这项功能", "这次操作已记录。确实需要的，请找系统管理员调整岗位。"),
    404: Words("没有这个页面", "链接可能写错了，或这家企业已不在登记资料中。您可以在下面重新查询。"),
    405: Words("不能这样打开", "请不要直接打开这个地址，请从首页进入。"),
    413: Words("发来的内容太长", "请返回上一页，缩短文字或一次少选几个文件，再试一次。"),
    429: Words("查询太频繁", "请稍等一分钟再试。"),
    500: Words("服务出了点问题", "不是您的错。请稍后再试；如果一直这样，请告诉我们下面的编号。"),
    503: Words("服务暂时很忙", "请过一两分钟再试。"),
}
# Who pressed a button must know whether to press it again; what was saved all the same is not saved twice.
NOT_SAVED = Words(
    "这一步没有保存成功",
    "您刚才提交的内容还没有保存。请过一两分钟按“返回”，再提交一次；不会变成两件。"
    "看到编号的，才是提交成功了。如果一直这样，请告诉我们下面的编号。",
)
# What staff read instead.
CONSOLE_WORDS = WORDS | {
    400: Words("这一页已过期", "可能在别处重新登录过。请按浏览器的“返回”，刷新后再提交；填好的内容还在。"),
    404: Words("没有这个页面", "地址可能写错了，或者这一项已不存在。请从左上角返回首页。"),
    413: Words("填写的内容太长", "请缩短后再提交。"),
    429: Words("操作太频繁", "请稍等一分钟再试。"),
    500: Words("系统出了点问题", "不是您的错。请稍后再试；如果一直这样，请把下面的编号告诉系统管理员。"),
}


def make_number() -> str:
    """A number by which staff find the log line, such as 7KQ4-WX9M."""
    drawn = "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def is_console() -> bool:
    """Staff asked, not a citizen."""
    return request.path.startswith("/console")


def answer(status: int, number: str) -> Response:
    """The error as a page, or as JSON where a script asked."""
    known = CONSOLE_WORDS if is_console() else WORDS
    words = known.get(status) or known[500 if status >= 500 else 400]
    if status >= 500 and request.method == "POST" and not is_console():
        words = NOT_SAVED
    if request.path.endswith("/suggest") or request.path.startswith("/api/"):
        response = jsonify(error=words.title, number=number)
    else:
        response = Response(render_page(words, number))
    response.status_code = status
    return response


def render_page(words: Words, number: str) -> str:
    """The page; bare words where even the page fails, or where the request names no host to link to."""
    if isinstance(request.routing_exception, BadHost):
        return BARE_PAGE.format(title=words.title, advice=words.advice, number=number)
    try:
        name = "console/error.html" if is_console() and "console" in current_app.blueprints else "error.html"
        return render_template(name, words=words, number=number)
    except Exception:
        logger.exception("no error page for %s", number)
        return BARE_PAGE.format(title=words.title, advice=words.advice, number=number)


def register(app: Flask) -> None:
    """Answer every error of `app` with a page; the log holds its number, route and cause, never the query."""

    @app.errorhandler(HTTPException)
    def answer_http_error(error: HTTPException) -> Response:
        """What the framework refused."""
        status = error.code or 500
        number = make_number()
        logger.info("refused %s: %s %s", number, status, request.url_rule or "no route")
        response = answer(status, number)
        for name, value in error.get_headers():
            if name in {"Allow", "Retry-After"}:
                response.headers[name] = value
        return response

    @app.errorhandler(OperationalError)
    @app.errorhandler(DatabaseBusyError)
    def answer_busy(error: Exception) -> Response:
        """The database did not answer in time."""
        number = make_number()
        cause = getattr(error, "orig", None) or type(error).__name__  # without the statement and its values
        logger.error("busy %s: %s %s", number, request.url_rule, cause)
        response = answer(503, number)
        response.headers["Retry-After"] = "60"
        return response

    @app.errorhandler(Exception)
    def answer_failure(error: Exception) -> Response:
        """A fault of ours, logged with its trace."""
        number = make_number()
        logger.error("failed %s: %s", number, request.url_rule, exc_info=error)
        return answer(500, number)
