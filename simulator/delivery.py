"""Pushing one message to the webhook: five seconds, three tries, and what the phone then shows."""

import concurrent.futures
import time
from typing import Any

import requests

from simulator import replies, wire, xmltext
from simulator.faults import Fault
from simulator.journal import Delivery, Try
from simulator.state import User
from simulator.world import World

UNAVAILABLE = "该公众号暂时无法提供服务，请稍后再试"
ANSWER_LIMIT = 1 << 20
CUT_SECONDS = 0.05
VISIBLE_EVENTS = {
    "subscribe",
    "SCAN",
    "CLICK",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
}


def push(world: World, user: User, fields: dict[str, Any], xml: str | None = None) -> Delivery:
    """Deliver one message or event and show its reply; returns when all tries are over."""
    label = fields.get("Event") or fields.get("MsgType", "xml")
    delivery = _record(world, user, fields, xml or xmltext.write(fields), label)
    with world.busy():
        answer = _deliver(world, delivery, world.faults.take("webhook", label))
        with world.lock:
            world.finished += 1
            world.count("deliveries")
            _conclude(world, user, delivery, answer, fields.get("Event"))
            delivery.seq = world.touch()
    return delivery


def replay(world: World, original: Try) -> Try:
    """Send the very same bytes once more; nothing of the answer is shown."""
    record = Try(original.url, dict(original.headers), original.body, world.clock.now(), fault="replay")
    with world.busy():
        _exchange(world, wire.Request(record.url, record.body.encode()), record, None)
    return record


def _record(world: World, user: User, fields: dict[str, Any], xml: str, label: str) -> Delivery:
    with world.lock:
        seq = world.touch()
        delivery = Delivery(
            id=seq,
            seq=seq,
            at=world.clock.now(),
            openid=user.openid,
            label=label,
            msg_id=fields.get("MsgId"),
            xml=xml,
            mode=world.config.mode,
        )
        world.journal.add_delivery(delivery)
        return delivery


def _deliver(world: World, delivery: Delivery, fault: Fault | None) -> bytes | None:
    if fault and fault.kind == "duplicate":
        return _in_parallel(world, delivery, fault)
    if fault and fault.kind == "reorder":
        _hold(world, fault.seconds)
    for number in range(world.state.switches.tries):
        answer = _try(world, delivery, fault if number == 0 else None)
        if answer is not None or delivery.tries[-1].status is not None:
            return answer
    return None


def _in_parallel(world: World, delivery: Delivery, fault: Fault) -> bytes | None:
    """The same MsgId several times at once; the phone shows the first answer only."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=fault.count) as pool:
        jobs = [pool.submit(_try, world, delivery, fault) for _ in range(fault.count)]
        return next((job.result() for job in jobs if job.result() is not None), None)


def _hold(world: World, seconds: float) -> None:
    """Let the next delivery overtake this one."""
    with world.changed:
        before = world.finished
        world.changed.wait_for(lambda: world.finished > before, seconds)


def _try(world: World, delivery: Delivery, fault: Fault | None) -> bytes | None:
    request = wire.build(world.config, delivery.xml, delivery.openid, world.clock.now(), fault)
    record = Try(
        url=request.url,
        headers=dict(wire.HEADERS),
        body=request.body.decode(),
        at=world.clock.now(),
        fault=fault.kind if fault else None,
    )
    with world.lock:
        delivery.tries.append(record)
        delivery.seq = world.touch()
    answer = _exchange(world, request, record, fault)
    with world.lock:
        delivery.seq = world.touch()
    return answer


def _exchange(world: World, request: wire.Request, record: Try, fault: Fault | None) -> bytes | None:
    """One HTTP request; fills the record; None unless a complete answer with status 200 came in time."""
    wait = CUT_SECONDS if fault and fault.kind == "cut" else world.state.switches.wait_seconds
    begun = time.monotonic()
    try:
        with world.http.post(
            request.url,
            data=request.body,
            headers=record.headers,
            timeout=wait,
            stream=True,
            allow_redirects=False,
        ) as response:
            body = _read_until(response, begun + wait)
            record.status = response.status_code
            record.answer_headers = dict(response.headers)
    except requests.Timeout:
        record.error = f"{wait:g} 秒内没有回答"
    except requests.RequestException as error:
        record.error = f"连接失败：{type(error).__name__}"
    else:
        record.answer = body.decode(errors="replace")
        if record.status == 200:
            return body
        record.error = f"HTTP {record.status}"
    finally:
        record.ms = int((time.monotonic() - begun) * 1000)
    return None


def _read_until(response: requests.Response, end: float) -> bytes:
    """Read the whole answer, however slowly it drips, but not past the deadline."""
    parts: list[bytes] = []
    for part in response.iter_content(65536):
        parts.append(part)
        if time.monotonic() > end:
            raise requests.Timeout
        if sum(map(len, parts)) > ANSWER_LIMIT:
            raise requests.ConnectionError("answer too large")
    return b"".join(parts)


def _conclude(world: World, user: User, delivery: Delivery, answer: bytes | None, event: str | None) -> None:
    """Read the answer as WeChat does and show a bubble, nothing, or that the account is out of order."""
    visible = not event or event in VISIBLE_EVENTS
    try:
        if answer is None:
            raise wire.ReplyError(delivery.tries[-1].error or "没有回答")
        delivery.reply_xml = wire.open_reply(world.config, answer)
        if delivery.reply_xml is None:
            delivery.outcome = "nothing"
            return
        delivery.reply = xmltext.read(delivery.reply_xml)
        kind, data = replies.read(world, user, delivery.reply_xml, after_message=not event)
    except (wire.ReplyError, xmltext.XmlError) as error:
        delivery.outcome = "no_answer" if answer is None else "invalid"
        delivery.reason = str(error)
        if visible:
            world.count("unavailable")
            world.show(user, "system", "unavailable", {"content": UNAVAILABLE}, delivery=delivery)
        return
    delivery.outcome = "reply"
    if visible and user.followed:
        world.count("replies")
        world.show(user, "account", kind, data, delivery=delivery)
