"""Faults on demand: what can go wrong on WeChat's side, for the next n times or until cleared."""

import dataclasses
import fnmatch
import threading
from typing import Any

API_KINDS = {
    "slow": "等 seconds 秒才回答",
    "errcode": "回答 errcode（-1、40001、45009、45047、40164 …）",
    "http": "回答 HTTP status 与一页 HTML",
    "garbage": "回答不是 JSON 的内容",
    "cut": "回答到一半断开连接",
}
WEBHOOK_KINDS = {
    "duplicate": "同一 MsgId 并行投递 count 次",
    "reorder": "扣住这条，等下一条先到（最多 seconds 秒）",
    "wrong_signature": "签名错误",
    "stale_timestamp": "时间戳早 seconds 秒（签名正确）",
    "plaintext": "安全模式下发明文",
    "tampered": "签名之后改动密文",
    "corrupt": "签名正确但密文解不开",
    "cut": "发出后不等回答就断开",
}
DEFAULT_SECONDS = {"slow": 6.0, "reorder": 4.0, "stale_timestamp": 3600.0}


class FaultError(ValueError):
    """A fault that nobody can carry out."""


@dataclasses.dataclass
class Fault:
    """One thing that goes wrong; `times` None means until cleared."""

    id: int
    side: str
    kind: str
    path: str = "*"
    times: int | None = 1
    when: str = "before"
    seconds: float = 0.0
    errcode: int = -1
    status: int = 502
    count: int = 3

    def check(self) -> None:
        kinds = {"api": API_KINDS, "webhook": WEBHOOK_KINDS}.get(self.side)
        if kinds is None or self.kind not in kinds:
            raise FaultError(f"no such fault: side={self.side} kind={self.kind}")
        if self.when not in {"before", "after"}:
            raise FaultError("when must be before or after (the act)")
        if self.times is not None and self.times < 1:
            raise FaultError("times must be at least 1, or null for until cleared")


class Faults:
    """The faults that are waiting to happen, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._last_id = 0

    def add(self, wish: dict[str, Any]) -> Fault:
        names = {field.name for field in dataclasses.fields(Fault)} - {"id"}
        unknown = set(wish) - names
        if unknown:
            raise FaultError(f"unknown fields: {', '.join(sorted(unknown))}")
        with self._lock:
            try:
                fault = Fault(id=self._last_id + 1, **wish)
            except TypeError as error:
                raise FaultError("side and kind are needed") from error
            fault.check()
            fault.seconds = fault.seconds or DEFAULT_SECONDS.get(fault.kind, 0.0)
            self._last_id = fault.id
            self._faults.append(fault)
            return fault

    def take(self, side: str, path: str) -> Fault | None:
        """Take the first fault that fits, counting it down."""
        with self._lock:
            for fault in self._faults:
                if fault.side == side and fnmatch.fnmatch(path, fault.path):
                    if fault.times is not None:
                        fault.times -= 1
                        if fault.times == 0:
                            self._faults.remove(fault)
                    return fault
        return None

    def all(self) -> list[dict[str, Any]]:
        with self._lock:
            return [dataclasses.asdict(fault) for fault in self._faults]

    def clear(self, fault_id: int | None = None) -> None:
        with self._lock:
            self._faults = [f for f in self._faults if fault_id is not None and f.id != fault_id]
