"""The test ground: real databases made by the migrations, and the command line in a real process.

PostgreSQL is ``AFTALE_TEST_POSTGRES`` (a URL whose role may create databases; unreachable is then an error), else
a server of the run's own where its programs are installed, else a local server on 127.0.0.1:5432 or the socket, else
the tests that need it are skipped and say so.
"""

from __future__ import annotations

import fcntl
import gc
import hashlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy import make_url

from tests import forked
from tests.cluster import cluster, installed
from workflow.storage.database import create

ROOT = Path(__file__).resolve().parents[1]

hypothesis_settings.register_profile("house", deadline=None)
hypothesis_settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis_settings.load_profile("ci" if os.environ.get("CI") else "house")

MEMORY = Path("/dev/shm")
ROOM = 4 << 30  # octets


def pytest_configure() -> None:
    """Put the tests' files into memory where there is room: they wait for a disk thousands of times otherwise. A killed
    process loses nothing there either; what must outlive the power is for ``make torture``, which stays on the disk."""
    if "TMPDIR" in os.environ or os.environ.get("AFTALE_TORTURE") == "1" or not MEMORY.is_dir():
        return
    found = os.statvfs(MEMORY)
    if found.f_bavail * found.f_frsize >= ROOM and not found.f_flag & (os.ST_NOEXEC | os.ST_RDONLY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # looked up anew


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """``-n auto``: half as many processes again as there are cores. Many tests wait for a process that is killed, a
    lease, a browser or a mail server; meanwhile another works."""
    cores = len(os.sched_getaffinity(0))
    return cores + cores // 2


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """The collector of garbage is left out meanwhile: nearly all that is made then stays."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no process is left alone with it at the end. Tests of a group are handed
    out before all others, and stay in their order: some live through one story."""
    items.sort(
        key=lambda item: not item.get_closest_marker("slow") or bool(item.get_closest_marker("xdist_group"))
    )


def pytest_collection_finish() -> None:
    """What is loaded now stays: the collector of garbage need not look through it, nor as often, from here on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


LONGEST_ID = 100  # characters


def pytest_make_parametrize_id(val: object) -> str | None:
    """A short name for a case that is a long text: each name travels between the run's processes several times, and
    some of the texts are megabytes."""
    if not isinstance(val, str | bytes) or len(val) <= LONGEST_ID:
        return None
    octets = val.encode("utf-8", "surrogatepass") if isinstance(val, str) else val
    return f"{ascii(val[:40])[:60]}... {len(val)} long {hashlib.sha256(octets).hexdigest()[:8]}"


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """What ``--json`` printed; nothing else may stand on stdout."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Aftale:
    """``aftale("show", "x", code=3, AFTALE_PORT="1")``: runs it, and fails with its words when the code differs.

    In a process that is forked, or started by ``command`` where the start itself is looked at.
    """

    env: dict[str, str]
    cwd: Path
    command: tuple[str, ...] = ()

    def __call__(self, *arguments: str, code: int | None = None, input: str = "", **env: str) -> Ran:
        ran = Ran(*self._run(arguments, self.env | env, input))
        assert code is None or ran.code == code, f"exit {ran.code}, not {code}\n{ran.out}\n{ran.err}"
        return ran

    def _run(self, arguments: tuple[str, ...], env: dict[str, str], said: str) -> tuple[int, str, str]:
        if not self.command:
            return forked.aftale(arguments, env, self.cwd, said)
        done = subprocess.run(
            [*self.command, *arguments],
            check=False, capture_output=True, text=True, input=said, cwd=self.cwd, env=env, timeout=forked.PATIENCE,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="session")
def torture() -> bool:
    """Whether to take the long sizes: ``make torture`` sets ``AFTALE_TORTURE=1``."""
    return os.environ.get("AFTALE_TORTURE") == "1"


def env_in(folder: Path) -> dict[str, str]:
    """The environment of a child process: nothing of the developer's, everything below ``folder``."""
    home = folder / "home"
    home.mkdir()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "NO_COLOR": "1",
        "COLUMNS": "1000",
        "PYTHONPATH": str(ROOT),
        "AFTALE_DATA_DIR": str(folder / "data"),
    }


@pytest.fixture
def clean_env(tmp_path: Path) -> dict[str, str]:
    """That environment, below ``tmp_path``."""
    return env_in(tmp_path)


@pytest.fixture
def aftale(tmp_path: Path, clean_env: dict[str, str]) -> Aftale:
    """The command line in a process of its own, with its data in ``tmp_path / "data"``."""
    return Aftale(clean_env, tmp_path)


def once_a_run(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder that ``make`` filled, by whichever of the run's processes came first; the others wait for it. Nobody
    writes in it: what a test needs of it is copied."""
    own = factory.getbasetemp()
    shared = (
        own.parent if own.name.startswith("popen-") else own
    )  # xdist puts its processes' folders into the run's
    made = shared / f"once-{name}"
    with (shared / f"once-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            making = Path(tempfile.mkdtemp(dir=own))
            make(making)
            making.rename(made)
    return made


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "aftale.db"
    create(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """The URL of a migrated SQLite file of this test's own."""
    path = tmp_path / "aftale.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@contextmanager
def _server() -> Iterator[str]:
    """A server whose role may create databases; skips when there is none.

    Of a server of our own nothing has to outlive the run: it need not wait for the disk, which every database that
    is dropped makes the whole server do."""
    if named := os.environ.get("AFTALE_TEST_POSTGRES"):
        yield named.replace("+psycopg", "")
    elif installed():
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with cluster(port, "-c fsync=off -c full_page_writes=off -c max_connections=200") as own:
            yield own.url
    else:
        yield _local()


def _local() -> str:
    tried = []
    for url in ("postgresql://127.0.0.1:5432/postgres", "postgresql:///postgres"):
        try:
            with psycopg.connect(url, connect_timeout=2) as connection:
                row = connection.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
            if row and row[0]:
                return url
            tried.append("its role may not create databases")
        except psycopg.OperationalError as error:
            tried.append(str(error).splitlines()[0])
    pytest.skip(f"no PostgreSQL ({'; '.join(tried)}); name one in AFTALE_TEST_POSTGRES")


@contextmanager
def _database(server: str, template: str) -> Iterator[str]:
    """The name of a new database, which is dropped at the end with whoever is still connected."""
    name = f"aftale_test_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield name
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _url(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[tuple[str, str]]:
    """The server, and the name of a migrated database that the others are copied from."""
    with _server() as server, _database(server, "template0") as name:
        create(_url(server, name)).dispose()
        yield server, name


@pytest.fixture
def postgres_url(postgres_template: tuple[str, str]) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database of this test's own."""
    server, template = postgres_template
    with _database(server, template) as name:
        yield _url(server, name)


@pytest.fixture
def empty_postgres_url(postgres_template: tuple[str, str]) -> Iterator[str]:
    """The URL of a PostgreSQL database with nothing in it."""
    server, _ = postgres_template
    with _database(server, "template0") as name:
        yield _url(server, name)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of this test's own, once on each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def lived_sqlite(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A SQLite file that has lived as :mod:`tests.services.lived` tells, for others to be copied from."""
    from tests.services.lived import live

    def make(folder: Path) -> None:
        shutil.copy(sqlite_template, folder)
        live(f"sqlite:///{folder / sqlite_template.name}")

    return once_a_run(tmp_path_factory, "lived", make) / sqlite_template.name


@pytest.fixture(scope="session")
def lived_postgres(postgres_template: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """The same on PostgreSQL: the server and the database's name."""
    from tests.services.lived import live

    server, template = postgres_template
    with _database(server, template) as name:
        live(_url(server, name))
        yield server, name


@pytest.fixture(params=["sqlite", "postgres"])
def lived_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of this test's own that has lived a while, once on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "aftale.db"
        shutil.copy(request.getfixturevalue("lived_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    server, lived = request.getfixturevalue("lived_postgres")
    with _database(server, lived) as name:
        yield _url(server, name)
