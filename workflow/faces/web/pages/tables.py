"""Tables of words and signs for the pages: of dates, states, decisions and what a fact is about."""

from __future__ import annotations

from workflow.language import noted
from workflow.mail.writing.words import TILSTANDE

NAMES_OF_DATES = {
    "law": noted("Lovens frist"),
    "guidance": noted("Vejledningens frist"),
    "agreed": noted("Aftalt dato"),
    "practice": noted("Dato efter praksis"),
}
# A deadline's status: its word, and the sign that says it in a table and a drawing without the colour.
SIGNS = {
    "overdue": "!",
    "upcoming": "○",
    "passed": "•",
    "met": "✓",
    "met_late": "✓",
    "breached": "!",
    "lapsed": "–",
    "undated": "?",
}
STATUSES = {status: (TILSTANDE[status], sign) for status, sign in SIGNS.items()}
# A council's decision: the sign on its tile, and how it weighs.
ANSWERS = {
    "not_sent": ("·", "none"),
    "pending": ("…", "wait"),
    "scheduled": ("▸", "wait"),
    "postponed": ("↷", "wait"),
    "reset": ("↺", "wait"),
    "approved": ("✓", "good"),
    "approved_with_remarks": ("✓", "good"),
    "evidence_received": ("✓", "good"),
    "conditional": ("~", "late"),
    "rejected": ("✗", "late"),
}
# A council's decision where one is chosen among several: the fact's event, in a word.
CHOICES = {
    "council-approved": noted("Godkendt"),
    "council-remarks": noted("Godkendt med bemærkninger"),
    "council-conditional": noted("Godkendt med forbehold"),
    "council-postponed": noted("Udsat"),
    "council-rejected": noted("Forkastet"),
}
SUBJECTS = {
    "ssu": noted("Udvalget"),
    "piu": noted("Patientinddragelsesudvalget"),
    "political": noted("det politiske niveau"),
    "professional": noted("det faglige niveau"),
    "midterm": noted("Midtvejsstatus"),
    "final": noted("Slutstatus"),
    "agreement": noted("Aftalen"),
}
