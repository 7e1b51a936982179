"""Why something was refused, as a page says it beside a field or above a form."""

from __future__ import annotations

from workflow.faces.web.pages.words import reason
from workflow.language import said_by
from workflow.lifecycle.names import called
from workflow.mail.writing.words import stort
from workflow.rules.words import NEUTRAL


def because(error: Exception) -> str:
    """What the error says in the language of the moment, events by their names, without the options of a command."""
    return reason(said_by(error), called(NEUTRAL))


def beside(error: Exception) -> str:
    """The same as a sentence of its own, to stand beside a field."""
    return f"{stort(said_by(error))}."
