"""The pages' templates as files: the code that an earlier start made of them, and whether all are known to be whole."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from workflow.mail.writing.compiled import ALL, Compiled
from workflow.storage.places import find_folder

COMPILED = Compiled("pages", ALL)
READ = ("html", "txt")  # the templates; beside them lie a style sheet and a script


def known_whole(folder: Path) -> bool:
    """Whether every page's template in ``folder`` is one that an earlier start read, and none of ours is missing."""
    COMPILED.fetch(folder)
    loader, bare = FileSystemLoader(folder), Environment(autoescape=True)
    try:
        names = loader.list_templates()
        for name in names:
            source, file, _ = loader.get_source(bare, name)
            if name.endswith(READ) and COMPILED.get_bucket(bare, name, file, source).code is None:
                return False
    except (OSError, UnicodeDecodeError):
        return False
    return set(names) >= {*FileSystemLoader(find_folder("templates") / "pages").list_templates()}
