"""Where settings come from, in which order, and how a wrong one is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workflow.errors import Misconfigured
from workflow.settings import Settings, config_file, load


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, and no setting of the developer's."""
    for name in list(os.environ):
        if name.startswith(("AFTALE_", "XDG_", "CREDENTIALS_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def write_toml(home: Path, text: str) -> Path:
    path = home / ".config" / "aftalefrist" / "aftale.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_with_nothing_chosen_it_runs_alone_on_this_machine(home: Path) -> None:
    settings = load()
    assert settings.data_dir == home / ".local/share/aftalefrist"
    assert settings.db == f"sqlite:///{home}/.local/share/aftalefrist/aftale.db"
    assert settings.inbox == settings.data_dir / "inbox"
    assert (settings.smtp_host, settings.host, settings.port) == ("", "127.0.0.1", 8025)
    assert (settings.send_hour, settings.per_minute, settings.tick_seconds) == (8, 30, 60)
    assert settings.base_url == "http://127.0.0.1:8025"
    assert settings.calendars is None


def test_a_flag_beats_the_environment_beats_a_secret_file_beats_the_toml_file_beats_the_default(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_toml(home, 'port = 2\nhost = "toml"\nper_minute = 5\nsmtp_password = "toml"\n')
    (home / "secret").write_text("filed\n", encoding="utf-8")
    monkeypatch.setenv("AFTALE_SMTP_PASSWORD_FILE", str(home / "secret"))
    monkeypatch.setenv("AFTALE_HOST", "environment")
    monkeypatch.setenv("AFTALE_PORT", "3")
    settings = load(port=4, host=None)
    assert (settings.port, settings.host, settings.per_minute, settings.tick_seconds) == (
        4,
        "environment",
        5,
        60,
    )
    assert settings.smtp_password.get_secret_value() == "filed"
    monkeypatch.setenv("AFTALE_SMTP_PASSWORD", "named")
    assert load().smtp_password.get_secret_value() == "named"


def test_the_data_folder_carries_the_database_and_the_inbox_with_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    monkeypatch.setenv("AFTALE_DATA_DIR", "var")
    assert load().db == f"sqlite:///{home}/var/aftale.db"
    assert load(data_dir="~/else").inbox == home / "else/inbox"
    monkeypatch.delenv("AFTALE_DATA_DIR")
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "xdg"))
    assert load().data_dir == home / "xdg/aftalefrist"


@pytest.mark.parametrize(
    ("host", "port", "told"),
    [
        ("0.0.0.0", 80, "http://127.0.0.1:80"),
        ("::", 81, "http://[::1]:81"),
        ("fd00::1", 82, "http://[fd00::1]:82"),
    ],
)
def test_the_address_in_letters_follows_the_page_until_it_is_chosen(host: str, port: int, told: str) -> None:
    assert load(host=host, port=port).base_url == told
    assert load(host=host, base_url="https://frister.example.dk/").base_url == "https://frister.example.dk"


def test_the_users_file_comes_before_the_machines(home: Path, tmp_path: Path) -> None:
    machines = tmp_path / "etc/aftalefrist/aftale.toml"
    machines.parent.mkdir(parents=True)
    machines.write_text("", encoding="utf-8")
    assert config_file(tmp_path / "etc") == machines
    assert config_file(tmp_path / "etc") != write_toml(home, "")
    assert config_file(tmp_path / "etc") == home / ".config/aftalefrist/aftale.toml"


def test_xdg_config_home_moves_the_users_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_toml(home, "port = 99")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "elsewhere"))
    assert load().port == 8025


@pytest.mark.parametrize(
    ("variable", "nearest"),
    [
        ("AFTALE_SMTPHOST", "AFTALE_SMTP_HOST"),
        ("aftale_prot", "AFTALE_PORT"),
        ("AFTALE_DB_FILES", "AFTALE_DB_FILE"),
    ],
)
def test_a_misspelt_variable_is_refused_with_the_nearest_name(
    variable: str, nearest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "x")
    with pytest.raises(Misconfigured, match=f"{variable}.*Did you mean {nearest}\\?"):
        load()


def test_a_name_like_no_other_is_answered_with_the_known_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTALE_QQQ", "x")
    with pytest.raises(Misconfigured, match=r"Known: .*AFTALE_PORT"):
        load()


def test_a_misspelt_key_in_the_file_names_file_and_key(home: Path) -> None:
    path = write_toml(home, 'smtp_hots = "x"')
    with pytest.raises(Misconfigured, match=r"'smtp_hots'.*Did you mean smtp_host") as refused:
        load()
    assert refused.value.where == str(path)


@pytest.mark.parametrize("text", ["port = 1\nport = 2", "port =", "[smtp]\nhost = 'x'"])
def test_a_file_that_is_broken_is_refused_by_name(home: Path, text: str) -> None:
    path = write_toml(home, text)
    with pytest.raises(Misconfigured) as refused:
        load()
    assert refused.value.where == str(path)


@pytest.mark.parametrize(
    ("name", "value", "cure"),
    [
        ("port", "http", "from 1 to 65535"),
        ("port", "65536", "from 1 to 65535"),
        ("smtp_port", "0", "from 1 to 65535"),
        ("send_hour", "3", "from 4 to 23"),  # nothing is sent between 00:00 and 04:00
        ("per_minute", "0", "1 to 600"),
        ("tick_seconds", "-1", "1 to 3600"),
        ("log_format", "xml", "auto, text or json"),
        ("smtp_starttls", "maybe", "required"),
        ("sender", "a@example.dk, b@example.dk", "one e-mail address"),
        ("reply_to", "nobody", "one e-mail address"),
        ("base_url", "frister.example.dk", "https://"),
        ("base_url", "http://example.dk:99999", "https://"),
        ("db", "aftale.db", "sqlite:////"),
        ("db", "sqlite://aftale.db", "sqlite:////"),
        ("db", "postgresql://host:port/name", "postgresql://host/name"),
        ("db", "postgres://host/name", "postgresql://host/name"),
        ("db", "postgresql://host/name", "sslmode=verify-full"),
        ("db", "postgresql://host/name?sslmode=prefer", "sslmode=verify-full"),
        ("db", "postgresql:///name?host=10.0.0.5", "sslmode=verify-full"),
        ("db", "postgresql://localhost/name?host=10.0.0.5", "sslmode=verify-full"),
        ("db", "postgresql://localhost/name?hostaddr=10.0.0.5", "sslmode=verify-full"),
        ("db", "postgresql:///name?service=elsewhere", "sslmode=verify-full"),
        ("data_dir", "", "Write a folder"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_and_what_would_work(
    name: str, value: str, cure: str, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv(f"AFTALE_{name.upper()}", value)
    with pytest.raises(Misconfigured) as refused:
        load()
    assert refused.value.where == f"AFTALE_{name.upper()}"
    assert cure in refused.value.cure


def test_a_wrong_value_says_whether_it_came_from_a_flag_or_the_file(home: Path) -> None:
    path = write_toml(home, "tick_seconds = 0")
    with pytest.raises(Misconfigured) as refused:
        load()
    assert refused.value.where == f"{path}: tick_seconds"
    with pytest.raises(Misconfigured, match=r"^--tick-seconds: 'soon'"):
        load(tick_seconds="soon")


def test_a_systemd_credential_is_read_under_its_own_name(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(home))
    assert load().smtp_password.get_secret_value() == ""
    (home / "smtp_password").write_text("hemmelig æ\r\n", encoding="utf-8")
    assert load().smtp_password.get_secret_value() == "hemmelig æ"


def test_a_secret_file_that_is_missing_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTALE_SMTP_PASSWORD_FILE", str(home / "nowhere"))
    with pytest.raises(Misconfigured, match="AFTALE_SMTP_PASSWORD_FILE: the secret cannot be read"):
        load()


def test_no_secret_is_ever_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTALE_SMTP_PASSWORD", "hemmelig")
    monkeypatch.setenv("AFTALE_DB", "postgresql://aftale:hemmelig@host/aftale?sslmode=require")
    settings = load()
    assert "hemmelig" not in f"{settings!r} {settings} {settings.shown_db}"
    assert settings.shown_db == "postgresql://aftale:***@host/aftale?sslmode=require"
    monkeypatch.setenv("AFTALE_DB", "postgresql://aftale:hemmelig@host:x/aftale")
    with pytest.raises(Misconfigured) as refused:
        load()
    assert "hemmelig" not in f"{refused.value} {refused.value.__cause__}"


def test_letters_that_leave_the_machine_need_a_sender() -> None:
    assert load(smtp_host="localhost").sender == "aftalefrist@localhost"
    assert load(smtp_host="smtp.example.dk", sender="frister@example.dk").sender == "frister@example.dk"
    with pytest.raises(Misconfigured, match="AFTALE_SENDER"):
        load(smtp_host="smtp.example.dk")


def test_an_empty_folder_setting_means_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTALE_CALENDARS", "")
    assert load().calendars is None


def test_every_choice_is_refused_with_a_cure() -> None:
    free_text = {"smtp_username", "smtp_password"}
    assert [
        name
        for name, field in Settings.model_fields.items()
        if not field.description and name not in free_text
    ] == []


@pytest.mark.parametrize("url", [
    "postgresql://127.0.0.1:5432/a", "postgresql://[::1]/a", "postgresql://localhost/a", "postgresql:///a",
    "postgresql:///a?host=/var/run/postgresql", "postgresql://db.example/a?sslmode=require",
    "postgresql+psycopg://db.example/a?sslmode=verify-full&sslrootcert=system",
])  # fmt: skip
def test_a_database_on_this_machine_or_with_tls_is_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("AFTALE_DB", url)
    assert load().db == url
