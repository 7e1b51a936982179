"""What the events of the journal and of the machines are called in Danish. Every event has a name; a test says so.

Whom a document is sent to and what it is called stands in its regime's words, so an event is named by them:
``called(agreement.regime.words)[event]``. :data:`EVENTS` is for what is about no one agreement.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from workflow.language import SOURCE, noted, spoken_now, worded
from workflow.rules.words import NEUTRAL, Words

_EVENTS = {
    # the journal's
    "opened": noted("{document.short} oprettet"),
    "drafting-opened": noted("Udkastet påbegyndt"),
    "piu-meeting-held": noted("Møde med patientinddragelsesudvalget holdt"),
    "cluster-input": noted("Bidrag fra sundhedsklyngen"),
    "goals-set": noted("Fælles mål fastsat"),
    "consultation-opened": noted("Høring åbnet"),
    "consultation-closed": noted("Høring afsluttet"),
    "endorsed": noted("Tiltrådt af {committee.short}"),
    "annex-added": noted("Bilag vedlagt"),
    "sent-for-approval": noted("Sendt til godkendelse i rådene"),
    "council-scheduled": noted("Held på rådets dagsorden"),
    "council-approved": noted("Godkendt i rådet"),
    "council-remarks": noted("Godkendt i rådet med bemærkninger"),
    "council-conditional": noted("Godkendt i rådet med forbehold"),
    "council-rejected": noted("Forkastet i rådet"),
    "council-postponed": noted("Udsat af rådet"),
    "evidence": noted("Rådets beslutning bekræftet skriftligt"),
    "submitted": noted("{submit.done} til {authority}"),
    "received": noted("Modtaget af {authority}"),
    "info-requested": noted("{authority} har bedt om oplysninger"),
    "info-supplied": noted("Oplysninger givet til {authority}"),
    "refusal-discussed": noted("Muligt afslag drøftet med {authority}"),
    "sst-approved": noted("Godkendt af {authority}"),
    "sst-refused": noted("Ikke godkendt af {authority}"),
    "involvement-held": noted("Inddragelse gennemført"),
    "statements-received": noted("Udtalelser modtaget"),
    "advice-asked": noted("Bedt om rådgivning fra {authority}"),
    "advice-received": noted("Rådgivning fra {authority} modtaget"),
    "adopted": noted("Vedtaget"),
    "change-adopted": noted("Væsentlig ændring vedtaget"),
    "change-sent": noted("Væsentlig ændring sendt"),
    "concluded": noted("Indgået"),
    "authority-told": noted("{authority} underrettet"),
    "notice-given": noted("Opsagt"),
    "notice-received": noted("Opsigelse modtaget"),
    "request-sent": noted("Anmodning sendt"),
    "copy-sent": noted("Kopi sendt til {authority}"),
    "answer-received": noted("Svar modtaget"),
    "constituting-meeting-held": noted("Konstituerende møde holdt"),
    "duty-done": noted("Pligten opfyldt"),
    "deviation": noted("{authority} har fraveget fristen"),
    "effective": noted("Ikrafttrædelse fastsat"),
    "nominal-end": noted("{document.short}s udløb fastsat"),
    "midterm-sent": noted("Midtvejsstatus sendt"),
    "final-sent": noted("Slutstatus sendt"),
    "status-adopted": noted("Statusrapport vedtaget i {committee.short}"),
    "published": noted("Offentliggjort"),
    "shared": noted("Delt med de øvrige udvalg"),
    "meeting-planned": noted("Møde planlagt"),
    "meeting-held": noted("Møde holdt"),
    "piu-invited": noted("Patientinddragelsesudvalget inviteret til det årlige møde"),
    "constituted": noted("Udvalget eller niveauet er konstitueret"),
    "chair-elected": noted("Formandskab valgt"),
    "rules-of-procedure": noted("Forretningsorden fastsat"),
    "piu-seats-offered": noted("To pladser tilbudt patientinddragelsesudvalget i klyngens faglige niveau"),
    "piu-dialogue-invited": noted("Patientinddragelsesudvalget inviteret til dialogmøde i klyngen"),
    "piu-meeting-requested": noted("Et medlem har bedt om et møde i patientinddragelsesudvalget"),
    "working-group-set-up": noted("Arbejdsgruppe nedsat"),
    "piu-group-invited": noted("Patientinddragelsesudvalget inviteret til arbejdsgruppen"),
    "policy-received": noted("Udkast til kommunal sundhedspolitik modtaget i klyngen"),
    "policy-assessed": noted("Udkast til kommunal sundhedspolitik vurderet i klyngen"),
    "practice-plan-consulted": noted(
        "Almen praksis, kommuner og patientinddragelsesudvalg hørt om praksisplanen"
    ),
    "practice-plan-shown": noted("Praksisplanen forelagt udvalget"),
    "practice-plan-received": noted("Praksisplanen modtaget af {authority}"),
    "practice-plan-advised": noted("{authority} har rådgivet om praksisplanen"),
    "practice-plan-adopted": noted("Praksisplanen vedtaget"),
    "plan-hearing-opened": noted("Udkast til en af regionens planer sendt til udvalget"),
    "plan-hearing-answered": noted("Udvalget har vurderet udkastet til regionens plan"),
    "piu-procedure-set": noted("Inddragelsen af patientinddragelsesudvalget fastlagt"),
    "piu-heard": noted("Patientinddragelsesudvalget hørt om et politisk udspil"),
    "cluster-dialogue": noted("Dialog med sundhedsklyngen om opfølgningen"),
    "communication-agreed": noted("Yderligere formidling af {document.short} aftalt"),
    "follow-up-planned": noted("Plan for implementering og opfølgning lagt"),
    "revised-date-set": noted("{authority} har givet frist for den reviderede aftale"),
    "date-agreed": noted("Dato aftalt"),
    "date-kept": noted("Den aftalte dato er holdt"),
    "found-needless": noted("Gennemgangen viser intet behov for revision"),
    "found-needed": noted("Gennemgangen viser behov for revision"),
    "annual-review-held": noted("Årlig gennemgang holdt"),
    "revision-opened": noted("Revision påbegyndt"),
    "withdrawn": noted("Trukket tilbage"),
    "regime-confirmed": noted("Reglernes ophør bekræftet"),
    "rules-accepted": noted("Nye regler taget i brug"),
    "rules-declined": noted("Nye regler ikke taget i brug"),
    "history-answered": noted("Svar på, om breve om fortiden er sendt"),
    "letter-handled": noted("Håndteret et brev"),
    "reading-signed": noted("En læsning af loven underskrevet"),
    "correction": noted("Rettelse af en tidligere linje"),
    # what moves a machine by itself
    "council-against": noted("Et råd siger nej eller tager forbehold"),
    "council-reopened": noted("Et råd tager sagen op igen"),
    "all-approved": noted("Alle råd har godkendt"),
    "superseded": noted("En senere version træder i stedet"),
    "law-ended": noted("Loven ophører"),
    "sst-silent": noted("{authority} svarer ikke inden fristen"),
    "text-changed": noted("Teksten ændres"),
    "nominal-end-passed": noted("Det aftalte udløb passeres"),
    "notice-ended": noted("Opsigelsen får virkning"),
    "succeeded": noted("{document.short} afløses af den næste"),
    "sent": noted("Rapporten sendes til {authority}"),
    "year-ended": noted("Året slutter"),
}
REPORT_NAMES = {"midterm": "midtvejsstatus", "final": "slutstatus"}


def called(words: Words) -> Mapping[str, str]:
    """Every event's name by its key, in the language of the moment, with the authority, the document and the committee
    as ``words`` have them."""
    if spoken_now() == SOURCE:
        return _in_danish(words)
    return {event: words.now.said(worded(name)) for event, name in _EVENTS.items()}


@cache
def _in_danish(words: Words) -> Mapping[str, str]:
    return MappingProxyType({event: words.said(name) for event, name in _EVENTS.items()})


EVENTS = _in_danish(NEUTRAL)
