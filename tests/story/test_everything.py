"""Everything Region Nordjylland has in 2026-2029, lived: one ledger that a person would want.

The health agreement winds down while the rammeaftale of 1 December is concluded, and plans of two health councils, the
region and eleven municipalities are open beside them (BEK 1561/2025, BEK 150/2025, Lov 1761/2025).
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.conftest import Aftale
from tests.story.living import ROOT
from tests.story.test_rehearsal import Text

ROUND = ROOT / "tests" / "story" / "rounds" / "nordjylland-2026-2029.toml"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_the_whole_term_is_one_ledger_and_one_mail_a_mailbox_a_day(
    aftale: Aftale, tmp_path: Path, snapshot: SnapshotAssertion
) -> None:
    """A letter of law goes alone, beside the day's one mail; all else is gathered."""
    out = tmp_path / "out"
    lived = ("--from", "2026-01-01", "--to", "2029-12-31", "--round", str(ROUND), "--out", str(out))
    days = json.loads(aftale("rehearse", *lived, "--json", code=0).out)["days"]
    mails = Counter((day["on"], mail["to"]) for day in days for mail in day["mails"] if not mail["statutory"])
    assert [twice for twice, times in mails.items() if times > 1] == []
    named = {happened.split()[0] for day in days for happened in day["happened"]}
    assert len(named) == 17  # 1 + 2 + 2 + 1 + 11
    assert (out / "ledger.txt").read_text(encoding="utf-8") == snapshot(extension_class=Text)
