"""What Aftalefrist is made of: ``python -m tests.licences`` writes docs/licences.md, and with ``--sbom FOLDER`` a list
of parts (CycloneDX 1.6, JSON) of what is installed to run it, with every extra.

Names, versions and licences are those that each library tells of itself where it is installed; what only the tests and
the developers need stands in docs/licences.md in a table of its own, and in no list of parts.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "licences.md"
EXTRAS = ("postgres", "oidc", "pdf")
# Licences that ask nothing of whoever runs the libraries unchanged; of several words (OR, AND) each must be one.
KNOWN = {
    "MIT", "MIT-0", "MIT-CMU", "BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "PSF-2.0", "MPL-1.1",
    "MPL-2.0", "LGPL-2.1-or-later", "LGPL-3.0-only", "GPL-2.0-or-later", "Unlicense",
}  # fmt: skip
OLDER = {  # what libraries say that write no expression yet
    "MIT License": "MIT", "BSD License": "BSD", "Apache Software License": "Apache-2.0", "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0", "Apache License 2.0": "Apache-2.0", "New BSD License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause", "BSD 3-Clause License": "BSD-3-Clause", "The MIT License": "MIT",
    "Python Software Foundation License": "PSF-2.0", "ISC License (ISCL)": "ISC",
    "The Unlicense (Unlicense)": "Unlicense",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
}  # fmt: skip
BY_FILE = {"axe-playwright-python": "MIT"}  # says it in a file of its archive alone


@dataclass(frozen=True, slots=True)
class Part:
    """A library as its index writes it; ``run``: the program needs it to run."""

    name: str
    version: str
    licence: str
    run: bool

    @property
    def address(self) -> str:
        """Its package URL."""
        return f"pkg:pypi/{canonicalize_name(self.name)}@{self.version}"


def licence_of(found: Distribution) -> str:
    """What a library says of its licence; ``?`` where it says nothing."""
    told = found.metadata
    if "License-Expression" in told:
        return told["License-Expression"]
    free = told["License"].strip().partition("\n")[0] if "License" in told else ""
    if (short := OLDER.get(free, free)) in KNOWN:
        return short
    lines = [
        one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or [] if one.startswith("License ::")
    ]
    named = sorted(OLDER.get(one, one) for one in lines if one != "OSI Approved")
    return " OR ".join(named) or BY_FILE.get(told["Name"], short or "?")


def needed(root: str = "aftalefrist", extras: Iterable[str] = EXTRAS) -> set[str]:
    """The names of everything that installing ``root`` with ``extras`` installs here."""
    found: set[str] = set()
    left = [(root, frozenset(extras))]
    seen: set[tuple[str, frozenset[str]]] = set()
    while left:
        name, wanted = left.pop()
        if (name, wanted) in seen:
            continue
        seen.add((name, wanted))
        try:
            lines = distribution(name).requires or []
        except PackageNotFoundError:
            continue  # for another system or Python than this one
        found.add(canonicalize_name(name))
        for line in map(Requirement, lines):
            if line.marker is None or any(line.marker.evaluate({"extra": one}) for one in {"", *wanted}):
                left.append((canonicalize_name(line.name), frozenset(line.extras)))
    return found - {canonicalize_name(root)}


def parts() -> list[Part]:
    """Every library of constraints.txt as it is installed here, by name."""
    pinned = pins()
    run = needed()
    installed = {canonicalize_name(one.metadata["Name"]): one for one in distributions()}
    return [
        Part(one.metadata["Name"], one.version, licence_of(one), name in run)
        for name, one in sorted(installed.items())
        if name in pinned
    ]


def pins() -> dict[str, str]:
    """Canonical name -> version, as constraints.txt has them."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, _, version in pairs}


def page(found: list[Part]) -> str:
    """docs/licences.md."""
    head = (
        "# Licences\n\nAftalefrist is under the MIT licence ([LICENSE](../LICENSE)). It uses these libraries. None is"
        " changed, and none\nis in the archives that `make dist` makes. `make licences` writes this page from what the"
        " libraries say of\nthemselves; `make dist` puts the list of parts (CycloneDX) beside the wheel."
    )
    tables = [
        f"## {title}\n\n| library | version | licence |\n|---|---|---|\n"
        + "\n".join(f"| {one.name} | {one.version} | {one.licence} |" for one in found if one.run is run)
        for title, run in (("To run it, with every extra", True), ("To test and develop it", False))
    ]
    return "\n\n".join([head, *tables]) + "\n"


def sbom(found: list[Part], version: str) -> dict[str, object]:
    """The list of parts in the form of CycloneDX 1.6; the same parts give the same bytes."""
    own = {"type": "application", "bom-ref": "aftalefrist", "name": "aftalefrist", "version": version}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": own | {"licenses": [{"expression": "MIT"}]}},
        "components": [
            {
                "type": "library", "bom-ref": one.address, "purl": one.address, "name": one.name,
                "version": one.version, "licenses": [{"license": {"name": one.licence}}],
            }
            for one in found
            if one.run
        ],
    }  # fmt: skip


def main() -> None:
    from workflow import __version__

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sbom", type=Path, metavar="FOLDER")
    where = parser.parse_args().sbom
    if where is None:
        PAGE.write_text(page(parts()), encoding="utf-8")
        return
    where.mkdir(parents=True, exist_ok=True)
    file = where / f"aftalefrist-{__version__}.cdx.json"
    file.write_text(json.dumps(sbom(parts(), __version__), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
