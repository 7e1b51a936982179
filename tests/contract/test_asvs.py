"""docs/asvs.md has a line for each requirement of level 1 and 2 of ASVS 5.0.0, no other, and counts them right."""

from __future__ import annotations

import re
from collections import Counter

from tests.conftest import ROOT
from tests.contract.test_documents import spans, wrong

# how many requirements each section of the standard has, and which of them are of level 3 alone
SECTIONS = """
1.1:2 1.2:10 1.3:12 1.4:3 1.5:3 2.1:3 2.2:3 2.3:5 2.4:2 3.1:1 3.2:3 3.3:5 3.4:8 3.5:8 3.6:1 3.7:5 4.1:5 4.2:5
4.3:2 4.4:4 5.1:1 5.2:6 5.3:3 5.4:3 6.1:3 6.2:12 6.3:8 6.4:6 6.5:8 6.6:4 6.7:2 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5
7.5:3 7.6:2 8.1:4 8.2:4 8.3:3 8.4:2 9.1:3 9.2:4 10.1:2 10.2:3 10.3:5 10.4:16 10.5:5 10.6:2 10.7:3 11.1:4
11.2:5 11.3:5 11.4:4 11.5:2 11.6:2 11.7:2 12.1:5 12.2:2 12.3:5 13.1:4 13.2:6 13.3:4 13.4:7 14.1:2 14.2:8
14.3:3 15.1:5 15.2:5 15.3:7 15.4:4 16.1:1 16.2:5 16.3:4 16.4:3 16.5:4 17.1:2 17.2:8 17.3:2
"""
LEVEL_3 = """
1.2.10 1.3.12 1.5.3 2.3.5 2.4.2 3.1.1 3.2.3 3.3.5 3.4.7 3.4.8 3.5.6 3.5.7 3.5.8 3.6.1 3.7.3 3.7.4 3.7.5 4.1.4
4.1.5 4.2.2 4.2.3 4.2.4 4.2.5 5.2.4 5.2.5 5.2.6 5.3.3 6.3.5 6.3.6 6.3.7 6.3.8 6.4.5 6.4.6 6.5.6 6.5.7 6.5.8
6.6.4 6.7.1 6.7.2 7.5.3 8.1.3 8.1.4 8.2.4 8.3.2 8.3.3 8.4.2 10.2.3 10.3.5 10.4.12 10.4.13 10.4.14 10.4.15
10.4.16 11.1.3 11.1.4 11.2.4 11.2.5 11.3.4 11.3.5 11.5.2 11.6.2 11.7.1 11.7.2 12.1.4 12.1.5 12.3.5 13.1.2
13.1.3 13.1.4 13.2.6 13.3.3 13.3.4 13.4.6 13.4.7 14.2.5 14.2.6 14.2.7 14.2.8 15.1.4 15.1.5 15.2.4 15.2.5
15.4.1 15.4.2 15.4.3 15.4.4 16.5.4 17.1.2 17.2.5 17.2.6 17.2.7 17.2.8
"""
ROW = re.compile(r"^\| ([\d.]+) \| (met|not applicable|open) \| (.+) \|$", re.MULTILINE)


def test_every_requirement_of_level_2_has_its_line_and_no_other() -> None:
    every = [
        f"{section}.{number}"
        for section, count in (one.split(":") for one in SECTIONS.split())
        for number in range(1, int(count) + 1)
    ]
    wanted = [one for one in every if one not in LEVEL_3.split()]
    assert len(wanted) == 253, "as the standard counts levels 1 and 2"
    text = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
    rows = ROW.findall(text)
    assert [number for number, _, _ in rows] == wanted
    states = Counter(state for _, state, _ in rows)
    said = f"{states['met']} are met, {states['not applicable']} do not apply and {states['open']} are open."
    assert said in text


def test_every_test_that_security_names_is_there() -> None:
    named = spans((ROOT / "docs" / "security.md").read_text(encoding="utf-8"))
    tests = {name for name in named if name.startswith("test_")}
    assert len(tests) > 80
    assert {name for name in tests if wrong(name)} == set()


def test_every_file_with_cryptography_is_in_the_inventory() -> None:
    """What is not known of cannot be changed when it must be; nothing rests on MD5 or SHA-1, not by default either."""
    uses = re.compile(
        r"^\s*(?:import|from) (?:hashlib|hmac|secrets|ssl|itsdangerous|joserfc|authlib)\b", re.MULTILINE
    )
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "workflow").rglob("*.py")}
    found = {str(path.relative_to(ROOT)) for path, text in texts.items() if uses.search(text)}
    said = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    inventory = said.partition("## Cryptography")[2].partition("\n## ")[0]
    assert set(re.findall(r"`(workflow/[\w/]+\.py)`", inventory)) == found
    for path, text in texts.items():
        assert not re.search(r"\b(?:md5|sha1|SHA1)\b", text), path
        for call in re.findall(r"URLSafe\w*Serializer\((.*?)\n\n", text + "\n\n", re.DOTALL):
            assert "hashlib.sha256" in call, path
