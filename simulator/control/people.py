"""Users and what they do: follow, unfollow, send, and what their phones show."""

import dataclasses

from flask import Response, jsonify

from simulator import phone
from simulator.control import door
from simulator.platform.endpoint import current_world
from simulator.state import Json, User
from simulator.world import World

blueprint = door.new_blueprint("people")


def describe(user: User) -> Json:
    return user.model_dump(exclude={"chat"})


def chat_after(user: User, seq: int) -> list[Json]:
    return [entry.model_dump() for entry in user.chat if entry.seq > seq]


def report(world: World, user: User, sent: phone.Sent) -> Response:
    """All that happened: the delivery with its tries, and what the phone shows because of it."""
    with world.lock:
        seqs = set(sent.delivery.shown) if sent.delivery else set()
        return jsonify(
            delivery=dataclasses.asdict(sent.delivery) if sent.delivery else None,
            shown=[entry.model_dump() for entry in user.chat if entry.seq in seqs],
            open=sent.open,
            user=describe(user),
        )


@blueprint.get("/users")
def list_users() -> Response:
    world = current_world()
    with world.lock:
        return jsonify(users=[describe(user) for user in world.state.users.values()])


@blueprint.post("/users")
def create_user() -> tuple[Response, int]:
    name = str(door.body().get("name", "")).strip()
    if not 1 <= len(name) <= 20:
        raise door.ControlError("name must have 1 to 20 characters")
    return jsonify(describe(current_world().add_user(name))), 201


@blueprint.get("/users/<key>")
def get_user(key: str) -> Response:
    world = current_world()
    with world.lock:
        return jsonify(describe(world.user(key)))


@blueprint.post("/users/<key>/follow")
def follow(key: str) -> Response:
    world = current_world()
    user = world.user(key)
    return report(world, user, phone.follow(world, user, phone.find_qrcode(world, door.body())))


@blueprint.post("/users/<key>/unfollow")
def unfollow(key: str) -> Response:
    world = current_world()
    user = world.user(key)
    return report(world, user, phone.unfollow(world, user))


@blueprint.get("/users/<key>/chat")
def chat(key: str) -> Response:
    """The transcript; with `wait`, a long poll for something new."""
    world = current_world()
    user, after = world.user(key), int(door.number("after"))
    with world.changed:
        world.changed.wait_for(lambda: chat_after(user, after), min(door.number("wait"), 30))
        return jsonify(chat=chat_after(user, after), seq=world.state.seq)


@blueprint.post("/send")
def send() -> Response:
    """One action of one user; answers when the delivery, with all its retries, is over."""
    world = current_world()
    spec = door.body()
    user = world.user(str(spec.pop("user", "")))
    return report(world, user, phone.send(world, user, spec))
