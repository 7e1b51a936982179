"""Evidence comes in by its type, its content and a scanner's word; a real little server speaks clamd's protocol."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.post import AT
from workflow.errors import Invalid
from workflow.services.facts.evidence import BEGINS, Doors, admitted, must_have_room
from workflow.storage.database import writing
from workflow.storage.facts.documents import Attached, keep
from workflow.storage.settingtypes import FILE_TYPES

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CLEAN = Attached("referat.pdf", b"%PDF-1.7 " + b"x" * 200_000)
SICK = Attached("referat.pdf", b"%PDF-1.7 " + b"x" * 100_000 + EICAR)
UNIX = "unix"


class Clamd:
    """Takes INSTREAM in chunks, answers as clamd does; ``says`` replaces its answer."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.asked, self.says = 0, b""
        if kind == UNIX:
            self.where = str(folder / "clamd.ctl")
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(self.where)
            self.listener.listen()
        else:
            self.listener = socket.create_server(("127.0.0.1", 0))
            self.where = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            with closing(line), line.makefile("rb") as words:
                command = words.read(len(b"zINSTREAM\0"))
                if command != b"zINSTREAM\0":  # the one that ends us
                    return
                content = b""
                while (size := struct.unpack(">I", words.read(4))[0]) > 0:
                    content += words.read(size)
                self.asked += 1
                found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"
                line.sendall(self.says or found)

    def close(self) -> None:
        family = socket.AF_UNIX if self.where.startswith("/") else socket.AF_INET
        with socket.socket(family) as last:
            last.connect(self.where if family == socket.AF_UNIX else self.listener.getsockname())
        self.thread.join()
        self.listener.close()


@pytest.fixture(params=[UNIX, "port"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Clamd]:
    server = Clamd(tmp_path, request.param)
    yield server
    server.close()


def test_a_clean_file_comes_in_and_an_infected_one_is_refused_with_what_and_what_would_work(
    clamd: Clamd,
) -> None:
    doors = Doors(scanner=clamd.where)
    assert admitted(CLEAN, doors) == CLEAN
    with pytest.raises(Invalid, match=r"smittet \(Eicar-Test-Signature\) og er ikke gemt. Få en ren udgave"):
        admitted(SICK, doors)
    assert clamd.asked == 2
    assert admitted(SICK, Doors()) == SICK, "without a scanner nobody is asked"


@pytest.mark.parametrize("says", [b"INSTREAM size limit exceeded. ERROR\0", b"\0", b"stream: what\0"])
def test_while_the_scanner_is_away_or_answers_something_else_the_setting_decides(
    clamd: Clamd, says: bytes
) -> None:
    clamd.says = says
    with pytest.raises(Invalid, match=r"for virus lige nu og er ikke gemt\. Prøv igen"):
        admitted(CLEAN, Doors(scanner=clamd.where))
    taken = admitted(CLEAN, Doors(scanner=clamd.where, take_unscanned=True))
    assert (taken.name, taken.content) == ("referat (ikke scannet).pdf", CLEAN.content)


def test_nobody_at_the_port_is_a_scanner_that_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        where = f"127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Invalid, match="virus"):
        admitted(CLEAN, Doors(scanner=where))
    assert "(ikke scannet)" in admitted(CLEAN, Doors(scanner=where, take_unscanned=True)).name


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("vejledning.exe", b"MZ\x90", "typen »exe« tages ikke imod. Vælg en af: pdf, docx"),
        ("side.html", b"<script>", "»html«"),
        ("uden", b"x", "»?«"),
        ("referat.pdf", b"MZ\x90\0 program", "hedder .pdf, men indholdet er noget andet"),
        ("referat.pdf", b"PK\x03\x04", "hedder .pdf"),
        ("referat.docx", b"%PDF-1.7", "hedder .docx"),
        ("noter.txt", b"#!/bin/sh\nrm -rf /", "hedder .txt"),
        ("noter.txt", b"\x7fELF\x02", "hedder .txt"),
        ("tabel.csv", b"a;b\0c", "hedder .csv"),
        ("billede.jpg", b"GIF89a", "hedder .jpg"),
    ],
)
def test_a_file_of_another_type_than_allowed_or_than_its_name_says_is_refused(
    name: str, content: bytes, said: str
) -> None:
    with pytest.raises(Invalid) as refused:
        admitted(Attached(name, content), Doors())
    assert said in str(refused.value)


def test_what_secretariats_have_comes_in_and_the_setting_narrows_it() -> None:
    for name, begin in BEGINS.items():
        for first in begin:
            assert (
                admitted(Attached(f"Fil.{name.upper()}", first + b"..."), Doors()).name
                == f"Fil.{name.upper()}"
            )
    assert admitted(Attached("noter.txt", "æøå".encode("utf-16")), Doors())
    assert admitted(Attached("brev.eml", "Ærø".encode("cp1252")), Doors())
    with pytest.raises(Invalid, match="Vælg en af: pdf"):
        admitted(Attached("noter.txt", b"x"), Doors(types=("pdf",)))
    assert set(FILE_TYPES) == set(Doors().types)


def test_when_the_room_for_files_is_used_up_no_more_come_in(engine: Engine) -> None:
    with writing(engine) as session:
        keep(session, Attached("a.pdf", b"%PDF" + b"x" * 96), AT)
    must_have_room(engine, Attached("b.pdf", b"x" * 100), 200)
    with pytest.raises(Invalid, match="ikke plads til flere filer"):
        must_have_room(engine, Attached("b.pdf", b"x" * 101), 200)
