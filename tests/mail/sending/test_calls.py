"""The few HTTP calls this house makes go where they were sent, and nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from workflow.mail.sending.web import call


class _Leading(BaseHTTPRequestHandler):
    """Leads everybody on to /elsewhere, and notes who goes there."""

    seen: list[str]

    def do_POST(self) -> None:
        self.seen.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200 if self.path == "/elsewhere" else int(self.path.strip("/")))
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    do_GET = do_POST  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def leading() -> Iterator[tuple[str, list[str]]]:
    seen: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Leading", (_Leading,), {"seen": seen}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("body", [None, b"told"])
def test_an_answer_that_leads_elsewhere_is_an_error_and_nothing_is_told_there(
    leading: tuple[str, list[str]], status: int, body: bytes | None
) -> None:
    url, seen = leading
    with pytest.raises(OSError, match=str(status)):
        call(f"{url}/{status}", body, timeout=5)
    assert seen == [f"/{status}"]
    assert call(f"{url}/elsewhere", body, timeout=5) == b""
