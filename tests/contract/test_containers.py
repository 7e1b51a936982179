"""``deploy/Containerfile`` and ``deploy/compose.yaml``: built and started where a builder is, else read closely."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT, Aftale
from workflow.settings import Settings
from workflow.sources import SECRETS

DEPLOY = ROOT / "deploy"
DB = "postgresql://aftale:secret@/aftale?host=/var/run/postgresql"
YOURS = {
    "RELAYHOST": "[smtp.example.dk]:587", "MAILNAME": "frister.example.dk",
    "SENDER": "Aftalefrist <frist@example.dk>", "BASE_URL": "https://frister.example.dk",
}  # fmt: skip
KNOWN = {f"AFTALE_{name}".upper() for name in Settings.model_fields} | {
    f"AFTALE_{name}_FILE".upper() for name in SECRETS
}


def instructions() -> list[tuple[str, str]]:
    """(word, rest) of each instruction of the Containerfile, lines joined."""
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines)).splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined)]


def stage(name: str) -> dict[str, str]:
    """The instructions of one stage; of several alike the last one."""
    found: dict[str, str] = {}
    within = False
    for word, rest in instructions():
        if word == "FROM":
            within = rest.endswith(f" AS {name}")
        if within:
            found[word] = rest
    return found


def compose() -> dict[str, Any]:
    """The file with what is the operator's own filled in."""
    text = json.dumps(yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8")))
    for name, value in YOURS.items():
        text = text.replace(f"${{{name}:?}}", value)
    assert "${" not in text
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


def daemons() -> dict[str, dict[str, Any]]:
    return {name: one for name, one in compose()["services"].items() if one["image"] == "aftalefrist"}


def test_every_instruction_is_one_and_the_last_stage_is_the_daemon() -> None:
    known = {
        "ARG", "FROM", "WORKDIR", "COPY", "RUN", "CMD", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL",
        "HEALTHCHECK", "ENTRYPOINT",
    }  # fmt: skip
    words = [word for word, _ in instructions()]
    assert set(words) <= known
    assert [rest for word, rest in instructions() if word == "FROM"][-1].endswith(" AS daemon")


def test_the_daemon_is_no_root_and_keeps_its_data_where_the_settings_say() -> None:
    found = stage("daemon")
    environment = dict(one.split("=", 1) for one in found["ENV"].split())
    assert int(found["USER"].partition(":")[0]) >= 1000
    assert found["VOLUME"] == environment["AFTALE_DATA_DIR"] == found["WORKDIR"]
    assert int(found["EXPOSE"]) == Settings.model_fields["port"].default
    assert {name for name in environment if name.startswith("AFTALE_")} <= KNOWN


def test_what_is_copied_into_the_image_is_what_make_dist_leaves() -> None:
    copied = stage("build")["COPY"].split()[:-1]
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\ndist:")[2].partition("\n\n")[0]
    assert copied == ["aftalefrist-*.whl", "constraints.tx[t]"]
    assert "hatchling build -d dist" in recipe and "cp constraints.txt dist/" in recipe


def test_its_command_line_is_one_of_ours(aftale: Aftale) -> None:
    found = stage("daemon")
    assert json.loads(found["ENTRYPOINT"]) == ["aftale"]
    aftale(*json.loads(found["CMD"]), "--help", code=0)
    for service in daemons().values():
        aftale(*service.get("command", ["daemon"]), "--help", code=0)


@pytest.fixture
def page() -> Iterator[tuple[int, list[int]]]:
    """The port of a page, and the code that its ``/healthz`` answers."""
    answers = [200]

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(answers[0] if self.path == "/healthz" else 404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], answers
        server.shutdown()


def test_the_healthcheck_says_what_the_page_says(page: tuple[int, list[int]]) -> None:
    port, answers = page
    command = json.loads(stage("daemon")["HEALTHCHECK"].partition(" CMD ")[2])
    assert command[0] == "python"

    def healthy() -> bool:
        env = os.environ | {"AFTALE_PORT": str(port)}
        return (
            subprocess.run(
                [sys.executable, *command[1:]], check=False, env=env, capture_output=True
            ).returncode
            == 0
        )

    assert healthy()
    answers[0] = 503
    assert not healthy()


@pytest.mark.parametrize("name", ["one", "two", "setup"])
def test_the_settings_of_a_service_are_ones_that_the_program_takes(
    name: str, tmp_path: Path, clean_env: dict[str, str]
) -> None:
    service = daemons()[name]
    environment = {
        key: str(value).replace("/run/secrets", str(tmp_path))
        for key, value in service["environment"].items()
    }
    assert set(environment) <= KNOWN | {"FORWARDED_ALLOW_IPS"}  # which uvicorn reads
    (tmp_path / "db").write_text(f"{DB}\n", encoding="utf-8")
    (tmp_path / "link_secret").write_text("0123456789abcdef0123456789abcdef\n", encoding="utf-8")
    says = "from workflow.settings import load; s = load(); print(s.db, s.smtp_host, s.port, s.base_url)"
    done = subprocess.run(
        [sys.executable, "-c", says], env=clean_env | environment, cwd=ROOT, check=False, capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    port = service["environment"].get("AFTALE_PORT", "8025")
    assert done.stdout.split() == [DB, "127.0.0.1", port, YOURS["BASE_URL"]]


def test_the_database_is_reached_through_its_socket_and_by_no_network() -> None:
    postgres = compose()["services"]["postgres"]
    assert postgres["network_mode"] == "none" and "ports" not in postgres
    mounted = DB.rpartition("=")[2]
    for service in (postgres, *daemons().values()):
        assert mounted in {one.partition(":")[2] for one in service["volumes"]}
    assert "--auth-local=scram-sha-256" in postgres["environment"]["POSTGRES_INITDB_ARGS"]
    page = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert DB.replace("secret", "PASSWORD") in page


def test_each_daemon_has_a_root_that_is_only_read_and_no_rights() -> None:
    assert set(daemons()) == {"one", "two", "setup"}
    for service in daemons().values():
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["volumes"][0].partition(":")[2] == stage("daemon")["VOLUME"]
        assert "ports" not in service
    one, two = (daemons()[name] for name in ("one", "two"))
    assert one["volumes"] != two["volumes"]
    assert one["environment"]["AFTALE_PORT"] != two["environment"]["AFTALE_PORT"]


def test_everything_named_is_there() -> None:
    found = compose()
    services = found["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        assert set(service.get("secrets", [])) <= set(found["secrets"]), name
        assert {one.partition(":")[0] for one in service.get("volumes", [])} <= set(found["volumes"]), name
        if "build" in service:
            assert (DEPLOY / service["build"]["dockerfile"]).is_file()
            assert stage(service["build"]["target"])
    shared = {one["network_mode"].partition(":")[2] for one in daemons().values()}
    assert shared == {"net"} and services["relay"]["network_mode"] == "service:net"
    assert {one.rpartition(":")[2] for one in services["net"]["ports"]} == {
        one["environment"]["AFTALE_PORT"] for name, one in daemons().items() if name != "setup"
    }


@pytest.mark.skipif(not shutil.which("postconf"), reason="no Postfix here: apt-get install postfix")
def test_the_relay_is_set_up_by_names_that_postfix_knows(tmp_path: Path) -> None:
    shell, flag, said = json.loads(stage("relay")["CMD"])
    assert said.endswith(" && exec postfix start-fg")
    (tmp_path / "main.cf").touch()
    (tmp_path / "master.cf").touch()
    setting = said.partition(" && ")[0].replace("postconf -e", f"postconf -c {tmp_path} -e")
    env = os.environ | compose()["services"]["relay"]["environment"]
    subprocess.run([shell, flag, setting], check=True, env=env)
    read = subprocess.run(
        ["postconf", "-c", tmp_path, "-n"], check=True, capture_output=True, text=True, env=env
    )
    assert "unused parameter" not in read.stderr
    told = dict(line.partition(" =")[::2] for line in read.stdout.splitlines())
    assert told["inet_interfaces"].strip() == "loopback-only" and told["mydestination"].strip() == ""
    assert told["relayhost"].strip() == YOURS["RELAYHOST"]


def builder() -> str | None:
    """The program that can build an image here and now."""
    for tool in ("podman", "buildah", "docker"):
        if (
            shutil.which(tool)
            and subprocess.run([tool, "info"], check=False, capture_output=True).returncode == 0
        ):
            return tool
    return None


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.skipif(
    "AFTALE_BUILD_IMAGE" not in os.environ and builder() is None, reason="nothing here builds images"
)
def test_the_image_is_built_and_answers(tmp_path: Path) -> None:
    tool = builder()
    assert tool, "AFTALE_BUILD_IMAGE is set, and neither podman, buildah nor docker answers"
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", tmp_path], check=True, cwd=ROOT)
    shutil.copy(ROOT / "constraints.txt", tmp_path)
    subprocess.run(
        [tool, "build", "-t", "aftalefrist-test", "-f", DEPLOY / "Containerfile", tmp_path],
        check=True,
        timeout=1200,
    )
    if tool == "buildah":
        return
    ran = [tool, "run", "--rm", "--read-only", "--tmpfs", "/tmp", "aftalefrist-test"]
    assert subprocess.run([*ran, "--version"], check=True, capture_output=True, text=True).stdout.startswith(
        "aftale "
    )
