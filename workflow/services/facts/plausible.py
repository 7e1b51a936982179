"""Whether a day can be right for an agreement at all."""

from __future__ import annotations

from datetime import date

from workflow.errors import Invalid, NotPossible
from workflow.language import full, phrase
from workflow.lifecycle.spoken import the_day
from workflow.rules.agreement import Agreement
from workflow.rules.anchors.revisions import dates
from workflow.rules.facts import Fact
from workflow.rules.found import Found
from workflow.rules.story import tell
from workflow.storage.law.rulebook import Rulebook


def in_its_term(agreement: Agreement, rulebook: Rulebook, event: str, day: date) -> None:
    """:class:`NotPossible` for an agreement that would take effect or end before its councils sit, or take effect when
    its region is not there."""
    term, region = agreement.term, rulebook.region(agreement.region)
    if day < term.starts_on:
        said = {"event": event, "day": the_day(day), "term": term.label, "first": the_day(term.starts_on)}
        raise NotPossible(
            phrase(
                "%(event)s %(day)s: en aftale for valgperioden %(term)s vedtages af råd, der tiltræder %(first)s, og "
                "kan ikke træde i kraft før; ret året, eller åbn aftalen for den valgperiode, den hører til (--term)",
                **said,
            )
            if event == "effective"
            else phrase(
                "%(event)s %(day)s: en aftale for valgperioden %(term)s vedtages af råd, der tiltræder %(first)s, og "
                "kan ikke udløbe før; ret året, eller åbn aftalen for den valgperiode, den hører til (--term)",
                **said,
            ),
            term.cite,
        )
    first, last = region.valid_from, region.valid_to
    if event == "effective" and ((first and day < first) or (last and day > last)):
        told = {"event": event, "day": full(day), "region": region.name}
        if first and day < first:
            text = phrase(
                "%(event)s %(day)s: %(region)s findes først fra %(first)s", first=full(first), **told
            )
        elif region.successor:
            heir = rulebook.region(region.successor).name
            text = phrase(
                "%(event)s %(day)s: %(region)s findes kun til %(last)s; derefter %(heir)s",
                last=full(last or day), heir=heir, **told,
            )  # fmt: skip
        else:
            text = phrase(
                "%(event)s %(day)s: %(region)s findes kun til %(last)s", last=full(last or day), **told
            )
        raise NotPossible(text, "OVG §§ 6-7")


def region_there(agreement: Agreement, rulebook: Rulebook) -> None:
    """:class:`NotPossible` for a round whose region ends before the first date of it, or begins after its term: of two
    regions that follow each other it is the other one's."""
    region = rulebook.region(agreement.region)
    first = _first_date(agreement, rulebook, region.valid_to) if region.valid_to else None
    if first and first.on and region.valid_to and region.valid_to < first.on:
        said = {"region": region.name, "day": region.valid_to, "title": first.title, "due": first.on}
        heir = rulebook.region(region.successor).name if region.successor else ""
        raise NotPossible(
            phrase(
                "%(region)s ophører %(day)s, før rundens første dato: %(title)s, %(due)s; åbn runden for %(heir)s",
                heir=heir,
                **said,
            )
            if heir
            else phrase("%(region)s ophører %(day)s, før rundens første dato: %(title)s, %(due)s", **said),
            "OVG §§ 6-7",
        )
    if region.valid_from and region.valid_from > agreement.term.ends_on:
        raise NotPossible(
            phrase("%(region)s findes først fra %(day)s", region=region.name, day=region.valid_from),
            "OVG §§ 6-7",
        )


def _first_date(agreement: Agreement, rulebook: Rulebook, as_of: date) -> Found | None:
    """The first dated duty of a round of which nothing has happened; ``None`` where it has none yet."""
    found = [one for one, _ in dates(agreement, tell([], as_of), rulebook.law, as_of).values()]
    dated = [one for one in found if one.on and one.rule.binding]
    return min(dated, key=lambda one: one.on or date.max, default=None)


def could_be_met(agreement: Agreement, fact: Fact) -> None:
    """:class:`Invalid` for a moved date that nobody could meet: over when it was given, and earlier than the law's own.

    A date may be moved after it has passed, for what came late."""
    rule = agreement.regime.rule("submission")
    if fact.event != "deviation" or rule is None or rule.due.anchor != "term":
        return
    ordinary = date(agreement.term.calendar_year(rule.due.term_year), rule.due.month, rule.due.day)
    if fact.value < min(fact.on, ordinary):
        raise Invalid(
            phrase(
                "%(value)s (--due) ligger før %(on)s (--on) og før lovens dato, %(ordinary)s, så ingen "
                "kunne nå den; er årstallet rigtigt?",
                value=full(fact.value),
                on=full(fact.on),
                ordinary=full(ordinary),
            )
        )


def can_end(agreement: Agreement, day: date) -> None:
    """:class:`Invalid` for an end that comes before the act that ends the rules, or before the rules themselves."""
    regime = agreement.regime
    if regime.ends and day < regime.ends.known_on:
        raise Invalid(
            phrase(
                "%(day)s: %(cite)s er fra %(known_on)s og kan ikke bringe noget til ophør før; er "
                "årstallet rigtigt?",
                day=full(day),
                cite=regime.ends.cite,
                known_on=full(regime.ends.known_on),
            )
        )
    if day <= regime.in_force_on:
        raise Invalid(
            phrase(
                "%(day)s: %(instrument)s trådte først i kraft %(in_force_on)s",
                day=full(day),
                instrument=regime.instrument,
                in_force_on=full(regime.in_force_on),
            )
        )


def plausible(agreement: Agreement, what: str, day: date, option: str = "") -> None:
    """:class:`Invalid` for a date no agreement of this term can meet: most often a wrong year."""
    first, last = (
        date(agreement.term.election_on.year - 3, 1, 1),
        date(agreement.term.ends_on.year + 8, 12, 31),
    )
    if not first <= day <= last:
        raise Invalid(
            phrase(
                "%(what)s %(day)s: en dato i en aftale for valgperioden %(label)s ligger mellem %(first)s og "
                "%(last)s; er årstallet rigtigt?",
                what=what,
                day=phrase("%(day)s (%(option)s)", day=full(day), option=option) if option else full(day),
                label=agreement.term.label,
                first=first,
                last=last,
            )
        )
