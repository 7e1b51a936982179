"""What the server of :mod:`tests.forked` has imported before it forks: the whole product."""

from importlib import import_module
from pkgutil import walk_packages

import workflow

for module in walk_packages(workflow.__path__, "workflow."):
    if ".migrations." not in module.name and not module.name.endswith(".__main__"):  # they run at import
        import_module(module.name)
