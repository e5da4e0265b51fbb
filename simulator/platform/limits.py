"""How often each API may be called: by day (Asia/Shanghai) and by minute."""

from simulator.platform.errors import WeChatError
from simulator.world import World

DAILY = {
    "/cgi-bin/token": 2000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/menu/create": 1000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/menu/delete": 1000,
    "/cgi-bin/get_current_selfmenu_info": 10_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/message/mass/sendall": 100,
    "/cgi-bin/message/mass/send": 100,
    "/cgi-bin/message/mass/preview": 100,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/user/get": 500,
    "/cgi-bin/user/info": 5_000_000,
}
PER_MINUTE = {
    "/cgi-bin/message/custom/send": 12_000,
    "/cgi-bin/message/subscribe/bizsend": 12_000,
    "/cgi-bin/stable_token": 10_000,
    "/cgi-bin/message/mass/sendall": 60,
    "/cgi-bin/message/mass/send": 60,
    "/sns/oauth2/access_token": 50_000,
}
SHARED = {"/cgi-bin/message/mass/send": "/cgi-bin/message/mass/sendall"}  # one quota for both ways to mass send
CLEARS_A_MONTH = 10


def daily_limit(world: World, path: str) -> int | None:
    return world.state.switches.daily_limits.get(path, DAILY.get(path))


def used_today(world: World, path: str) -> int:
    _roll(world)
    return world.state.calls_today.get(SHARED.get(path, path), 0)


def _roll(world: World) -> None:
    state = world.state
    if state.calls_day != world.clock.day():
        state.calls_day, state.calls_today = world.clock.day(), {}
    if state.calls_minute != world.clock.minute():
        state.calls_minute, state.calls_this_minute = world.clock.minute(), {}


def count(world: World, path: str) -> None:
    """Count one call, or refuse it: 45009 for the day, 45011 for the minute."""
    _roll(world)
    state, name = world.state, SHARED.get(path, path)
    limit = daily_limit(world, path)
    if limit is not None and state.calls_today.get(name, 0) >= limit:
        raise WeChatError(45009)
    minute = PER_MINUTE.get(path)
    if minute is not None and state.calls_this_minute.get(name, 0) >= minute:
        raise WeChatError(45011)
    state.calls_today[name] = state.calls_today.get(name, 0) + 1
    state.calls_this_minute[name] = state.calls_this_minute.get(name, 0) + 1


def clear(world: World) -> None:
    """Set all daily counts to zero, ten times a month, as clear_quota does."""
    name = f"clear_quota {world.clock.month()}"
    used = world.state.counters.get(name, 0)
    if used >= CLEARS_A_MONTH:
        raise WeChatError(48006)
    world.state.counters[name] = used + 1
    world.state.calls_today = {}
