"""A second machine in a network namespace of its own, linked to this one by a virtual cable."""

import os
import shutil
import socket
import subprocess
import threading
from contextlib import suppress

import pytest

NO_ROOT = "NO SECOND MACHINE: network namespaces need root and iproute2 (apt-get install iproute2)"


def run(*command: str) -> None:
    """A command of the system that must succeed."""
    subprocess.run(command, check=True, capture_output=True)


class SecondMachine:
    """Its name, its address, and the prefix that lets a command run there."""

    def __init__(self, number: int) -> None:
        self.name, self.cable, self.far = f"chengxin{number}", f"cx{number}a", f"cx{number}b"
        self.here, self.address = f"10.77.{number % 250}.1", f"10.77.{number % 250}.2"
        self.prefix = ["ip", "netns", "exec", self.name]

    def plug_in(self) -> None:
        """Make the namespace and the cable."""
        run("ip", "netns", "add", self.name)
        run("ip", "link", "add", self.cable, "type", "veth", "peer", "name", self.far, "netns", self.name)
        run("ip", "addr", "add", f"{self.here}/30", "dev", self.cable)
        run("ip", "link", "set", self.cable, "up")
        inside = [*self.prefix, "ip"]
        run(*inside, "addr", "add", f"{self.address}/30", "dev", self.far)
        run(*inside, "link", "set", self.far, "up")
        run(*inside, "link", "set", "lo", "up")

    def cut_cable(self) -> None:
        """Nothing goes either way, and nobody is told."""
        run("ip", "link", "set", self.cable, "down")

    def mend_cable(self) -> None:
        """As it was."""
        run("ip", "link", "set", self.cable, "up")

    def unplug(self) -> None:
        """Take both away; the processes there are the caller's to end."""
        for command in (["ip", "link", "del", self.cable], ["ip", "netns", "del", self.name]):
            subprocess.run(command, check=False, capture_output=True)


def require_second_machine() -> SecondMachine:
    """Plugged in; skips, and says so, where this may not be done."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip(NO_ROOT)
    machine = SecondMachine(os.getpid() % 30_000)
    try:
        machine.plug_in()
    except subprocess.CalledProcessError as error:
        machine.unplug()
        pytest.skip(f"{NO_ROOT}: {error.stderr.decode().strip()}")
    return machine


class Passage:
    """Carries connections from an address that the second machine sees to a port of this one's loopback."""

    def __init__(self, here: str, port: int) -> None:
        self.target = port
        self.listener = socket.create_server((here, 0), backlog=128)
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        """Until closed."""
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=carry, args=(source, target), daemon=True).start()

    def close(self) -> None:
        """No further connections."""
        self.listener.close()


def carry(source: socket.socket, target: socket.socket) -> None:
    """Until either end closes."""
    with suppress(OSError):
        while piece := source.recv(65_536):
            target.sendall(piece)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
