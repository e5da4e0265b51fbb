"""The account's settings, the clock, faults, templates, subscriptions and a fresh start."""

import dataclasses

from flask import Response, jsonify
from pydantic import ValidationError

from simulator import faults as kinds
from simulator import subscribing
from simulator.control import door
from simulator.platform import mass
from simulator.platform.endpoint import current_world
from simulator.state import Switches

blueprint = door.new_blueprint("settings")


@blueprint.get("/account")
def account() -> Response:
    """Who is being played; no secret is in here."""
    world = current_world()
    config = world.config
    return jsonify(
        name=config.account_name,
        account_id=config.account_id,
        app_id=config.app_id,
        mode=config.mode,
        webhook=config.webhook,
        now=world.clock.now(),
        shift=world.clock.shift,
        seq=world.state.seq,
        templates=[template.model_dump() for template in world.state.templates.values()],
    )


@blueprint.get("/settings")
def settings() -> Response:
    return jsonify(current_world().state.switches.model_dump())


@blueprint.post("/settings")
def change_settings() -> Response:
    world = current_world()
    with world.lock:
        merged = world.state.switches.model_dump() | door.body()
        try:
            world.state.switches = Switches.model_validate(merged)
        except ValidationError as error:
            raise door.ControlError(str(error.errors()[0]["msg"])) from error
        world.touch()
        return jsonify(world.state.switches.model_dump())


@blueprint.post("/clock")
def clock() -> Response:
    """Move the time: `advance` by seconds, or set `shift` from the real time."""
    world = current_world()
    wish = door.body()
    with world.lock:
        try:
            world.clock.shift = float(wish.get("shift", world.clock.shift)) + float(wish.get("advance", 0))
        except (TypeError, ValueError) as error:
            raise door.ControlError("advance and shift are seconds") from error
        world.state.shift = world.clock.shift
        world.touch()
        return jsonify(now=world.clock.now(), shift=world.clock.shift)


@blueprint.post("/reset")
def reset() -> Response:
    current_world().reset()
    return jsonify(ok=True)


@blueprint.get("/faults")
def faults() -> Response:
    return jsonify(
        faults=current_world().faults.all(),
        kinds={"api": kinds.API_KINDS, "webhook": kinds.WEBHOOK_KINDS},
    )


@blueprint.post("/faults")
def add_fault() -> tuple[Response, int]:
    world = current_world()
    fault = world.faults.add(door.body())
    world.touch()
    return jsonify(dataclasses.asdict(fault)), 201


@blueprint.delete("/faults")
def clear_faults() -> Response:
    world = current_world()
    world.faults.clear()
    world.touch()
    return jsonify(faults=[])


@blueprint.delete("/faults/<int:fault_id>")
def clear_fault(fault_id: int) -> Response:
    world = current_world()
    world.faults.clear(fault_id)
    world.touch()
    return jsonify(faults=world.faults.all())


@blueprint.post("/tokens/expire")
def expire_tokens() -> Response:
    """End every access token at once, as a leak or a second server would."""
    world = current_world()
    with world.lock:
        for token in world.state.tokens:
            token.expires_at = world.clock.now()
        return jsonify(expired=len(world.state.tokens))


@blueprint.post("/templates")
def add_template() -> tuple[Response, int]:
    """Add a template message (kind template) or a subscription notice (kind once or long)."""
    wish = door.body()
    try:
        added = current_world().add_template(
            str(wish.get("kind", "template")),
            str(wish.get("title", "通知")),
            str(wish["content"]),
            str(wish.get("template_id", "")),
        )
    except (KeyError, ValidationError) as error:
        raise door.ControlError("content is needed; kind is template, once or long") from error
    return jsonify(added.model_dump()), 201


@blueprint.post("/users/<key>/subscriptions")
def subscribe(key: str) -> Response:
    """Answer a subscription pop-up (accept, reject) or switch a notice off later (refuse)."""
    world = current_world()
    wish = door.body()
    try:
        done = subscribing.answer(world, world.user(key), str(wish.get("template_id", "")), str(wish.get("status", "")))
    except subscribing.SubscribingError as error:
        raise door.ControlError(str(error)) from error
    return jsonify(dataclasses.asdict(done))


@blueprint.post("/mass/<int:msg_id>/<verdict>")
def confirm_mass(msg_id: int, verdict: str) -> Response:
    """The administrator's answer (confirm or refuse) when mass sends need one."""
    world = current_world()
    job = world.state.mass_jobs.get(msg_id)
    if job is None or verdict not in {"confirm", "refuse"}:
        raise door.ControlError("no such mass send; say confirm or refuse")
    mass.decide(world, job, verdict == "confirm")
    return jsonify(job.model_dump())
