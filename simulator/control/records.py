"""What went over the wire: deliveries, API calls, counters, and waiting for quiet."""

import dataclasses
import fnmatch

from flask import Response, jsonify, request

from simulator import delivery, verification
from simulator.control import door
from simulator.control.people import chat_after, describe
from simulator.platform.endpoint import current_world

blueprint = door.new_blueprint("records")


@blueprint.get("/deliveries")
def deliveries() -> Response:
    world = current_world()
    with world.lock:
        return jsonify(deliveries=world.journal.deliveries_after(int(door.number("after"))))


@blueprint.get("/deliveries/<int:delivery_id>")
def one_delivery(delivery_id: int) -> Response:
    world = current_world()
    with world.lock:
        found = world.journal.deliveries.get(delivery_id)
        if found is None:
            raise door.ControlError("no such delivery")
        return jsonify(dataclasses.asdict(found))


@blueprint.post("/deliveries/<int:delivery_id>/replay")
def replay(delivery_id: int) -> Response:
    """Send the first try again, byte for byte, as an eavesdropper would."""
    world = current_world()
    found = world.journal.deliveries.get(delivery_id)
    if found is None or not found.tries:
        raise door.ControlError("no such delivery")
    return jsonify(dataclasses.asdict(delivery.replay(world, found.tries[0])))


@blueprint.get("/calls")
def calls() -> Response:
    """API calls, newest last; `path` is a pattern such as /cgi-bin/message/*."""
    world = current_world()
    pattern = request.args.get("path", "*")
    with world.lock:
        found = world.journal.calls_after(int(door.number("after")))
        return jsonify(calls=[call for call in found if fnmatch.fnmatch(call["path"], pattern)])


@blueprint.get("/counters")
def counters() -> Response:
    world = current_world()
    with world.lock:
        return jsonify(counters=world.state.counters, calls_today=world.state.calls_today)


@blueprint.post("/settle")
def settle() -> Response:
    """Wait until no delivery or event is in flight."""
    quiet = current_world().settle(min(float(door.body().get("timeout", 20)), 60))
    return jsonify(settled=quiet)


@blueprint.post("/verify")
def verify() -> Response:
    """The URL verification WeChat does when a server is configured."""
    world = current_world()
    return jsonify(dataclasses.asdict(verification.verify(world)))


@blueprint.get("/updates")
def updates() -> Response:
    """All that is new since `after` (in the chat since `chat_after`), in one answer for the phone page."""
    world = current_world()
    after, key = int(door.number("after")), request.args.get("user", "")
    world.wait_after(after, min(door.number("wait"), 30))
    with world.lock:
        user = world.state.users.get(key)
        return jsonify(
            seq=world.state.seq,
            epoch=world.epoch,
            user=key,
            now=world.clock.now(),
            users=[describe(each) for each in world.state.users.values()],
            menu=world.state.menu,
            chat=chat_after(user, int(door.number("chat_after", after))) if user else [],
            deliveries=world.journal.deliveries_after(after),
            calls=world.journal.calls_after(after),
            faults=world.faults.all(),
            waiting=[job.msg_id for job in world.state.mass_jobs.values() if job.status == "WAITING"],
        )
