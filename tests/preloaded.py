"""What the server of :mod:`tests.forked` has imported before it forks: the whole product."""

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import cast

import workflow
from workflow.faces.web.gate.entrance import Gate
from workflow.faces.web.sheets import Sheets
from workflow.mail.writing.letters import Letters
from workflow.storage.law.rulebook import load

ROOT = Path(__file__).resolve().parents[1]

for module in walk_packages(workflow.__path__, "workflow."):
    if ".migrations." not in module.name and not module.name.endswith(".__main__"):  # they run at import
        import_module(module.name)

# and has compiled or read: the templates of letters and pages, and the rules
load(ROOT / "calendars")
Letters(ROOT / "templates" / "emails", "preloaded", "preloaded@frist.example")
Sheets(ROOT / "templates" / "pages", cast(Gate, None))
