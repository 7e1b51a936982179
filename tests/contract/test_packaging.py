"""The wheel and the source archive, and that what is installed from them works far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT, Aftale

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("packaging"),
]  # one worker, so that one venv serves all

DATA = ("templates", "calendars", "deploy")


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """With pip's own configuration and nothing of the checkout's."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "AFTALE_"))}
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=cwd, env=env, timeout=280)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


def shipped(folder: str) -> set[str]:
    """The files below a folder of the checkout."""
    files = (path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file())
    return {path.as_posix() for path in files if "__pycache__" not in path.parts}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the source archive."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-d", folder)
    return folder


@pytest.fixture(scope="session")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``aftale`` in a venv of its own, which holds the wheel and what the wheel asks for."""
    venv = tmp_path_factory.mktemp("clean") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv)
    (wheel,) = built.glob("*.whl")
    pip = (
        sys.executable,
        "-m",
        "pip",
        "--python",
        venv / "bin" / "python",
        "--disable-pip-version-check",
        "--quiet",
    )
    # what is imported is compiled then, which is a small part of it all
    run(*pip, "install", "--no-compile", "-c", ROOT / "constraints.txt", wheel, cwd=venv)
    run(*pip, "check", cwd=venv)
    return venv / "bin" / "aftale"


@pytest.fixture
def aftale(clean_env: dict[str, str], installed: Path, tmp_path: Path) -> Aftale:
    """The installed command, outside the checkout."""
    env = {name: value for name, value in clean_env.items() if name != "PYTHONPATH"}
    return Aftale(env, tmp_path, (str(installed),))


def test_the_wheel_holds_the_package_its_letters_and_its_law_and_nothing_else(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    inside = {name for name in names if ".dist-info/" not in name}
    assert {name.partition("/")[0] for name in inside} == {"workflow"}
    for folder in DATA:
        assert {f"workflow/{name}" for name in shipped(folder)} <= inside
    assert shipped("workflow") <= inside
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_source_archive_holds_what_the_tests_and_the_makefile_need(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    needed = {"pyproject.toml", "Makefile", "constraints.txt", "README.md", "CHANGELOG.md", "LICENSE"}
    assert needed | shipped("tests") | shipped("templates") | shipped("calendars") <= inside
    assert not [name for name in inside if name.startswith((".venv", "var/", "build/", "dist/", ".git/"))]


def test_the_installed_command_tells_its_version(aftale: Aftale) -> None:
    from workflow import __version__

    assert aftale("--version", code=0).out == f"aftale {__version__}\n"


def test_the_demo_starts_and_passes_its_check_far_from_the_checkout(aftale: Aftale) -> None:
    aftale("init", "--demo", code=0)
    assert aftale("check").code in (
        0,
        1,
    )  # 1: something is overdue, as a demo may show; no error, no missing file


def test_the_installed_command_hands_out_the_units_and_writes_over_nothing_unasked(
    aftale: Aftale, tmp_path: Path
) -> None:
    out = tmp_path / "units"
    aftale("units", "--out", str(out), code=0)
    aftale("units", "--out", str(out), code=0)
    ours = {path.name: path.read_bytes() for path in (ROOT / "deploy").iterdir()}
    assert {path.name: path.read_bytes() for path in out.iterdir()} == ours
    (out / "aftale.service").write_text("[Service]\n", encoding="utf-8")
    (out / "grafana.json").unlink()
    refused = aftale("units", "--out", str(out), code=4)
    assert "aftale.service" in refused.err and "--replace" in refused.err
    assert not (out / "grafana.json").exists(), "nothing is half written"
    aftale("units", "--out", str(out), "--replace", code=0)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == ours


def test_an_editable_install_finds_the_letters_and_the_law_beside_the_package(
    tmp_path: Path, clean_env: dict[str, str]
) -> None:
    venv = tmp_path / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv)
    target = next((venv / "lib").glob("python3*")) / "site-packages"
    run(sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-deps",
        "--no-build-isolation", "--target", target, "-e", ".")  # fmt: skip
    where = subprocess.run(
        [venv / "bin" / "python", "-c", "import workflow; print(workflow.__file__)"],
        check=True, capture_output=True, text=True, cwd=tmp_path,
        env={name: value for name, value in clean_env.items() if name != "PYTHONPATH"},
    )  # fmt: skip
    assert Path(where.stdout.strip()) == ROOT / "workflow" / "__init__.py"
    assert not [folder for folder in DATA if (ROOT / "workflow" / folder).exists()]  # no second, stale copy
