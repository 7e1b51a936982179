"""One mail to one person, now: an invitation, a link to sign in. No notice: nobody is owed it, and who misses it asks
again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from workflow.errors import DeliveryError
from workflow.faces.daemon.workplace import Workplace, templates
from workflow.language import SOURCE, in_words, phrase, speaking, worded
from workflow.mail.sending.channels import MailChannel, Telling
from workflow.mail.writing.translating import EXTENSION, teach_languages
from workflow.rules.days import COPENHAGEN
from workflow.services.people.inviting import Invitation
from workflow.services.people.signin import language_of
from workflow.services.views.titles import access
from workflow.values import replace

BOUND = 30.0  # seconds one try may take
INVITATION = "people/invitation.mail.txt"


async def hand_over(place: Workplace, clock: Callable[[], datetime], to: str, telling: Telling) -> None:
    """One try at the letters' own mail server, or the local inbox; ``OSError``, ``ValueError``,
    :class:`DeliveryError` or ``TimeoutError`` where it is not taken."""
    async with place.mail(clock) as target:
        patient = replace(target, connect_timeout=10, timeout=10, after_dot_timeout=20)
        await MailChannel(patient, place.settings.sender, to).tell(telling)


def hand_over_now(place: Workplace, clock: Callable[[], datetime], to: str, telling: Telling) -> str:
    """One try, at most :data:`BOUND` seconds; why it was not taken, or nothing."""
    try:
        asyncio.run(asyncio.wait_for(hand_over(place, clock, to, telling), BOUND))
    except TimeoutError:
        return f"mailserveren svarede ikke inden for {BOUND:.0f} sekunder"
    except (OSError, ValueError, DeliveryError) as error:
        return str(error) or type(error).__name__
    return ""


def send_invitation(place: Workplace, clock: Callable[[], datetime], invitation: Invitation, by: str) -> str:
    """Send what was made, in the language the person has chosen; why it was not taken, or nothing. ``by`` is who
    invites, in words."""
    if not invitation.link:
        return ""
    person, base = invitation.person, place.settings.base_url
    with speaking(language_of(place.engine, person.email, SOURCE)):
        text = _text(
            place, person=person, by=by, by_mail=place.settings.sign_in_by_mail, base_url=base,
            link=f"{base}/log-ind/{invitation.link}",
            until=_until(invitation.ends_at),
            access=worded(access(place.rulebook, person.role, person.region, person.body)),
        )  # fmt: skip
    subject, _, body = text.partition("\n")
    telling = Telling("invitation", "alive", subject, body.strip(), clock(), invitation.link)
    return hand_over_now(place, clock, person.email, telling)


def _until(at: datetime) -> str:
    local = at.astimezone(COPENHAGEN)
    return worded(
        phrase("%(day)s kl. %(clock)s", day=in_words(local.date()), clock=f"{local.hour}.{local:%M}")
    )


def _text(place: Workplace, **told: Any) -> str:
    loader = FileSystemLoader(templates(place.settings) / "pages")
    pages = Environment(
        loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, extensions=[EXTENSION]
    )
    teach_languages(pages)
    return pages.get_template(INVITATION).render(told)
