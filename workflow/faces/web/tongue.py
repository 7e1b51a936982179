"""In which language a request is answered: the person's own, what the reader chose on the page, what the browser asks.

The choice is ``?sprog=en`` and a cookie that remembers it; the mailbox's language of an answer page stands below it
(:func:`speak_to_mailbox`). Programs are answered in Danish, and told in the language they ask
for what was wrong (:mod:`workflow.faces.web.errors`).
"""

from __future__ import annotations

from datetime import timedelta

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workflow.faces.web.gate.entrance import Gate
from workflow.faces.web.problems import is_api
from workflow.language import SOURCE, languages, name_of, speak, speaking, spoken_now, wanted

ASKED = "sprog"  # in the query
LASTS = timedelta(days=365)


class Tongue:
    """Around every route: the language of whoever asks, until the gate knows the person."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self.app, self.gate = app, gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        request.state.language = chosen = self._chosen(request)
        asks = SOURCE if is_api(request) else chosen or wanted(request.headers.get("Accept-Language", ""))

        async def outward(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("Content-Type", "").startswith("text/html"):
                    headers.setdefault("Content-Language", spoken_now())
            await send(message)

        with speaking(asks):
            await self.app(scope, receive, outward)

    def _chosen(self, request: Request) -> str:
        """What the reader chose, now or before; empty where nothing."""
        known, cookies = languages(), self.gate.cookies
        if (asked := request.query_params.get(ASKED, "")) in known:
            cookies.put(request, cookies.language_name, asked, LASTS)
            return asked
        kept = request.cookies.get(cookies.language_name, "")
        return kept if kept in known else ""


def speak_to_mailbox(request: Request, language: str) -> None:
    """Answer in the language of the mailbox that a link was sent to, unless the reader chose another."""
    if language and not request.state.language:
        speak(language)


def every_language() -> list[tuple[str, str]]:
    """What a form offers: Danish, which nobody need choose, and the others."""
    return [("" if code == SOURCE else code, name_of(code)) for code in languages()]


def other_languages() -> list[tuple[str, str]]:
    """The languages a page can be read in besides this one: code and own name."""
    return [(code, name_of(code)) for code in languages() if code != spoken_now()]
