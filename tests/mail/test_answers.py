"""What each answer means for a notice, and when it is tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.mail.answers import KINDS, classify, judge, too_large
from workflow.mail.sending.retry import Breaker, backoff, severity

AT = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)

CASES = [
    ("the letter is queued", 250, "2.0.0 queued", "DOT", "accepted"),
    ("251 after the dot is a yes as well", 251, "will forward", "DOT", "accepted"),
    ("greylisting", 451, "4.7.1 try again later", "RCPT", "deferred"),
    ("the mailbox is full for now", 452, "4.2.2 full", "RCPT", "mailbox_full"),
    ("the server goes down mid-session", 421, "4.3.2 closing", "MAIL", "deferred"),
    ("the server will not take it now, said after the dot", 451, "4.3.0 error", "DOT", "deferred"),
    ("421 after the dot is a clear no", 421, "4.3.2 closing", "DOT", "deferred"),
    ("a passing failure of sign-in", 454, "4.7.0 temporary", "AUTH", "deferred"),
    ("no such mailbox", 550, "5.1.1 unknown", "RCPT", "address_refused"),
    ("no enhanced code", 550, "no such user here", "RCPT", "address_refused"),
    ("the user moved", 551, "user not local", "RCPT", "address_refused"),
    ("the name cannot be", 553, "5.1.3 bad name", "RCPT", "address_refused"),
    ("the mailbox is closed", 550, "5.2.1 disabled", "RCPT", "address_refused"),
    ("a full mailbox is no wrong address", 550, "5.2.2 over quota", "RCPT", "mailbox_full"),
    ("nor is a letter too long for it", 550, "5.2.3 too long", "RCPT", "policy_refused"),
    ("nor a server that cannot", 550, "5.3.5 misconfigured", "RCPT", "policy_refused"),
    ("unknown, as some large hosts say it", 550, "5.4.1 access denied", "RCPT", "address_refused"),
    ("enhanced 5.1.1 under 554", 554, "5.1.1 unknown", "RCPT", "address_refused"),
    (
        "a 550 about relaying is no fault of the address",
        550,
        "5.7.1 relaying denied",
        "RCPT",
        "channel_refused",
    ),
    ("a 550 about the sender strikes nobody off", 550, "5.1.8 sender domain", "RCPT", "channel_refused"),
    ("550 5.1.1 said to MAIL is not about the recipient", 550, "5.1.1 who?", "MAIL", "channel_refused"),
    ("too big", 552, "5.3.4 too big", "DOT", "policy_refused"),
    ("spam", 554, "5.7.1 spam", "DOT", "policy_refused"),
    ("554 without more", 554, "transaction failed", "RCPT", "policy_refused"),
    ("550 after the dot is about the letter", 550, "content", "DOT", "policy_refused"),
    ("550 without words strikes nobody off", 550, "go away", "RCPT", "policy_refused"),
    ("the words weigh more than a wrong number", 552, "5.1.1 over quota", "RCPT", "mailbox_full"),
    ("no such mailbox, found out after the dot", 550, "5.1.1 unknown user", "DOT", "address_refused"),
    ("552 after the dot is about the letter", 552, "transaction failed", "DOT", "policy_refused"),
    ("nested MAIL after an abandoned transaction", 503, "5.5.1 nested MAIL", "MAIL", "own_fault"),
    ("syntax", 500, "what", "RCPT", "own_fault"),
    ("sign-in is needed", 530, "5.7.0 authenticate", "MAIL", "own_fault"),
    ("wrong password", 535, "5.7.8 no", "AUTH", "own_fault"),
    ("unknown parameter", 555, "5.5.4 parameter", "MAIL", "own_fault"),
    ("the greeting is a refusal", 554, "5.3.2 no mail here", "CONNECT", "own_fault"),
    ("a number nobody has seen", 599, "?", "MAIL", "own_fault"),
    ("250 in the place of 354: no letter was sent", 250, "ok", "DATA", "own_fault"),
]


@pytest.mark.parametrize(
    ("code", "text", "verb", "kind"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_an_answer_has_one_meaning(code: int, text: str, verb: str, kind: str) -> None:
    assert classify(code, text, verb in ("DATA", "DOT"), verb).kind == kind


@pytest.mark.parametrize("verb", ["CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT"])
def test_silence_before_the_intent_is_a_delay(verb: str) -> None:
    assert classify(0, "timed out", False, verb).kind == "deferred"


@pytest.mark.parametrize("verb", ["DATA", "DOT"])
def test_silence_after_the_intent_is_uncertain(verb: str) -> None:
    assert classify(0, "connection lost", True, verb).kind == "uncertain"


def test_an_answer_after_the_dot_that_cannot_be_read_is_uncertain() -> None:
    assert classify(-1, "%$#", True, "DOT").kind == "uncertain"
    assert classify(354, "go ahead", True, "DOT").kind == "uncertain"


@given(
    st.integers(-1, 999),
    st.text(),
    st.booleans(),
    st.sampled_from(["CONNECT", "AUTH", "MAIL", "RCPT", "DATA", "DOT"]),
)
def test_every_answer_falls_in_a_class_and_only_a_2xx_after_the_dot_is_accepted(
    code: int, text: str, after: bool, verb: str
) -> None:
    answer = classify(code, text, after, verb)
    assert answer.kind in KINDS
    assert (answer.kind == "accepted") == (verb == "DOT" and 200 <= code <= 299)


@pytest.mark.fault("F74")
def test_what_a_server_says_is_kept_as_one_line_that_a_database_takes() -> None:
    answer = classify(550, "no\r\nsuch\x00user \udcff", False, "RCPT")
    assert answer.text == "no such user ?"
    assert classify(550, "x" * 1001, False, "RCPT").text == "x" * 1000


def test_the_waits_grow_to_half_an_hour_and_stay_there() -> None:
    assert [backoff(n, 0.0) for n in (1, 2, 3, 4, 5, 99)] == [
        timedelta(minutes=m) for m in (1, 5, 15, 30, 30, 30)
    ]


@given(st.integers(-3, 10**6), st.floats(0, 1, exclude_max=True))
def test_the_wait_is_at_most_a_fifth_longer_than_planned(tries: int, spread: float) -> None:
    assert backoff(tries, 0.0) <= backoff(tries, spread) <= backoff(tries, 0.0) * 1.2


@pytest.mark.parametrize(
    ("minutes", "level"),
    [(0, ""), (27, ""), (28, "warning"), (237, "warning"), (238, "alarm"), (7197, "alarm"), (7198, "person")],
)
def test_it_grows_louder_the_longer_it_lasts_and_is_told_two_minutes_before_the_time(
    minutes: int, level: str
) -> None:
    assert severity(AT, AT + timedelta(minutes=minutes)) == level


def test_the_breaker_opens_at_five_failures_in_a_row_and_probes_every_five_minutes() -> None:
    four = Breaker.of([(True, AT)] * 4)
    five = Breaker.of([(True, AT)] * 5)
    assert four.allows(AT)
    assert not five.allows(AT + timedelta(minutes=4, seconds=59))
    assert five.allows(AT + timedelta(minutes=5))


def test_one_success_closes_the_breaker() -> None:
    assert Breaker.of([(False, AT), *[(True, AT)] * 9]).allows(AT)


@pytest.mark.parametrize(
    ("said", "code", "size"),
    [
        ("5.3.4 Message size exceeds fixed limit", 552, True),
        ("5.2.3 Message too large", 550, True),
        ("Mailen er for stor", 552, True),
        ("5.7.1 Content rejected: spam score exceeds threshold", 554, False),
        ("5.6.0 Attachment type not allowed", 552, False),
        ("transaction failed", 552, True),
        ("attachment type not allowed", 554, False),
    ],
)
def test_a_refusal_for_size_is_known_from_one_for_what_the_letter_holds(
    said: str, code: int, size: bool
) -> None:
    assert too_large(classify(code, said, True, "DOT")) is size


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("550 5.1.1 <frist@aftale.example>: User unknown", "unknown"),
        ("550 5.1.1 birgit@kommune.example user unknown", "unknown"),
        ("550 5.1.1 <Raad@kommune.example>: User unknown", "gone"),
        ("550 5.1.1 <raad@kommune.mail.example>: User unknown", "gone"),
        ("550 5.1.1 User unknown", "gone"),
        ("550 5.1.1 User unknown, contact it@kommune.example", "gone"),
        ("550 5.1.1 Postkassen findes ikke, skriv til post@kommune.example", "gone"),
        ("550 No such user. Problems? postmaster@kommune.example", "gone"),
        ("551 User has moved; please try <ny@ny.example>", "gone"),
        ("550 5.7.1 SPF fails for frist@aftale.example", "sender"),
    ],
)
def test_words_that_name_other_addresses_alone_condemn_no_mailbox(said: str, about: str) -> None:
    assert judge(said, to=["raad@kommune.example"]) == about


@pytest.mark.parametrize(
    ("said", "code", "about"),
    [
        ("450 4.1.1 User unknown", 0, "full"),  # the server itself does not call it final
        ("4.1.1 User unknown", 0, "full"),
        ("5.1.1 User unknown", 0, "gone"),
        ("5.1.1 User unknown", 450, "full"),  # the code beside the words weighs more
        ("5.1.1 User unknown", 400, "full"),
        ("not now", 400, "full"),
        ("not now", 399, "unknown"),
        ("not now", 500, "unknown"),
        ("4.1.1 User unknown", 500, "gone"),
        ("4.0.0 User unknown", 0, "full"),
        ("blocked by policy", 550, "policy"),
        ("not now", 450, "full"),
        ("not now", 550, "unknown"),
        ("not now", 552, "full"),  # exceeded storage allocation, RFC 5321
        ("not now", 551, "gone"),  # user not local, RFC 5321
        ("over quota", 551, "full"),
        ("5.0.0 (5.2.2) not now", 550, "full"),  # the number that says something
        ("5.4.1 Recipient address rejected: Access denied, blocked by policy", 550, "gone"),
        ("message file not in queue directory; try later", 0, "unknown"),
        ("message file not in the mail queue directory", 550, "unknown"),
        ("message file not in the directory", 550, "unknown"),
        ("user file not in user directory", 550, "unknown"),
        ("no mail box space left here", 0, "full"),
        ("no mailbox space left here", 550, "full"),
        ("no mail box server available here", 550, "unknown"),
        ("no mailbox store available at this time", 550, "unknown"),
        ("no mailbox here by that name", 550, "gone"),
        ("no mail box available for this user", 550, "gone"),
        ("Recipient not in the global address directory", 550, "gone"),
        ("Recipient not in the company's global address directory", 550, "gone"),
        ("Address not present in directory", 550, "gone"),
        ("recipient is not in the directory", 550, "gone"),
        ("User Ida.Holm (a@k.example) not listed in Domino Directory", 0, "gone"),
        ("User Ida.Holm (a@k.example) not listed in public Name & Address Book", 0, "unknown"),
    ],
)
def test_a_refusal_is_of_one_class_by_its_numbers_and_its_words(said: str, code: int, about: str) -> None:
    assert judge(said, code) == about


@pytest.mark.parametrize(
    ("code", "said", "verb", "kind", "about"),
    [
        (200, "ok", "DOT", "accepted", ""),
        (200, "ok", "DATA", "own_fault", ""),
        (299, "ok", "DOT", "accepted", ""),
        (300, "ok", "DOT", "uncertain", ""),
        (400, "not now", "RCPT", "deferred", ""),
        (600, "no such number", "RCPT", "own_fault", ""),
        (500, "what", "RCPT", "own_fault", "relay"),
        (550, "5.7.1 relaying denied", "MAIL", "channel_refused", "relay"),
        (550, "5.1.8 sender domain", "MAIL", "channel_refused", "sender"),
        (550, "5.1.1 <frist@aftale.example>: User unknown", "RCPT", "policy_refused", "unknown"),
    ],
)
def test_what_an_answer_speaks_of(code: int, said: str, verb: str, kind: str, about: str) -> None:
    answer = classify(code, said, verb in ("DATA", "DOT"), verb, "raad@kommune.example")
    assert (answer.kind, answer.about) == (kind, about)


@pytest.mark.parametrize(
    ("about", "to", "said"),
    [
        ("full", "a@k.example", "552 Account(s) <a@k.example> does not have enough     space left"),
        ("gone", "a@k.example", "550 a@k.example...User unknown"),
        ("gone", "a@k.example", "550 User [a@k.example] does not exist"),
        ("gone", "a@k.example", "550-a@k.example is not an active address 550 ask the postmaster"),
        ("gone", "a-=#43@k.example", "550 5.1.1 <a-=#43@k.example>: Recipient address rejected:     User unknown"),
        ("gone", "a@k.example", "550 ** No mail box available for this user **"),
        ("full", "a@k.example", "5.4.4 Name service error for name=k.example type=MX: Malformed name server reply"),
        ("unknown", "a@k.example", "550 User [b@k.example] does not exist"),
        ("unknown", "a@k.example", "550 b@k.example...User unknown"),
    ],
)  # fmt: skip
def test_an_address_is_found_in_whatever_stands_around_it(about: str, to: str, said: str) -> None:
    """Brackets, dots, the number of a first line, and the blanks of a line that was folded."""
    assert judge(said, to=[to]) == about
