"""One line to copy for each command, shown under its ``--help``."""

from __future__ import annotations

import typer

EXAMPLES = {
    "init": "aftale init --demo",
    "upgrade": "aftale upgrade",
    "open": "aftale open nordjylland --term 2026-2029 --label 2027-2031",
    "record": 'aftale record nordjylland/2024-2027 midterm-sent --on 2025-12-10 --source "Brev"',
    "import": "aftale import runde.toml --dry-run",
    "deadlines": "aftale deadlines nordjylland/2024-2027 --as-of 2023-05-01",
    "why": "aftale why nordjylland/2024-2027 annual-review:2025",
    "status": "aftale status nordjylland/2024-2027 --watch",
    "plan": "aftale plan nordjylland/2027-2031 --as-of 2027-03-01",
    "whatif": "aftale whatif nordjylland/2027-2031 aflyst",
    "chance": "aftale chance nordjylland/2027-2031",
    "journal": "aftale journal nordjylland/2024-2027",
    "notices": "aftale notices nordjylland/2024-2027",
    "ready": "aftale ready nordjylland/2027-2031",
    "quotas": "aftale quotas nordjylland/2024-2027 --year 2026",
    "regimes": "aftale regimes",
    "deviation": 'aftale deviation --term 2022-2025 --on 2023-06-28 --due 2024-01-01 --source "Brev" --dry-run',
    "bodies": "aftale bodies nordjylland --as-of 2026-12-31",
    "tick": "aftale tick --dry-run",
    "daemon": "aftale daemon --port 8025",
    "check": "aftale check",
    "bounce": "aftale bounce < retur.eml",
    "proof": "aftale proof 1 --out bevis.zip",
    "verify": "aftale verify nordjylland/2024-2027",
    "reckon": "aftale reckon --receipts",
    "doctor": "aftale doctor",
    "backup": "aftale backup kopi.db",
    "restore": "aftale restore kopi.db",
    "move": "aftale move --to postgresql://vagt@db.example/aftale",
    "diagram": "aftale diagram",
    "lawdoc": "aftale lawdoc",
    "rehearse": "aftale rehearse --from 2027-01-01 --to 2027-12-31 --out generalproeve",
    "note": 'aftale note nordjylland/2027-2031 "Ringet 3/12, byrådet 16/12" --about 0851',
    "log": "aftale log nordjylland/2027-2031 --about 0851",
    "person invite": "aftale person invite bo@region.example --name 'Bo Holm' --role secretariat --region nordjylland",
    "contacts import": "aftale contacts import kontakter.csv",
    "sender show": "aftale sender show nordjylland",
    "sender set": "aftale sender set nordjylland --name 'Region Nordjylland, SSU-sekretariatet' --line 'Anne Holm'",
    "contacts add": "aftale contacts add 0851 council byraad@aalborg.example --name Byrådssekretariatet",
    "contacts change": "aftale contacts change 7 --email sundhed@aalborg.example",
    "contacts end": "aftale contacts end 7 --on 2029-12-31",
    "contacts deputy": "aftale contacts deputy 7 vikar@aalborg.example --from 2027-07-01 --to 2027-07-31",
    "contacts test": "aftale contacts test byraad@aalborg.example --wait 120",
    "contacts restore": "aftale contacts restore --on 2027-03-01",
    "contacts list": "aftale contacts list nordjylland",
    "meetings import": 'aftale meetings import moeder.csv --source "vejle.example/moeder" --dry-run',
    "meetings list": "aftale meetings list vejle",
    "meetings remove": 'aftale meetings remove vejle 2027-06-16 --why "Aflyst, vejle.example"',
    "regime confirm": "aftale regime confirm bek-1248-2022 --ends 2027-01-01 "
    '--source "Lov 719/2025 § 24" --quote "..." --dry-run',
    "regime retract": 'aftale regime retract bek-1248-2022 --reason "Paragraffen var læst forkert" --dry-run',
    "rules pending": "aftale rules pending",
    "rules accept": 'aftale rules accept --all --by "Anna Holm" --ground "BEK 1248/2022 § 31, stk. 1" --dry-run',
    "rules decline": 'aftale rules decline --agreement nordjylland/2024-2027 --ground "BEK 1248/2022 § 31, stk. 2"',
    "readings list": "aftale readings list --json",
    "readings sign": "aftale readings sign udloeb-2024-2027 2027-12-31 --name 'Anna Jensen' --office Jura "
    "--ground 'Aftalens § 1' --dry-run",
    "alarm list": "aftale alarm list",
    "alarm end": 'aftale alarm end 3 --why "Ny adresse er indsat"',
    "outbox list": "aftale outbox list",
    "outbox retry": "aftale outbox retry 12",
    "outbox hold": 'aftale outbox hold 12 13 --why "Adressen er forkert"',
    "outbox release": "aftale outbox release 12",
    "outbox cancel": 'aftale outbox cancel 12 --why "Sendt med post"',
    "outbox coming": "aftale outbox coming --days 14",
    "outbox skip": 'aftale outbox skip 12 --why "De har svaret i telefonen"',
    "outbox wait": "aftale outbox wait 12 --until 2026-12-10",
    "outbox send": "aftale outbox send 12",
    "outbox revive": "aftale outbox revive 12",
    "outbox resend": 'aftale outbox resend 12 --why "De kan ikke finde den"',
    "outbox note": 'aftale outbox note 12 "Ringet 3/12, byrådet 16/12"',
    "outbox confirm": 'aftale outbox confirm 12 --why "Svar fra modtageren"',
    "history list": "aftale history list --agreement nordjylland/2024-2027",
    "history told": 'aftale history told --agreement nordjylland/2024-2027 --on 2026-11-02 --source "Sag 26/1234"',
    "history send": "aftale history send 12 13",
    "history drop": 'aftale history drop --all --why "Alle kender aftalen"',
    "person add": "aftale person add anna@rn.example --name Anna --role secretariat --region nordjylland",
    "person list": "aftale person list",
    "person end": "aftale person end anna@rn.example",
    "token add": "aftale token add statistik --region nordjylland",
    "token list": "aftale token list",
    "token revoke": "aftale token revoke 1",
    "feed add": "aftale feed add --region nordjylland --by anna@rn.example",
    "feed list": "aftale feed list",
    "feed revoke": "aftale feed revoke 1",
    "link revoke": "aftale link revoke nordjylland/2027-2031 0851 --version 1",
}


def shown(app: typer.Typer) -> None:
    """Give every command of ``app`` its example; ``KeyError`` for a command without one."""
    for command in app.registered_commands:
        command.epilog = f"E.g. {EXAMPLES[str(command.name)]}"
    for group in app.registered_groups:
        assert group.typer_instance is not None
        for command in group.typer_instance.registered_commands:
            command.epilog = f"E.g. {EXAMPLES[f'{group.name} {command.name}']}"
