"""A file in a letter: its name and kind, its place in the stored bytes, and that no other file is put there."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mail.writing.test_mime import PLAIN
from workflow.mail.writing.enclosing import LONGEST_NAME, Enclosed, files_named, filled, safe_name
from workflow.mail.writing.mime import built

NAMES = {  # what somebody called it -> what the receiver's program is told
    "Sundhedsaftale 2027 (endelig).docx": "Sundhedsaftale 2027 (endelig).docx",
    "økonomi og åbenhed.pdf": "økonomi og åbenhed.pdf",
    '../../etc/"x"; filename=a.exe': "etc-x- filename-a.exe",
    "C:\\Brev\r\nBcc: x@y.pdf": "C-Brev-Bcc- x-y.pdf",
    "\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe": "fdp.exe",
    " .. ": "fil",
    "a" * 300 + ".docx": "a" * (LONGEST_NAME - 5) + ".docx",
}


@pytest.mark.parametrize("called", NAMES)
def test_a_name_is_what_any_program_can_save_it_under(called: str) -> None:
    assert safe_name(called) == NAMES[called]


@pytest.mark.parametrize(
    "name, kind",
    [("a.pdf", "application/pdf"), ("a.html", "application/octet-stream"), ("a", "application/octet-stream"),
     ("a.DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")],
)  # fmt: skip
def test_no_mail_program_shows_it_by_itself(name: str, kind: str) -> None:
    assert Enclosed(name, b"<script>").kind == kind


@given(
    called=st.text(max_size=150) | st.sampled_from([*NAMES]),
    contents=st.lists(st.binary(min_size=1, max_size=400), min_size=1, max_size=3),
)
def test_a_receiver_reads_every_file_as_it_was(called: str, contents: list[bytes]) -> None:
    files = tuple(Enclosed(called, content) for content in contents)
    read = message_from_bytes(built(replace(PLAIN, files=files))[1], policy=policy.default)
    found = [(one.get_filename(), one.get_payload(decode=True)) for one in read.iter_attachments()]
    assert found == [(safe_name(called), content) for content in contents]
    assert not any(part.defects for part in read.walk())


def test_what_is_stored_names_the_file_and_holds_none_of_it() -> None:
    content = bytes(range(256)) * 4000
    kept, raw = built(replace(PLAIN, files=(Enclosed("a.pdf", content), Enclosed("b.pdf", content))))
    assert files_named(kept) == [hashlib.sha256(content).hexdigest()] * 2
    assert len(kept) < 2000 and len(raw) > 2_000_000 and raw.isascii()
    assert filled(kept, lambda _: content) == raw
    with pytest.raises(ValueError, match="not what it was"):
        filled(kept, lambda _: content + b"x")
    assert files_named(built(PLAIN)[0]) == [] and filled(raw, {}.__getitem__) == raw
