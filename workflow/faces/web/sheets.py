"""The site's templates, read once, and what every page is told: who visits, the forms' token, if it is the demo."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError

from workflow.errors import Misconfigured
from workflow.faces.web.gate.entrance import Gate
from workflow.faces.web.gate.visitor import Visitor
from workflow.faces.web.pagefiles import COMPILED, READ
from workflow.faces.web.pages.words import teach
from workflow.faces.web.tongue import every_language, other_languages
from workflow.mail.writing.translating import EXTENSION, Fast, teach_languages
from workflow.mail.writing.words import tied
from workflow.storage.places import find_folder

_KEPT = "|".join(  # what was typed or sent stays as it was, to the letter
    rf"<{name}\b.*?</{name}>" for name in ("pre", "textarea", "title")
)
_TAGS = re.compile(rf"({_KEPT}|<[^>]*>)", re.DOTALL)
_tied = lru_cache(8192)(tied)  # pages say the same between most of their tags


class Sheets:
    """``pages`` of one templates folder, each called by its path in it, ``law/why.html``. :class:`Misconfigured` when
    one that comes with the program is missing, or one is broken."""

    def __init__(self, folder: Path, gate: Gate) -> None:
        self._gate = gate
        self.environment = Fast(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=lambda name: not (name or "").endswith(".txt"),
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=COMPILED,
            extensions=[EXTENSION],
        )
        teach_languages(self.environment)
        teach(self.environment)
        self.environment.globals["every_language"] = every_language
        COMPILED.fetch(folder)
        ours = FileSystemLoader(find_folder("templates") / "pages").list_templates()
        for name in ours:
            if not (folder / name).is_file():
                raise Misconfigured(
                    str(folder / name), "the page is missing", "Begin with a copy of our folder"
                )
        try:
            for name in self.environment.list_templates(extensions=READ):
                self.environment.get_template(name)
            self.style = (folder / "frame" / "style.css").read_text(encoding="utf-8")
            self.grid_script = (folder / "frame" / "grid.js").read_text(encoding="utf-8")
        except (TemplateError, OSError, UnicodeDecodeError) as error:
            raise Misconfigured(
                str(folder), f"a page cannot be read: {error}", "Restore the folder"
            ) from error
        COMPILED.keep(folder)

    def page(
        self, request: Request, name: str, visitor: Visitor | None = None, *, status: int = 200, **told: Any
    ) -> HTMLResponse:
        """Template ``name`` as an answer. Without ``visitor`` it is whoever asks, or nobody."""
        visitor = visitor or self._gate.maybe(request)
        known = {
            "visitor": visitor,
            "csrf": self._gate.csrf(request),
            "demo": visitor is not None and visitor.via == "demo",
            "reachable": bool(self._gate.place().settings.contact),
            "relay": self._gate.place().settings.smtp_host,
            "languages": [] if visitor and visitor.via == "session" else other_languages(),
        }
        return HTMLResponse(_held_together(self.environment.get_template(name).render(told | known)), status)

    def text(self, name: str, **told: Any) -> str:
        """A plain text, such as the mail with the link."""
        return self.environment.get_template(name).render(told)


def _held_together(page: str) -> str:
    """No line of the page's words ends behind a section sign."""
    parts = _TAGS.split(page)
    parts[::2] = map(_tied, parts[::2])
    return "".join(parts)
