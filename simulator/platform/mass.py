"""Mass sends: accepted now, delivered and reported a moment later."""

import hashlib
import json
from collections.abc import Callable

from simulator import delivery, messages
from simulator.platform import customer_service as service
from simulator.platform.articles import is_draft
from simulator.platform.endpoint import OK, Answer, Call, Endpoints
from simulator.platform.errors import WeChatError
from simulator.state import Article, Json, MassJob, User
from simulator.world import World

PER_USER_A_MONTH = 4
ID_BYTES = 64
ID_KEPT = 86_400
RETRY_APART = 60
CONFIRM_WITHIN = 1800
READERS: dict[str, Callable[[Call, Json], tuple[str, Json]]] = {
    "text": service.read_text,
    "image": service.read_image,
    "voice": service.read_voice,
    "mpvideo": service.read_video,
    "mpnews": service.read_mpnews,
}

endpoints = Endpoints("mass")


def _read(call: Call) -> Json:
    """The message as the phones will show it."""
    kind = call.text("msgtype")
    if kind not in READERS:
        raise WeChatError(40008)
    part = call.body.get(kind)
    if kind == "image" and not isinstance(part, dict):
        images = call.body.get("images")
        ids = images.get("media_ids") if isinstance(images, dict) else None
        part = {"media_id": ids[0] if isinstance(ids, list) and ids else ""}
    if not isinstance(part, dict):
        raise WeChatError(40035)
    shown, data = READERS[kind](call, part)
    return {"kind": shown, "data": data}


def _use_up_draft(call: Call) -> Article | None:
    """A draft that is sent leaves the drafts; one that left them before cannot be sent."""
    part = call.body.get("mpnews")
    article = call.world.state.articles.get(str(part.get("media_id"))) if isinstance(part, dict) else None
    if article is not None:
        if not is_draft(article):
            raise WeChatError(40007)
        article.mass_sent = True
    return article


def _client_msg_id(call: Call) -> str:
    """The caller's id, or WeChat's own digest of audience and content."""
    given = call.text("clientmsgid")
    if len(given.encode()) > ID_BYTES:
        raise WeChatError(45067)
    if given:
        return given
    content = json.dumps(call.body, sort_keys=True, ensure_ascii=False)
    return "digest-" + hashlib.sha256(content.encode()).hexdigest()[:48]


def _refuse_repetition(call: Call, client_msg_id: str) -> None:
    for job in call.world.state.mass_jobs.values():
        age = call.now - job.sent_at
        if job.client_msg_id != client_msg_id or age >= ID_KEPT:
            continue
        if age < RETRY_APART:
            raise WeChatError(45066, msg_id=job.msg_id)
        raise WeChatError(45065, msg_id=job.msg_id)


def _accept(call: Call, openids: list[str], to_all: bool) -> Answer:
    """A repetition is known by its id before anything else: its draft is gone by then."""
    client_msg_id = _client_msg_id(call)
    _refuse_repetition(call, client_msg_id)
    message = _read(call)
    world = call.world
    article = _use_up_draft(call)
    job = MassJob(
        msg_id=3_147_483_648 + world.touch(),
        client_msg_id=client_msg_id,
        sent_at=call.now,
        openids=openids,
        to_all=to_all,
        message=message,
        call=call.record.id,
    )
    world.state.mass_jobs[job.msg_id] = job
    if to_all and world.state.switches.mass_protection:
        job.status = "WAITING"
    else:
        world.later(world.state.switches.event_delay, lambda: finish(world, job))
    answer = {"errcode": 0, "errmsg": "send job submission success", "msg_id": job.msg_id}
    if article is None:
        return answer
    article.data_id = world.touch()
    return answer | {"msg_data_id": article.data_id}


@endpoints.post("/cgi-bin/message/mass/sendall")
def send_all(call: Call) -> Answer:
    """To all followers or to those with a tag."""
    wanted = call.need("filter", 40035)
    if not isinstance(wanted, dict):
        raise WeChatError(40035)
    to_all = wanted.get("is_to_all") is True
    followers = [user for user in call.world.state.users.values() if user.followed]
    if not to_all:
        tag_id = wanted.get("tag_id", wanted.get("group_id"))
        if not isinstance(tag_id, int) or tag_id not in call.world.state.tags:
            raise WeChatError(45159)
        followers = [user for user in followers if tag_id in user.tags]
    return _accept(call, [user.openid for user in followers], to_all)


@endpoints.post("/cgi-bin/message/mass/send")
def send(call: Call) -> Answer:
    """To a list of 2 to 10,000 openids."""
    openids = call.body.get("touser")
    if not isinstance(openids, list) or not 2 <= len(openids) <= 10_000:
        raise WeChatError(40032)
    known = [openid for openid in map(str, openids) if openid in call.world.state.users]
    if not known:
        raise WeChatError(40003)
    return _accept(call, known, False)


@endpoints.post("/cgi-bin/message/mass/preview")
def preview(call: Call) -> Answer:
    """To one person by openid or 微信号 (here: the name), without using up anyone's month."""
    name = call.text("towxname")
    found = [user for user in call.world.state.users.values() if name and user.name == name]
    user = found[0] if found else call.user(call.body.get("touser"))
    if not user.followed:
        raise WeChatError(43004)
    message = _read(call)
    msg_id = 3_147_483_648 + call.world.touch()
    call.world.show(user, "account", message["kind"], message["data"] | {"preview": True}, call=call.record)
    return {"errcode": 0, "errmsg": "preview success", "msg_id": msg_id}


@endpoints.post("/cgi-bin/message/mass/get")
def get(call: Call) -> Answer:
    job = call.world.state.mass_jobs.get(call.number("msg_id"))
    if job is None:
        raise WeChatError(40035)
    _run_out(call.world, job)
    return {"msg_id": job.msg_id, "msg_status": job.status}


@endpoints.post("/cgi-bin/message/mass/delete")
def delete(call: Call) -> Answer:
    """Take a mass send back from the phones; only articles and videos can be."""
    job = call.world.state.mass_jobs.get(call.number("msg_id"))
    if job is None or job.message["kind"] not in {"news", "video"}:
        raise WeChatError(40035)
    job.status = "DELETE"
    for user in call.world.state.users.values():
        user.chat = [entry for entry in user.chat if entry.data.get("mass") != job.msg_id]
    call.world.touch()
    return OK


def _run_out(world: World, job: MassJob) -> None:
    """A protected send that nobody confirmed in half an hour fails; noticed when somebody looks."""
    if job.status == "WAITING" and world.clock.now() - job.sent_at > CONFIRM_WITHIN:
        job.status = "SEND_FAIL"
        world.later(world.state.switches.event_delay, lambda: finish(world, job, refused=True))


def decide(world: World, job: MassJob, confirmed: bool) -> None:
    """The administrator's word on a protected mass send, valid for 30 minutes."""
    if job.status != "WAITING":
        return
    job.status = "SENDING"
    in_time = world.clock.now() - job.sent_at <= CONFIRM_WITHIN
    finish(world, job, refused=not (confirmed and in_time))


def _reach(world: World, job: MassJob, user: User) -> bool:
    """Show the message to one follower, unless the month's four are used up."""
    month = world.clock.month()
    received = user.mass_received.get(month, 0)
    if not user.followed or received >= PER_USER_A_MONTH:
        return False
    user.mass_received = {month: received + 1}
    entry = world.show(user, "account", job.message["kind"], job.message["data"] | {"mass": job.msg_id})
    entry.call = job.call
    return True


def finish(world: World, job: MassJob, refused: bool = False) -> None:
    """Deliver, count, and push MASSSENDJOBFINISH."""
    with world.lock:
        if job.status == "DELETE":
            return
        status = "send fail" if refused else world.state.switches.mass_status
        users = [world.state.users[openid] for openid in job.openids if openid in world.state.users]
        sent = sum(_reach(world, job, user) for user in users) if status == "send success" else 0
        job.status = "SEND_SUCCESS" if status == "send success" else "SEND_FAIL"
        world.count("mass_sends")
        fields = messages.head(world.config.account_id, world.config.operator, world.clock.now(), "event") | {
            "Event": "MASSSENDJOBFINISH",
            "MsgID": job.msg_id,
            "Status": status,
            "TotalCount": len(users),
            "FilterCount": len(users),
            "SentCount": sent,
            "ErrorCount": len(users) - sent,
            "CopyrightCheckResult": {"Count": 0, "ResultList": "", "CheckState": 2},
            "ArticleUrlResult": _links(job),
        }
    delivery.push(world, User(openid=world.config.operator, name=""), fields)


def _links(job: MassJob) -> Json:
    articles = job.message["data"].get("articles", [])
    items = [{"ArticleIdx": i, "ArticleUrl": a["url"]} for i, a in enumerate(articles, 1)]
    return {"Count": len(items), "ResultList": {"item": items} if items else ""}
