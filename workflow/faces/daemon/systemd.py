"""Tell systemd how it goes (sd_notify): READY=1, WATCHDOG=1, RELOADING=1, STOPPING=1. Nothing where nobody asks."""

from __future__ import annotations

import os
import socket


def notify(state: str) -> None:
    """Send ``state`` to the socket systemd named, a path or an abstract name (``@``)."""
    name = os.environ.get("NOTIFY_SOCKET", "")
    if name:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as one:
            one.sendto(state.encode(), "\0" + name[1:] if name.startswith("@") else name)
