"""The install section of ``docs/operating.md``, walked to the letter: in a root of its own, laid over this machine's,
its commands are run as they stand, from nothing to units in place and letters in a mail server's hands.

What cannot be there is put in its place: the package comes from the wheel built here, ``editor`` writes the files
that the page shows, ``systemctl`` looks at the units as systemd reads them, and the relay is a mail server on loopback.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.sink import Counted, sink
from tests.conftest import ROOT
from tests.contract.test_packaging import run

PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
SECTION, FIRST, AWAY = "## systemd, Prometheus\n", "**The first letter.**", ("dev", "proc", "sys")
SYSTEMCTL = """\
#!/bin/sh
[ "$1" = daemon-reload ] && exit 0
shift 2
for unit in "$@"; do
  case $unit in *.*) ;; *) unit=$unit.service ;; esac
  systemd-analyze verify --man=no /etc/systemd/system/$unit || exit 1
done
"""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("packaging")]


def block(kind: str, below: str) -> str:
    """The first block of this kind below the page's heading, or below words in bold."""
    found = re.search(rf"^```{kind}\n(.*?)^```", PAGE.partition(f"\n{below}")[2], re.MULTILINE | re.DOTALL)
    assert found, f"there is no {kind} block below {below}"
    return found[1]


@dataclass(frozen=True)
class Root:
    """A file system of its own over this machine's: what is written there is gone afterwards."""

    where: Path

    def __call__(self, command: str, **env: str) -> subprocess.CompletedProcess[str]:
        """What a root shell there makes of ``command``."""
        binds = "".join(f"mount --rbind /{name} {self.where}/root/{name}\n" for name in AWAY)
        inside = f"""set -e
mount -t overlay overlay -o lowerdir=/,upperdir={self.where}/up,workdir={self.where}/work {self.where}/root
{binds}mount -t tmpfs none {self.where}/root/run
exec chroot {self.where}/root /bin/sh -c {shlex.quote("umask 022; cd /; " + command)}
"""
        known = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "AFTALE_", "XDG_", "VIRTUAL_ENV", "PIP_"))
        }
        return subprocess.run(
            ["unshare", "--mount", "--propagation", "private", "/bin/sh", "-c", inside],
            check=False, capture_output=True, text=True, env=known | env, timeout=400,
        )  # fmt: skip

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        """A file that is there from the beginning."""
        file = self.where / "up" / path.lstrip("/")
        for folder in reversed(file.relative_to(self.where / "up").parents):
            (self.where / "up" / folder).mkdir(mode=0o755, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)


@pytest.fixture(scope="module")
def root() -> Iterator[Root]:
    if os.geteuid() != 0 or not shutil.which("unshare"):
        pytest.skip("a root of its own can be laid by root alone, with unshare")
    place = Path(tempfile.mkdtemp(prefix="aftale-root-", dir="/dev/shm"))
    for name in ("up", "work", "root"):
        (place / name).mkdir(mode=0o755)
    made = Root(place)
    tried = made("id -u")
    if tried.returncode:
        shutil.rmtree(place)
        pytest.skip(f"no overlay of this machine's root: {tried.stderr.strip().splitlines()[-1]}")
    yield made
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def walked(root: Root) -> tuple[Root, list[str], Counted]:
    """The root after every command of the two blocks, each command with its exit code, as ``0 aftale init``, and what
    the mail server was given."""
    for tool in ("useradd", "runuser", "systemd-analyze"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed here")
    wheels, own = root.where / "up" / "wheels", "/usr/local/bin"
    settings, contacts = block("toml", SECTION), block("csv", "## Contacts\n")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels)
    wheels.chmod(0o755)
    shutil.copy(ROOT / "constraints.txt", wheels)
    shown = (
        f"case $1 in *.csv) cat > $1 <<'END'\n{contacts}END\n;; *) cat > $1 <<'END'\n{settings}END\nesac\n"
    )
    root.write(f"{own}/editor", f"#!/bin/sh\n{shown}", 0o755)
    root.write(f"{own}/systemctl", SYSTEMCTL, 0o755)
    # the new account must be able to start the python that runs the tests, which may lie in a home folder
    assert root(f"chmod a+x /{Path(sys.base_prefix).parts[1]}").returncode == 0
    said = []
    with sink() as server:
        env = {
            "PATH": f"{own}:{sys.base_prefix}/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "PIP_NO_COMPILE": "1", "HOME": "/root", "PIP_FIND_LINKS": "/wheels",
            "PIP_CONSTRAINT": "/wheels/constraints.txt", "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "AFTALE_SMTP_HOST": "127.0.0.1", "AFTALE_SMTP_PORT": str(server.port),
        }  # fmt: skip
        for line in (block("sh", SECTION) + block("sh", FIRST)).splitlines():
            done = root(line, **env)
            said.append(f"{done.returncode} {line}\n{done.stdout}{done.stderr}")
        return root, said, server.counted()


def test_every_command_of_the_page_does_what_it_says(walked: tuple[Root, list[str], Counted]) -> None:
    _, said, _ = walked
    assert len(said) >= 14
    failed = [one for one in said if not one.startswith("0 ") and "aftale doctor" not in one.splitlines()[0]]
    assert failed == []
    (doctor,) = [one for one in said if "aftale doctor" in one.splitlines()[0]]
    assert doctor[:2] == "0 " and "would take a letter" in doctor


def test_the_page_ends_with_letters_that_the_mail_server_took(
    walked: tuple[Root, list[str], Counted],
) -> None:
    _, said, given = walked
    council = "byraad@aalborg.example"
    assert f"RCPT TO:<{council}>".encode() in given.recipients
    assert [line for line in said[-1].splitlines() if line.startswith("sent") and council in line]


def test_what_was_installed_belongs_to_whom_it_should(walked: tuple[Root, list[str], Counted]) -> None:
    root, _, _ = walked
    seen = root(
        "stat -c '%U %a' /var/lib/aftalefrist/aftale.db; readlink /usr/local/bin/aftale; "
        "ls /etc/systemd/system | grep -c '^aftale'; ls /etc/aftalefrist/units"
    )
    owner, link, units, *files = seen.stdout.splitlines()
    assert (owner, link, int(units)) == ("aftale 600", "/opt/aftalefrist/bin/aftale", 5)
    assert set(files) == {path.name for path in (ROOT / "deploy").iterdir()}
