"""Who may call: access tokens of both kinds, and the IP whitelist."""

import secrets
from typing import Literal

from simulator.platform.errors import WeChatError
from simulator.state import AccessToken
from simulator.world import World

LIFETIME = 7200
OVERLAP = 300


def check_app(world: World, app_id: str, app_secret: str) -> None:
    """Refuse a wrong app id or secret with WeChat's codes."""
    if not app_id:
        raise WeChatError(41002)
    if not app_secret:
        raise WeChatError(41004)
    if app_id != world.config.app_id:
        raise WeChatError(40013)
    if not secrets.compare_digest(app_secret.encode(), world.config.app_secret.encode()):
        raise WeChatError(40125)


def check_address(world: World, address: str) -> None:
    allowed = world.state.switches.ip_whitelist
    if allowed and address not in allowed:
        raise WeChatError(40164, f", ip: {address}")


def latest(world: World, kind: Literal["normal", "stable"]) -> AccessToken | None:
    """The current token of one kind, unless it has expired."""
    now = world.clock.now()
    tokens = [t for t in world.state.tokens if t.kind == kind and not t.replaced and now < t.expires_at]
    return tokens[-1] if tokens else None


def issue(world: World, kind: Literal["normal", "stable"], overlap: float = OVERLAP) -> AccessToken:
    """Give out a new token; the last one of its kind lives on only for the overlap."""
    now = world.clock.now()
    state = world.state
    state.tokens = [t for t in state.tokens if now < t.expires_at + LIFETIME][-20:]
    for token in state.tokens:
        if token.kind == kind and not token.replaced:
            token.replaced = True
            token.expires_at = min(token.expires_at, now + overlap)
    value = f"{secrets.randbelow(90) + 10}_{secrets.token_urlsafe(96)}"
    state.tokens.append(AccessToken(value=value, kind=kind, expires_at=now + LIFETIME))
    world.count(f"{kind}_tokens_issued")
    return state.tokens[-1]


def authorize(world: World, value: str) -> None:
    """Accept a living token; 41001, 40014, 42001 or 40001 otherwise."""
    if not value:
        raise WeChatError(41001)
    if len(value) < 32:
        raise WeChatError(40014)
    token = next((t for t in world.state.tokens if t.value == value), None)
    if token is None:
        raise WeChatError(40001)
    if world.clock.now() >= token.expires_at:
        raise WeChatError(40001 if token.replaced else 42001)
