"""What a returned mail may look like, and what each form of it does to the mailbox it was written to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.mail.returned import dsn, in_words, wrapped
from tests.post import add_contact, notice, notices, open_alarms
from tests.services.delivery import returning
from tests.services.delivery.returning import NEXT_DAY, alarm_of, failed, pending, reckoned, struck_off, take
from tests.services.lived import RETURN, SECRET, hand_over
from tests.smtp_server import ScriptedServer
from workflow.mail.verp import token, verp
from workflow.services.delivery import handling
from workflow.services.delivery.bounces import Taken
from workflow.services.keeping.proving import prove
from workflow.services.watch.receipts import confirm
from workflow.storage.database import writing

engine = returning.engine


@pytest.mark.fault("F26")
def test_the_envelope_id_is_believed_also_where_the_return_address_holds_no_token(engine: Engine) -> None:
    sent, plain = pending(engine), "retur@nord.example"
    forged = dsn(plain, recipient=sent.address, envid=token(sent.message_id, "other"))
    assert take(engine, forged, bounce=plain).notice_id is None
    ours = dsn(plain, recipient=sent.address, envid=token(sent.message_id, SECRET))
    assert take(engine, ours, bounce=plain) == Taken("failed", sent.id, alarm_of(engine, sent))


@pytest.mark.fault("F26")
@pytest.mark.parametrize("form", ["in a gateway's mail", "in words", "in words nobody knows"])
def test_a_bounce_of_another_form_is_not_dropped(engine: Engine, form: str) -> None:
    sent = pending(engine)
    to = verp(RETURN, sent.message_id, SECRET)
    if form == "in words nobody knows":
        raw = in_words(to, address=sent.address, said="Nix.")
        taken = take(engine, raw)
        assert (taken.kind, taken.notice_id) == ("unread", sent.id)
        assert f"aftale proof {sent.id}" in taken.alarm
        assert open_alarms(engine) == {f"notice:{sent.id}:unread": "alarm"}
        assert notice(engine, sent.id or 0).state == "accepted", "what nobody has read changes nothing"
        assert prove(engine, str(sent.id))["returneret-1.eml"] == raw
        assert take(engine, in_words(verp(RETURN, sent.message_id, "other"))).kind == "forged"
        confirm(engine, [str(sent.id)], "læst, den var til en anden", "anna", NEXT_DAY)
        assert open_alarms(engine) == {}, "a person has looked"
    elif form == "in words":
        assert take(engine, in_words(to, address=sent.address)).kind == "failed"
        assert struck_off(engine) == [sent.address]
    else:
        assert take(engine, wrapped(failed(sent), to)).kind == "failed"
        assert notice(engine, sent.id or 0).state == "bounced"


@pytest.mark.fault("F26")
@pytest.mark.parametrize(
    ("status", "said"),
    [("5.2.2", "smtp; 550 5.2.2 mailbox full"), ("4.4.7", "smtp; 451 delivery time expired")],
)
def test_a_full_or_slow_mailbox_is_kept_and_written_to_again_hours_later(
    engine: Engine, status: str, said: str
) -> None:
    """Struck off is only what does not exist."""
    sent = pending(engine)
    taken = take(engine, failed(sent, status=status, said=said))
    assert struck_off(engine) == []
    assert f"Det skrives igen om nogle timer til {sent.address}." in taken.alarm
    with ScriptedServer() as server:
        hand_over(engine, server, NEXT_DAY + timedelta(hours=3))
        assert server.letters == []
        hand_over(engine, server, NEXT_DAY + timedelta(hours=4, minutes=1))
    assert [letter.to for letter in server.letters] == [sent.address]


@pytest.mark.fault("F26")
def test_somebody_behind_a_shared_mailbox_who_is_gone_does_not_strike_it_off(engine: Engine) -> None:
    """Nobody knows whether others behind the mailbox got it, so a person decides; until then the duty is open."""
    sent = pending(engine)
    taken = take(engine, failed(sent, final="fratraadt@aalborg.example"))
    assert struck_off(engine) == []
    again = notices(engine)[-1]
    assert (again.state, "fratraadt@aalborg.example" in again.why) == ("held", True)
    assert f"aftale outbox release {again.id})" in taken.alarm
    assert [f.kind for f in reckoned(engine, NEXT_DAY + timedelta(hours=6))] == ["waiting"]
    handling.release(engine, [str(again.id)], NEXT_DAY)
    with ScriptedServer() as server:
        hand_over(engine, server, NEXT_DAY)
    assert [letter.to for letter in server.letters] == [sent.address]


@pytest.mark.fault("F26")
def test_the_alarm_names_the_other_mailbox_of_the_body_that_is_written_to(engine: Engine) -> None:
    with writing(engine) as session:
        add_contact(session, "0851", "sekretariat@aalborg.example", function="chair", priority=9)
    taken = take(engine, failed(pending(engine)))
    assert (
        "0851/council har ingen anden postkasse; det skrives nu til organets postkasse sekretariat@"
        in taken.alarm
    )


@pytest.mark.fault("F26")
def test_no_address_is_logged_as_information(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    sent = pending(engine)
    take(engine, failed(sent, said=f"smtp; 550 5.1.1 <{sent.address}> unknown"))
    informed = [one for one in caplog.records if one.levelname == "INFO" and one.name.startswith("aftale")]
    assert [one.__dict__["action"] for one in informed] == ["bounce.taken"]
    assert "@" not in informed[0].getMessage()


@pytest.mark.fault("F26")
def test_what_came_back_and_was_not_sent_again_is_counted_once(engine: Engine) -> None:
    take(engine, failed(pending(engine)))
    found = reckoned(engine, NEXT_DAY + timedelta(days=1))
    assert [(f.kind, f.key.split("|")[-2]) for f in found] == [("waiting", "-14d")]
