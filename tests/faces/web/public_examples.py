"""What each public route answers, by the key in its address: the second table beside :mod:`tests.faces.web.examples`.

A public route that is added needs one row in :data:`CELLS` (a test says which is missing).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from fastapi.testclient import TestClient

from tests.faces.conftest import MORNING
from tests.faces.web.councils.answering import LINK, mails_of
from tests.faces.web.examples import OWN, VISITORS
from tests.faces.web.provider import Provider
from workflow.faces.daemon.workplace import Workplace
from workflow.mail.links import file_link
from workflow.services.desk.sharing import end_shared, share
from workflow.services.people.shortcode import code_beside
from workflow.services.people.signin import offer_link
from workflow.services.views.calendars.feeds import add_feed, revoke_feed
from workflow.services.views.status import find_standing

ANNE, NOBODY = "anne@frist.example", "nobody"
ALL = [*VISITORS, NOBODY]


@dataclass(frozen=True)
class Scene:
    """A visitor at the door: the site, the browser (or program), and ``number``, which of the visitors it is."""

    place: Workplace
    provider: Provider
    client: TestClient
    number: int

    def mailed(self, kind: str) -> str:
        """The link of this kind in a mail that no other visitor got."""
        found: list[str] = [
            next((link for link in LINK.findall(text) if link.startswith(f"/{kind}/")), "")
            for _, text in mails_of(self.place)
        ]
        return sorted(filter(None, found))[self.number].rpartition("/")[2]

    def sign_in(self, browser: str = "", ago: timedelta = timedelta(0)) -> str:
        """The secret of a sign-in link for this browser, or another one's, made a while ago."""
        bound = browser or f"browser-{self.number}"
        found, _ = offer_link(
            self.place.engine, f"p{self.number}@frist.example", bound, "/", MORNING - ago
        ) or ("", "")
        assert found
        return found

    def code(self, browser: str = "") -> str:
        """The code beside such a link."""
        bound = browser or f"browser-{self.number}"
        return code_beside(self.place.secret, self.sign_in(bound), bound)

    def calendar(self, ended: bool = False) -> str:
        engine, book = self.place.engine, self.place.rulebook
        feed, secret = add_feed(engine, book, region=OWN, body="", name="x", by=ANNE, at=MORNING)
        if ended:
            revoke_feed(engine, feed["id"], MORNING, None)
        return secret

    def shared(self, ended: bool = False, ago: timedelta = timedelta(0)) -> str:
        """The secret of a link to one date's reasons, made a while ago."""
        engine, key = self.place.engine, f"{OWN}/2024-2027"
        standing = find_standing(engine, self.place.rulebook, key, MORNING.date())
        made, secret = share(engine, standing, "submission", "", 7, ANNE, MORNING - ago)
        if ended:
            end_shared(engine, key, made.number, ANNE, MORNING)
        return secret

    def vouched(self) -> str:
        """What the identity provider sends this browser back with."""
        out = self.client.get("/log-ind/oidc")
        code, state = self.provider.authorize(out.headers["Location"])
        return f"?code={code}&state={state}"


Key = Callable[[Scene], str]


def _no_key(_: Scene) -> str:
    return ""


def forged(good: Key) -> Key:
    """A key that only looks like a good one."""

    def key(scene: Scene) -> str:
        token = good(scene)
        return token[:-8] + token[-8:][::-1]

    return key


def answer_link(scene: Scene) -> str:
    """The link by which a council answers."""
    return scene.mailed("svar")


def _receipt(scene: Scene) -> str:
    return scene.mailed("kvitter")


def _file(scene: Scene) -> str:
    """A link that we made, to a file of the first letter."""
    return file_link("x", scene.place.secret, 1, 0).rpartition("/")[2]


def _confirm(scene: Scene) -> str:
    return scene.mailed("bekraeft")


@dataclass(frozen=True)
class Cell:
    """What ``key`` in the address, with ``form``, gets from each visitor alike; ``changes`` something, or nothing."""

    name: str
    status: int
    key: Key = _no_key
    form: tuple[tuple[str, str], ...] = ()
    changes: bool = False


REPORT = (("event", "council-approved"), ("on", "2026-11-20"))
SHOWN = [Cell("good", 200)]
CELLS: dict[tuple[str, str], list[Cell]] = {
    ("GET", "/log-ind"): [Cell("good", 200), Cell("malformed", 200, lambda _: "?next=//ond.example")],
    ("POST", "/log-ind"): [
        Cell("a stranger's address", 200, form=(("email", "fremmed{number}@frist.example"),)),
        Cell("malformed", 422, form=(("email", "x"),)),
        Cell("good", 200, form=(("email", "p{number}@frist.example"),), changes=True),
    ],
    ("GET", "/log-ind/kode"): SHOWN,
    ("POST", "/log-ind/kode"): [
        Cell("forged", 404, form=(("code", "2222-2222"),), changes=True),  # the try is counted
        Cell(
            "another browser's", 404, lambda scene: scene.code("another"), (("code", "{key}"),), changes=True
        ),
        Cell("malformed", 422, form=(("code", "x" * 41),)),
        Cell("good", 303, Scene.code, (("code", "{key}"),), changes=True),
    ],
    ("GET", "/log-ind/{link}"): [
        Cell("good", 200, Scene.sign_in),
        Cell("forged", 200, lambda _: "x"),  # it is not looked at before the button is pressed
    ],
    ("POST", "/log-ind/{link}"): [
        Cell("forged", 404, forged(Scene.sign_in)),
        Cell("another browser's", 404, lambda scene: scene.sign_in("another")),
        Cell("ended", 404, lambda scene: scene.sign_in(ago=timedelta(hours=1))),
        Cell("good", 303, Scene.sign_in, changes=True),
    ],
    ("GET", "/log-ind/oidc"): [Cell("good", 303)],
    ("GET", "/log-ind/oidc/svar"): [
        Cell("nothing", 403),
        Cell("forged", 403, lambda scene: f"{scene.vouched()}x"),
        Cell("malformed", 422, lambda _: f"?state={'x' * 201}"),
        Cell("good", 303, Scene.vouched, changes=True),
    ],
    ("GET", "/opsaetning/kode"): [Cell("good", 404)],  # somebody can sign in, or it is the demo
    ("POST", "/opsaetning/kode"): [
        Cell("good", 404, form=(("code", "AAAA-AAAA-AAAA-AAAA"), ("name", "X"), ("email", "x@frist.example")))
    ],
    ("POST", "/log-ud"): [Cell("good", 303, changes=True)],
    ("GET", "/delt/{secret}"): [
        Cell("good", 200, Scene.shared),
        Cell("forged", 404, forged(Scene.shared)),
        Cell("ended", 404, lambda scene: scene.shared(ended=True)),
        Cell("over", 404, lambda scene: scene.shared(ago=timedelta(days=8))),
    ],
    ("GET", "/kalender/{secret}.ics"): [
        Cell("good", 200, Scene.calendar),
        Cell("forged", 404, forged(Scene.calendar)),
        Cell("ended", 404, lambda scene: scene.calendar(ended=True)),
        Cell("malformed", 422, lambda _: "x" * 201),
    ],
    ("GET", "/svar/{token}"): [
        Cell("good", 200, answer_link),
        Cell("forged", 404, forged(answer_link)),
        Cell("of another purpose", 404, _receipt),
        Cell("malformed", 404, lambda _: "%00"),
    ],
    ("GET", "/svar/{token}/tekst"): [
        Cell("good", 404, answer_link),  # the demo's texts were never handed in
        Cell("forged", 404, forged(answer_link)),
        Cell("of another purpose", 404, _receipt),
    ],
    ("GET", "/fil/{token}"): [
        Cell("good", 404, _file),  # the demo's texts were never handed in: test_text_travels.py
        Cell("forged", 404, forged(_file)),
        Cell("of another purpose", 404, _receipt),
        Cell("malformed", 404, lambda _: "%00"),
    ],
    ("GET", "/svar/{token}/sag"): [
        Cell("good", 404, answer_link),  # without the text's file there is no case about it
        Cell("forged", 404, forged(answer_link)),
        Cell("of another purpose", 404, _receipt),
    ],
    ("GET", "/dokument"): [
        Cell("good", 200),
        Cell("forged", 422, lambda _: "?nr=1-0851-1-00000000-00000000"),
        Cell("malformed", 422, lambda _: "?nr=x"),
    ],
    ("POST", "/svar/{token}"): [
        Cell("forged", 404, forged(answer_link), REPORT),
        Cell("of another purpose", 404, _receipt, REPORT),
        Cell("malformed", 422, answer_link, (("event", "submitted"),)),
        Cell("good", 303, answer_link, REPORT, changes=True),
    ],
    ("GET", "/kvitter/{token}"): [
        Cell("good", 200, _receipt),
        Cell("forged", 404, forged(_receipt)),
        Cell("of another purpose", 404, answer_link),
        Cell("malformed", 404, lambda _: "%00"),
    ],
    ("POST", "/kvitter/{token}"): [
        Cell("forged", 404, forged(_receipt)),
        Cell("of another purpose", 404, answer_link),
        Cell("malformed", 404, lambda _: "%00"),
        Cell("good", 303, _receipt, changes=True),
    ],
    ("GET", "/bekraeft/{token}"): [
        Cell("good", 200, _confirm),
        Cell("forged", 404, forged(_confirm)),
        Cell("of another purpose", 404, _receipt),
        Cell("malformed", 404, lambda _: "%00"),
    ],
    ("POST", "/bekraeft/{token}"): [
        Cell("forged", 404, forged(_confirm), (("answer", "keep"),)),
        Cell("of another purpose", 404, answer_link, (("answer", "keep"),)),
        Cell("malformed", 422, _confirm, (("answer", "x"),)),
        Cell("good", 303, _confirm, (("answer", "keep"),), changes=True),
    ],
    ("GET", "/tilgaengelighed"): SHOWN,
    ("GET", "/privatliv"): SHOWN,
    ("GET", "/.well-known/security.txt"): [Cell("good", 404)],  # a demo has nobody to write to
    ("GET", "/style.css"): SHOWN,
    ("GET", "/grid.js"): SHOWN,
    ("GET", "/healthz"): SHOWN,
    ("GET", "/readyz"): SHOWN,
    ("GET", "/metrics"): [Cell("good", 404)],  # for this machine alone
    ("GET", "/api/v1/openapi.json"): SHOWN,
}
