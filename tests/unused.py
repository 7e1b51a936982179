"""What nobody uses: ``python -m tests.unused`` lists it and fails where there is any.

Code is found by vulture, which knows no template, so whatever a template names counts as used; a setting that the
program never reads; a letter that no rule and no other letter asks for; a page that nothing shows; a class in the
stylesheet that stands nowhere.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from vulture import Vulture

from workflow.mail.writing.sources import SHARED
from workflow.settings import Settings
from workflow.storage.law.rulebook import load

ROOT = Path(__file__).parent.parent
CALLED = (  # by the libraries that they are handed to: typer, FastAPI, pydantic, SQLAlchemy, Jinja
    "@*.command*", "@*.callback*", "@*.get", "@*.post", "@*.put", "@*.delete", "@*.exception_handler", "@*.middleware",
    "@*.on_event*", "@enters", "@answers", "@field_validator", "@model_validator", "@field_serializer",
    "@computed_field", "@event.listens_for", "@pass_context", "@*.websocket",
)  # fmt: skip

# Named by nobody here, and needed all the same.
EXPLAINED = {
    "a field of an answer of the interface, which its readers read": (
        "agenda_closes_on", "last_meeting_on", "letter_at",
        "taken_text", "basis_text", "regime_ends", "blocked_by", "for_", "reachable", "brier_in_time", "already_there",
        "outcome_text", "touches", "status_before", "status_after",
    ),
    "a column of a file of the law that a person reads, or of the database that an export hands out": (
        "acute_hospital", "town", "preparatory_from", "seen_in", "added_at", "projected_on", "plurals",
    ),
    "asked for by its library under this name": (
        "model_config", "epilog", "freeze_panes", "data_type", "number_format", "capture_signals",
        "should_exit", "describe", "collect", "handle_DATA", "lifetime", "redirect_request", "load_bytecode",
        "handle_starttag", "handle_endtag", "handle_data",
        "dump_bytecode", "header_store_parse", "header_fetch_parse", "fold_binary", "newstyle_gettext",
        "settings_customise_sources", "dotenv_settings", "file_secret_settings", "get_field_value",
    ),
    "what a test holds the rest against": ("CLASSES", "NOT_COMPARED"),
}  # fmt: skip


def words_in(*patterns: str) -> set[str]:
    """Every word of the files that match, words with a hyphen whole."""
    files = (path for pattern in patterns for path in ROOT.glob(pattern))
    return {word for path in files for word in re.findall(r"[\w-]+", path.read_text(encoding="utf-8"))}


def said_in_code() -> set[str]:
    """Every word of the strings that the program holds."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "workflow").rglob("*.py")]
    held = (one.value for tree in trees for one in ast.walk(tree) if isinstance(one, ast.Constant))
    return {word for one in held if isinstance(one, str) for word in re.findall(r"[\w-]+", one)}


def code() -> Iterator[str]:
    """Functions, classes, attributes and variables that nothing names."""
    reader = Vulture(ignore_decorators=list(CALLED))
    reader.scavenge([str(ROOT / "workflow")], exclude=[str(ROOT / "workflow/storage/migrations/*")])
    named = words_in("templates/**/*.html", "templates/**/*.txt")
    explained = {name for names in EXPLAINED.values() for name in names}
    found = reader.get_unused_code()
    for item in found:
        if item.name not in named | explained:
            yield f"{Path(item.filename).relative_to(ROOT)}:{item.first_lineno}: {item.message}"
    for name in sorted(explained - {item.name for item in found}):
        yield f"tests/unused.py: {name} is explained, and used or gone"


def settings() -> Iterator[str]:
    """Settings that are declared, and read by nobody."""
    read = {
        word
        for path in (ROOT / "workflow").rglob("*.py")
        for word in re.findall(r"\.(\w+)", path.read_text(encoding="utf-8"))
    }
    yield from (
        f"workflow/settings.py: unused setting {one}" for one in Settings.model_fields if one not in read
    )


def letters() -> Iterator[str]:
    """Letters that nothing can trigger: a date that no regime and no prompt has, an event that no course has, or a
    template that no letter is called by."""
    told = load(ROOT / "calendars").letters
    code = words_in("workflow/**/*.py")
    dates, events = code | words_in("calendars/regimes/*.toml"), code | words_in("calendars/courses/*.toml")
    for letter in told:
        for one in {*letter.deadline} - dates | {*letter.event} - events:
            yield f"calendars/letters.toml: {letter.name} follows {one}, which there is not"
        if not (letter.deadline or letter.event or letter.state or letter.generic or letter.name in code):
            yield f"calendars/letters.toml: nothing triggers {letter.name}"
    for path in sorted((ROOT / "templates" / "emails").rglob("*.html")):
        if path.name not in SHARED and path.stem not in {letter.name for letter in told} | code:
            yield f"{path.relative_to(ROOT)}: no letter is called by this name"


def pages() -> Iterator[str]:
    """Pages that no code and no other page names by their path."""
    folder = ROOT / "templates" / "pages"
    files = (*(ROOT / "workflow" / "faces").rglob("*.py"), *folder.rglob("*.html"))
    named = {
        name
        for path in files
        for name in re.findall(r'"([\w./-]+\.(?:html|txt))"', path.read_text(encoding="utf-8"))
    }
    for path in sorted((*folder.rglob("*.html"), *folder.rglob("*.txt"))):
        if (name := path.relative_to(folder).as_posix()) not in named:
            yield f"templates/pages/{name}: nothing shows this page"


def styles() -> Iterator[str]:
    """Classes of the stylesheet that no page, script or line of code names."""
    sheet = (ROOT / "templates" / "pages" / "frame" / "style.css").read_text(encoding="utf-8")
    rules = re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL))
    named = words_in("templates/**/*.html", "templates/**/*.js") | said_in_code()
    for one in sorted({word for rule in rules for word in re.findall(r"\.([a-zA-Z][\w-]*)", rule)} - named):
        yield f"templates/pages/frame/style.css: no page has the class {one}"


def unused() -> list[str]:
    return [*code(), *settings(), *letters(), *pages(), *styles()]


def main() -> None:
    found = unused()
    print("\n".join(found) or "Nothing is unused.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
