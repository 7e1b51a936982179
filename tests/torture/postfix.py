"""A private Postfix: its own configuration, queue and port on loopback, every mailbox a maildir, no way out.

``raadN@kommune.example`` exists unless N ends in 00 or 50: such a letter is taken and then bounced;
``sekretariatN@`` always exists. What comes back to
``retur+...@nord.example`` lands in :attr:`Postfix.bounces`, a copy of every letter in :attr:`Postfix.journal` once
:meth:`Postfix.keep_copies` was asked for. Needs root, as Postfix does.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

SBIN, DAEMONS = Path("/usr/sbin"), Path("/usr/lib/postfix/sbin")
READER = 65534  # nobody, whom the mailboxes belong to

MAIN = """\
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
command_directory = {sbin}
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
maillog_file = {home}/log
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.example
mydestination =
mynetworks = 127.0.0.0/8
default_transport = error:there is no way out
virtual_mailbox_domains = kommune.example, nord.example
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = regexp:{home}/mailboxes
virtual_uid_maps = static:{reader}
virtual_gid_maps = static:{reader}
smtpd_reject_unlisted_recipient = no
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
notify_classes =
queue_run_delay = 2s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
virtual unix - n n - - virtual
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
MAILBOXES = r"""
if !/^raad[0-9]*(00|50)@/
/^(raad|sekretariat)[0-9]+@kommune\.example$/ letters/
endif
/^retur\+.*@nord\.example$/ bounces/
/^journal@nord\.example$/ journal/
"""


def why_not() -> str:
    """Why no Postfix can be run here; ``""`` when one can."""
    if not (DAEMONS / "master").exists():
        return "Postfix is not installed"
    return "" if os.geteuid() == 0 else "Postfix starts as root only"


def free_port() -> int:
    """A port on loopback where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


class Postfix:
    """One instance below ``home``, which users other than root must be able to reach."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.bounces, self.letters, self.journal = (
            home / "mail" / box for box in ("bounces", "letters", "journal")
        )
        self.port = free_port()
        for folder in ("etc", "queue", "data", "mail"):
            (home / folder).mkdir()
        for box in (self.bounces, self.letters, self.journal):
            for part in ("new", "cur", "tmp"):
                (box / part).mkdir(parents=True)
        for path in (home / "mail").rglob("*"):
            os.chown(path, READER, READER)
        shutil.chown(home / "data", "postfix")
        told = {"home": home, "sbin": SBIN, "daemons": DAEMONS, "reader": READER, "port": self.port}
        (home / "etc" / "main.cf").write_text(MAIN.format(**told))
        (home / "etc" / "master.cf").write_text(MASTER.format(**told))
        (home / "mailboxes").write_text(MAILBOXES)
        subprocess.run([SBIN / "postfix", "-c", home / "etc", "check"], check=True, capture_output=True)
        self.master: subprocess.Popen[bytes] | None = None

    def keep_copies(self) -> None:
        """From its next start on, put a copy of everything into the journal mailbox."""
        with (self.home / "etc" / "main.cf").open("a") as config:
            config.write("always_bcc = journal@nord.example\n")

    def start(self) -> None:
        """Start it and wait for its greeting."""
        self.master = subprocess.Popen(
            [DAEMONS / "master", "-d", "-c", self.home / "etc"],
            env={"MAIL_CONFIG": str(self.home / "etc"), "PATH": os.environ["PATH"]},
            start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + 60
        while not self._greets():
            if self.master.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"Postfix did not start:\n{(self.home / 'log').read_text()[-3000:]}")
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL to the master and every process of its."""
        if self.master is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.master.pid, signal.SIGKILL)
            self.master.wait()
            self.master = None

    def queued(self) -> int:
        """Letters and reports it has taken and not dealt with yet; half a file was never taken."""
        places = [self.home / "queue" / folder for folder in ("incoming", "active", "deferred")]
        return sum(whole(path) for place in places for path in place.rglob("*"))

    def _greets(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5) as line:
            return line.recv(100).startswith(b"220")
        return False


def whole(path: Path) -> bool:
    """Whether it is a queue file that was written to its end: Postfix then makes it executable."""
    with suppress(FileNotFoundError):  # dealt with meanwhile
        return path.is_file() and bool(path.stat().st_mode & 0o100)
    return False


def version() -> str:
    """``Postfix 3.7.11``."""
    said = subprocess.run(
        [SBIN / "postconf", "-dh", "mail_version"], check=True, capture_output=True, text=True
    )
    return f"Postfix {said.stdout.strip()}"
