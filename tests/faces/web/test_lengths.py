"""Where one request ends and the next begins is no matter of taste: on a real socket, as a proxy would speak to it."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import FastAPI

from workflow.faces.web.server import Page

SMUGGLED = b"GET /smuglet HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def said(app: FastAPI, *headers: bytes, body: bytes) -> bytes:
    """Everything the site says to one connection until it hangs up, or is still for a moment after its first answer."""

    async def ask() -> bytes:
        page = Page(app, "127.0.0.1", 0)
        serving = asyncio.create_task(page.serve())
        reader, writer = await asyncio.open_connection("127.0.0.1", page.port)
        writer.write(b"\r\n".join([b"GET /healthz HTTP/1.1", b"Host: 127.0.0.1", *headers, b"", body]))
        try:
            return await asyncio.wait_for(reader.read(), 20)
        finally:
            writer.close()
            await page.stop(serving)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    "headers",
    [
        (b"Transfer-Encoding: chunked", b"Content-Length: 5"),
        (b"Content-Length: 5", b"Transfer-Encoding: chunked"),
        (b"Content-Length: 5", b"Content-Length: 49"),
        (b"Transfer-Encoding: chunked, identity",),
        (b"Transfer-Encoding: identity", b"Content-Length: 5"),
    ],
)
def test_a_request_that_says_its_length_in_two_ways_is_refused_and_nothing_behind_it_is_read(
    app: FastAPI, headers: tuple[bytes, ...]
) -> None:
    answer = said(app, *headers, body=b"0\r\n\r\n" + SMUGGLED)
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 501")) and answer.count(b"HTTP/1.1 ") == 1, answer
