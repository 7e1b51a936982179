"""The local inbox: a real server whose letters are files."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from tests.mail.sending.wire import RAW, SENDER, TO
from workflow.mail.answers import Answer
from workflow.mail.returns.inbox import LocalInbox
from workflow.mail.sending.smtp import SmtpTarget, Wire


def at_eight() -> datetime:
    return datetime(2027, 3, 1, 8, 0, tzinfo=UTC)


def test_the_local_inbox_keeps_each_letter_as_a_file_of_its_own(tmp_path: Path) -> None:
    async def two() -> list[str]:
        async with LocalInbox(tmp_path / "inbox", 0, at_eight) as inbox:
            assert inbox.port != 0
            wire = Wire(SmtpTarget("127.0.0.1", inbox.port))
            said = [(await wire.send(SENDER, TO, RAW, lambda: None)).text for _ in range(2)]
            await wire.close()
            return said

    said = asyncio.run(two())
    kept = sorted(path.name for path in (tmp_path / "inbox").iterdir())
    assert kept == [f"2027-03-01T08.00.00Z-00{n}-raad@kommune.example.eml" for n in (1, 2)]
    assert all(name in text for name, text in zip(kept, said, strict=True))
    assert (tmp_path / "inbox" / kept[0]).read_bytes() == RAW


def test_the_inbox_asks_the_sender_to_wait_when_the_disk_will_not_have_it(tmp_path: Path) -> None:
    async def once() -> Answer:
        async with LocalInbox(tmp_path / "inbox", 0, at_eight) as inbox:
            (tmp_path / "inbox").rmdir()
            wire = Wire(SmtpTarget("127.0.0.1", inbox.port))
            answer = await wire.send(SENDER, TO, RAW, lambda: None)
            await wire.close()
            return answer

    assert asyncio.run(once()).kind == "deferred"


def test_closing_the_inbox_closes_those_who_are_connected(tmp_path: Path) -> None:
    async def once() -> None:
        async with LocalInbox(tmp_path, 0, at_eight) as inbox:
            wire = Wire(SmtpTarget("127.0.0.1", inbox.port))
            await wire.send(SENDER, TO, RAW, lambda: None)
        await wire.close()

    asyncio.run(once())
