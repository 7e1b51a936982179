"""*Ret rådene*: many councils filled in, pasted or ticked, shown, saved in one act and taken back in one."""

from __future__ import annotations

import io
import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from openpyxl import load_workbook

from tests.faces.web.conftest import Clock, SignIn, csrf, plain
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.days import danish_day
from workflow.rules.facts import Fact, live
from workflow.services.councils.filling import shown
from workflow.services.councils.grid import Line, lines
from workflow.services.facts.agreements import open_agreement, record
from workflow.storage.database import reading
from workflow.storage.facts import journal, projection
from workflow.storage.facts.projection import Standing

KEY = "syddanmark/2028-2031"
PAGE = f"/aftaler/{KEY}/raad/ret"
NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def client(place: Workplace, clock: Clock, signed_in: SignIn) -> TestClient:
    """The secretariat of Syddanmark (23 councils), with a text that was sent to them three weeks ago."""
    today = danish_day(clock())
    open_agreement(
        place.engine, place.rulebook, Fact(0, "opened", today, source="test", by="test"), region="syddanmark",
        term="2026-2029", label="2028-2031", at=clock(),
    )  # fmt: skip
    sent = Fact(0, "sent-for-approval", date(2026, 11, 2), due=date(2027, 5, 31), source="brev", by="test")
    record(place.engine, place.rulebook, KEY, sent, today=today, at=clock())
    return signed_in("secretariat", region="syddanmark")


def standing(place: Workplace, clock: Clock) -> Standing:
    with reading(place.engine) as session:
        row = journal.find(session, KEY)
        return projection.load(session, place.rulebook, row, danish_day(clock()))


def facts(place: Workplace) -> list[Fact]:
    with reading(place.engine) as session:
        return journal.facts(session, journal.find(session, KEY))


def form(found: list[Line], **more: Any) -> dict[str, Any]:
    """The table as the page shows it, with ``code={"on": ...}`` for the cells that are changed."""
    changed = {key.removeprefix("c"): more.pop(key) for key in list(more) if re.fullmatch(r"c\d{4}", key)}
    rows = [{**{name: getattr(shown(line), name) for name in ("meets_on", "event", "on", "source")},
             **changed.get(line.code, {})} for line in found]  # fmt: skip
    return {
        "raad": [line.code for line in found], "moede": [row["meets_on"] for row in rows],
        "beslutning": [row["event"] for row in rows], "besluttet": [row["on"] for row in rows],
        "kilde": [row["source"] for row in rows], "version": "1", **more,
    }  # fmt: skip


def review(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock, files: Any = None, **more: Any
) -> Response:
    data = {"csrf": csrf(client, app), **form(lines(standing(place, clock)), **more)}
    return client.post(PAGE, data=data, files=files)  # type: ignore[return-value]


def as_a_browser(client: TestClient, data: dict[str, Any], files: list[tuple[str, str, str]]) -> Response:
    """A form with file fields, of which a browser sends the empty ones too."""
    fields = [
        (name, one) for name, told in data.items() for one in (told if isinstance(told, list) else [told])
    ]
    parts = [f'name="{name}"\r\n\r\n{told}' for name, told in fields]
    parts += [f'name="{name}"; filename="{file}"\r\n\r\n{content}' for name, file, content in files]
    body = "".join(f"--grid\r\nContent-Disposition: form-data; {part}\r\n" for part in parts) + "--grid--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=grid"}
    return client.post(PAGE, content=body.encode(), headers=headers)  # type: ignore[return-value]


def save(client: TestClient, app: FastAPI, page: Response, **more: str) -> Response:
    assert page.status_code == 200, plain(page)
    found = re.search(r'name="forslag" value="([^"]+)"', page.text)
    assert found
    data = {"csrf": csrf(client, app), "forslag": unescape(found[1]), **more}
    return client.post(f"{PAGE}/gem", data=data)  # type: ignore[return-value]


def test_twenty_three_meeting_days_are_pasted_shown_and_saved_in_one_act(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    found = lines(standing(place, clock))
    assert len(found) == 23
    block = "\n".join(f"{line.name}\t{16 + n % 10:02}-06-2027" for n, line in enumerate(found))
    before = facts(place)
    page = review(client, app, place, clock, blok=block, alle_kilde="Kommunernes mødeplaner 2027")
    assert "23 råd ændres" in plain(page) and "mødet onsdag den 16. juni 2027" in re.sub(
        "<[^>]+>", "", plain(page)
    )
    assert facts(place) == before
    saved = save(client, app, page)
    assert (
        saved.status_code == 303
        and saved.headers["Location"] == f"/aftaler/{KEY}/raad?gemt={len(before) + 1}#gemt"
    )
    new = facts(place)[len(before) :]
    assert {fact.event for fact in new} == {"council-scheduled"} and len(new) == 23
    assert {fact.source for fact in new} == {"Kommunernes mødeplaner 2027"}
    assert [line.meets_on for line in lines(standing(place, clock))][:2] == [
        date(2027, 6, 16),
        date(2027, 6, 17),
    ]
    told = plain(client.get(saved.headers["Location"]))
    assert "23 linjer i journalen" in told and f"/raad/fortryd/{len(before) + 1}" in told


def test_twenty_approvals_take_one_date_and_one_source(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    found = lines(standing(place, clock))
    chosen = [line.code for line in found[:20]]
    page = review(
        client, app, place, clock, kryds=chosen, alle_beslutning="council-approved", alle_besluttet="18/11-26",
        alle_kilde="Byrådenes protokoller",
    )  # fmt: skip
    assert "Der sendes ingen breve" in plain(page)
    assert save(client, app, page).status_code == 303
    after = lines(standing(place, clock))
    assert [line.code for line in after if line.event == "council-approved"] == chosen
    assert {(line.on, line.source) for line in after[:20]} == {(date(2026, 11, 18), "Byrådenes protokoller")}


def test_a_mistake_stands_beside_its_cell_and_nothing_is_saved_until_all_is_right(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    before = facts(place)
    page = review(
        client, app, place, clock, c0461={"meets_on": "30. februar 2027"}, c0630={"on": "18/11-26"},
        c0621={"event": "council-approved", "on": "25. november 2026", "source": "protokol"},
        blok="Odense\t16/6-27\nAarhus\t1. juni 2027\nNyköbing\t2. juni 2027\nKolding\tgodkendt\t18/11-2026",
    )  # fmt: skip
    text = plain(page)
    assert page.status_code == 422 and facts(place) == before
    assert 'id="event-0630-fejl">Vælg, hvad rådet besluttede.' in text
    assert "Aarhus Kommune er ikke part i aftalen" in text and "»Nyköbing« er ikke et råd" in text
    assert re.search(
        r'id="meets_on-0461"[^>]*value="16. juni 2027"', text
    )  # the block is right where the cell was not
    assert re.search(r'id="on-0630"[^>]*value="18/11-26"', text)  # what was typed stays
    assert "Aarhus 1. juni 2027\nNyköbing 2. juni 2027</textarea>" in text
    soon = {"event": "council-approved", "on": "25. november 2026", "source": "x"}
    page = review(client, app, place, clock, c0621=soon)
    assert "25. november 2026 er ikke kommet endnu" in plain(page) and page.status_code == 422


def test_a_decision_needs_its_day_and_where_it_can_be_read(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    page = review(client, app, place, clock, kryds=["0461"], alle_beslutning="council-approved")
    assert 'id="on-0461-fejl">Skriv, hvilken dag' in page.text and 'id="source-0461-fejl">' in page.text
    page = review(client, app, place, clock, alle_beslutning="council-approved", alle_besluttet="18/11-26")
    assert page.status_code == 422 and "Sæt kryds ved de råd, det gælder." in page.text
    page = review(client, app, place, clock)
    assert page.status_code == 422 and "Ingen af rækkerne er ændret" in plain(page)


def test_a_wrong_day_is_corrected_and_written_again_and_a_later_decision_is_its_own(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    no = {"event": "council-rejected", "on": "10. november 2026", "source": "referat 1"}
    save(client, app, review(client, app, place, clock, c0461=no))
    clock.at = clock.at.replace(minute=1)
    page = review(client, app, place, clock, c0461={**no, "on": "11/11-26"})
    saved = save(client, app, page, hvorfor="læst forkert")
    mend, new = facts(place)[-2:]
    assert (mend.event, mend.corrects, new.event, new.on) == (
        "correction",
        3,
        "council-rejected",
        date(2026, 11, 11),
    )
    assert mend.source.endswith(
        "10. november 2026 bliver »Forkastet i rådet« 11. november 2026. Læst forkert"
    )
    assert lines(standing(place, clock))[6].on == date(2026, 11, 11) and saved.status_code == 303
    yes = {"event": "council-approved", "on": "20. november 2026"}
    page = review(client, app, place, clock, c0461=yes)
    assert "Her står kilden til den forrige beslutning" in page.text and page.status_code == 422
    save(client, app, review(client, app, place, clock, c0461={**yes, "source": "referat 2"}))
    assert facts(place)[-1].event == "council-approved" and len(facts(place)) == 6
    assert [fact.event for fact in live(facts(place), date.max)][-2:] == [
        "council-rejected",
        "council-approved",
    ]


def test_the_whole_act_is_taken_back_in_one_and_what_it_had_mended_holds_again(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    old = {"event": "council-approved", "on": "10. november 2026", "source": "referat"}
    save(client, app, review(client, app, place, clock, c0461=old))
    clock.at = clock.at.replace(minute=1)
    page = review(
        client, app, place, clock, c0461={"on": "11/11-26"}, kryds=["0630", "0621"],
        alle_beslutning="council-approved", alle_besluttet="12/11-26", alle_kilde="x",
    )  # fmt: skip
    first = len(facts(place)) + 1
    save(client, app, page)
    clock.at = clock.at.replace(minute=2)
    path = f"/aftaler/{KEY}/raad/fortryd/{first}"
    token = csrf(client, app)
    assert client.post(path, data={"csrf": token, "hvorfor": " "}).status_code == 422
    shown_page = plain(client.get(path))
    assert "4 af 4 linjer gælder endnu" in shown_page and "afventer" in shown_page
    for _ in range(2):  # the second click of two changes nothing
        assert client.post(path, data={"csrf": token, "hvorfor": "forkert ark"}).status_code == 303
    after = {line.code: line for line in lines(standing(place, clock))}
    assert (after["0461"].on, after["0461"].source) == (date(2026, 11, 10), "referat")
    assert after["0630"].event == after["0621"].event == ""
    undone = facts(place)[first + 3 :]
    assert {fact.event for fact in undone} == {"correction"} and len(undone) == 4
    assert {fact.source for fact in undone} == {"forkert ark"}
    assert "Fortrudt." in plain(client.get(f"/aftaler/{KEY}/raad?fortrudt={first}"))
    with reading(place.engine) as session:
        assert journal.verify(session, journal.find(session, KEY)) is None
    assert client.get(f"/aftaler/{KEY}/raad/fortryd/1").status_code == 404  # the opening is no such act
    assert client.get(f"/aftaler/{KEY}/raad/fortryd/{2**40}").status_code == 404


@pytest.mark.fault("F63")
def test_two_clicks_save_once_and_what_was_shown_before_somebody_else_wrote_is_refused(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    page = review(client, app, place, clock, c0461={"meets_on": "16/6-27"}, alle_kilde="mødeplan")
    stale = review(client, app, place, clock, c0630={"meets_on": "17/6-27"})
    answers = [save(client, app, page) for _ in range(3)]
    assert {one.headers["Location"] for one in answers} == {f"/aftaler/{KEY}/raad?gemt=3#gemt"}
    refused = save(client, app, stale)
    assert refused.status_code == 409 and "siden du så forhåndsvisningen" in plain(refused)
    assert 'value="17/6-27"' in refused.text and len(facts(place)) == 3
    back = save(client, app, stale, ret="1")
    assert back.status_code == 200 and 'value="17/6-27"' in back.text
    clock.at = clock.at.replace(minute=1)
    other = {"csrf": csrf(client, app), "forslag": "x" * 50}
    assert client.post(f"{PAGE}/gem", data=other).status_code == 422


def test_a_meeting_day_that_is_moved_corrects_the_line_that_told_it(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    save(client, app, review(client, app, place, clock, c0461={"meets_on": "16/6-27"}, alle_kilde="mødeplan"))
    first = facts(place)[-1]
    page = review(client, app, place, clock, c0461={"meets_on": "23/6-27"}, alle_kilde="mail fra byrådet")
    save(client, app, page)

    correction, told = facts(place)[-2:]
    assert (correction.event, correction.corrects) == ("correction", first.no)
    assert correction.source.endswith("mødedagen 16. juni 2027 bliver 23. juni 2027")
    assert (told.event, told.due) == ("council-scheduled", date(2027, 6, 23))
    [odense] = [line for line in lines(standing(place, clock)) if line.code == "0461"]
    assert (odense.meets_on, [fact.no for fact in odense.meetings]) == (date(2027, 6, 23), [told.no])


def test_the_exported_sheet_is_filled_in_and_sent_back(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    done = {"event": "council-approved", "on": "10. november 2026", "source": "referat, linje 1"}
    save(client, app, review(client, app, place, clock, c0461=done, c0630={"meets_on": "16/6-27"}))
    for kind in ("xlsx", "csv"):  # as it was exported it changes nothing
        sheet = client.get(f"/aftaler/{KEY}/eksport/raad.{kind}").content
        page = review(client, app, place, clock, files={"ark": (f"raad.{kind}", sheet)})
        assert "Ingen af rækkerne er ændret" in plain(page), kind
    book = load_workbook(io.BytesIO(client.get(f"/aftaler/{KEY}/eksport/raad.xlsx").content))
    table = book.worksheets[0]
    at = {cell.value: cell.column for cell in table[1]}
    for row in table.iter_rows(min_row=2):
        if row[at["Kode"] - 1].value == "0621":
            table.cell(row[0].row, at["Møde"]).value = date(2027, 6, 21)
        if row[at["Kode"] - 1].value == "0630":
            for name, value in (
                ("Beslutning", "godkendt"),
                ("Besluttet", "18-11-2026"),
                ("Grundlag", "referat 2"),
            ):
                table.cell(row[0].row, at[name]).value = value
            table.cell(row[0].row, at["Møde"]).value = None
    sheet_again = io.BytesIO()
    book.save(sheet_again)
    page = review(client, app, place, clock, files={"ark": ("raad.xlsx", sheet_again.getvalue())})
    assert "2 råd ændres" in plain(page)
    save(client, app, page)
    after = {line.code: line for line in lines(standing(place, clock))}
    assert after["0621"].meets_on == date(2027, 6, 21) and after["0461"].on == date(2026, 11, 10)
    assert (after["0630"].event, after["0630"].source) == ("council-approved", "referat 2")
    bad = review(client, app, place, clock, files={"ark": ("raad.xlsx", b"PK nonsense")})
    assert bad.status_code == 422 and "filen er ikke et regneark" in bad.text.lower()


def test_files_are_kept_with_their_rows_and_need_not_be_chosen_again(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    found = [line.code for line in lines(standing(place, clock))]
    typed = {"kryds": ["0461", "0630"], "alle_beslutning": "council-approved", "alle_besluttet": "18/11 -26x"}
    data = {"csrf": csrf(client, app), **form(lines(standing(place, clock)), **typed)}
    given = [
        (f"fil-{code}", "protokol.pdf" if code == "0461" else "", "%PDF odense" * (code == "0461"))
        for code in found
    ]
    wrong = as_a_browser(client, data, [*given, ("alle_fil", "alle.pdf", "%PDF alle")])
    assert wrong.status_code == 422 and "»protokol.pdf« er vedlagt" in wrong.text
    kept = unescape(re.findall(r'name="bilag" value="([^"]+)"', wrong.text)[0])
    page = review(client, app, place, clock, bilag=kept, **{**typed, "alle_besluttet": "18/11-26"})
    save(client, app, page)
    after = {line.code: line for line in lines(standing(place, clock))}
    assert (
        after["0461"].document and after["0630"].document and after["0461"].document != after["0630"].document
    )
    assert client.get(f"/aftaler/{KEY}/dokumenter/{after['0461'].document}").content == b"%PDF odense"
    assert review(client, app, place, clock, bilag="forged").status_code == 422


def test_hostile_and_huge_input_is_refused_or_shown_as_text(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    page = review(
        client,
        app,
        place,
        clock,
        c0461={"source": NASTY, "meets_on": NASTY},
        blok=f"{NASTY}\t1/1-27",
        oplyst=NASTY,
    )
    assert page.status_code == 422 and "<script>alert" not in page.text and "<img" not in page.text
    for huge in ("x" * 100_000, "Odense\t16/6-27\n" * 6_000):
        assert review(client, app, place, clock, blok=huge).status_code == 422
    assert review(client, app, place, clock, c0461={"source": "x" * 100_000}).status_code == 422
    found = form(lines(standing(place, clock)))
    for broken in ({"raad": ["0851"]}, {"kilde": ["x"]}, {"version": "7"}, {"moede": ["1/1-27"] * 200}):
        data = {"csrf": csrf(client, app), **found, **broken}
        assert client.post(PAGE, data=data).status_code == 422
    assert len(facts(place)) == 2


def test_letters_about_decisions_of_days_gone_by_are_asked_about_once(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    no = {"event": "council-rejected", "on": "10. november 2026", "source": "referat"}
    page = review(client, app, place, clock, c0461=no, c0630=no)
    assert "breve venter på dit svar" in plain(page)
    after = client.get(save(client, app, page).headers["Location"])
    assert f'href="/aftaler/{KEY}/fortid"' in after.text


def test_before_the_text_is_sent_there_is_nothing_to_fill_in_and_the_page_says_so(
    client: TestClient, place: Workplace, clock: Clock
) -> None:
    open_agreement(
        place.engine, place.rulebook, Fact(0, "opened", danish_day(clock()), source="t", by="t"), region="syddanmark",
        term="2026-2029", label="tom", at=clock(),
    )  # fmt: skip
    page = client.get("/aftaler/syddanmark/tom/raad/ret")
    assert page.status_code == 200 and "sent-for-approval" in page.text and "<table" not in page.text
    assert (
        "Content-Security-Policy" in page.headers
        and "script-src 'self'" in page.headers["Content-Security-Policy"]
    )
    assert "script" not in client.get("/aftaler/syddanmark/tom/raad").headers["Content-Security-Policy"]
