"""The command line: `chengxin …`."""

from cli.main import main

__all__ = ["main"]
