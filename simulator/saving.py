"""Keeps the state in a JSON file, so that users, menu and quotas survive a restart."""

import contextlib
import threading
from pathlib import Path

from pydantic import ValidationError

from simulator.config import ConfigError
from simulator.state import State
from simulator.world import World

EVERY_SECONDS = 1.0


def load(world: World, path: Path) -> None:
    """Continue from the file if there is one; refuse a file that is not ours."""
    try:
        if path.exists():
            world.restore(State.model_validate_json(path.read_bytes()))
        path.parent.mkdir(parents=True, exist_ok=True)
        save(world, path)
    except ValidationError as error:
        raise ConfigError(f"{path} is not a state file of the simulator / 不是模拟器的状态文件") from error
    except OSError as error:
        raise ConfigError(f"cannot use {path} / 无法读写: {error.strerror}") from error


def save(world: World, path: Path) -> None:
    """Write to a new file and swap, so that a crash leaves the old one whole."""
    with world.lock:
        text = world.state.model_dump_json()
    fresh = path.with_name(path.name + ".new")
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def keep_saving(world: World, path: Path, stopped: threading.Event) -> None:
    """Save whenever something has changed, and once more at the end."""
    saved = -1
    while not stopped.wait(EVERY_SECONDS):
        if world.state.seq != saved:
            saved = world.state.seq
            with contextlib.suppress(OSError):
                save(world, path)
