"""What writing a letter costs, beside the standard library's own mail package building and reading the same letter."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from statistics import median

from tests.mail.conftest import AT, FOLDER, INSTANCE, part
from tests.mail.samples import SAMPLES, sample
from workflow.mail.writing.letters import Letters, Rendered, message_id

ROUNDS = 5
COUNCILS = ("Aalborg", "Brønderslev", "Frederikshavn", "Hjørring", "Jammerbugt", "Læsø", "Rebild", "Thisted")


def _written(letters: Letters) -> Iterator[Rendered]:
    """Each reviewed letter to eight councils, as a letter to many goes out."""
    for number, case in enumerate(SAMPLES):
        name, facts = sample(case)
        for council in COUNCILS:
            own_id = message_id(INSTANCE, f"{number} {council}")
            yield letters.render(name, facts, f"{council} Kommune", "post@kommune.example", own_id, AT)


def _by_the_library(raw: bytes) -> Callable[[], None]:
    """The same text, HTML and calendar file put together, written out and read back by ``email``."""
    text, rich, dates = (part(raw, f"text/{kind}") for kind in ("plain", "html", "calendar"))
    subject = str(message_from_bytes(raw, policy=policy.default)["Subject"])

    def build() -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = (
            "frist@nord.example",
            "post@kommune.example",
            subject,
        )
        message.set_content(text)
        message.add_alternative(rich, subtype="html")
        if dates:
            message.add_attachment(dates, subtype="calendar", filename="frist.ics")
        message_from_bytes(message.as_bytes(), policy=policy.default).get_body()

    return build


def compare() -> dict[str, float]:
    """CPU milliseconds a letter: written by us, words and bytes; and the bytes alone by the standard library."""
    letters = Letters(FOLDER, INSTANCE, "Aftalefrist <frist@nord.example>", "sekretariat@nord.example")
    raws = [one.raw for one in _written(letters)]
    library = [_by_the_library(raw) for raw in raws[:: len(COUNCILS)]]
    took: dict[str, list[float]] = {"email (bytes alone)": [], "written (words and bytes)": []}
    for _ in range(ROUNDS):
        begun = time.process_time()
        for build in library:
            build()
        took["email (bytes alone)"].append((time.process_time() - begun) / len(library))
        begun = time.process_time()
        many = sum(1 for _ in _written(letters))
        took["written (words and bytes)"].append((time.process_time() - begun) / many)
    return {what: median(times) * 1000 for what, times in took.items()}
