"""The policy: role x action -> how far it reaches. The routes ask it and the tests are made from it.

*own* is a council's own lane, *region* the agreements of one's region, *all* every agreement. A pair that is not in
the table is not allowed. What a person may not see does not exist for that person (404), whatever it is.
"""

from __future__ import annotations

from enum import StrEnum

from workflow.language import noted
from workflow.storage.people.people import Person


class Role(StrEnum):
    """What a person is here; the Danish words are what people read."""

    SECRETARIAT = "secretariat"  # SSU-sekretariatet, of one region
    COUNCIL = "council"  # a municipality's or the region's political secretariat: its own lane
    COORDINATOR = "coordinator"  # reads, of one region or of all
    AUTHORITY = "authority"  # reads what it received
    REGION_ADMINISTRATOR = "region-administrator"  # kept as an administrator with a region
    ADMINISTRATOR = "administrator"

    @classmethod
    def of(cls, person: Person) -> Role:
        """What a person is here."""
        bounded = person.role == cls.ADMINISTRATOR and person.region
        return cls.REGION_ADMINISTRATOR if bounded else cls(person.role)

    @property
    def spoken(self) -> str:
        """What readers call it."""
        return _SPOKEN[self]


_SPOKEN = {
    Role.SECRETARIAT: noted("sekretariat"),
    Role.COUNCIL: noted("råd"),
    Role.COORDINATOR: noted("koordinator"),
    Role.AUTHORITY: noted("myndighed"),
    Role.REGION_ADMINISTRATOR: noted("regionens administrator"),
    Role.ADMINISTRATOR: noted("administrator"),
}


class Action(StrEnum):
    """What a route does; every route names exactly one."""

    READ = "read"  # agreements, deadlines and why, councils, versions, journal
    READ_RECEIVED = (
        "read-received"  # versions and statuses submitted to the authority, and nothing around them
    )
    READ_LETTERS = "read-letters"  # letters as sent, attempts, proof
    HANDLE = (
        "handle-letters"  # send now, let wait, skip, hold, cancel, send again, confirm, note; end an alarm
    )
    READ_HEARING = "read-hearing"  # what others remarked in a hearing, and what becomes of it
    READ_CONTACTS = "read-contacts"
    MANAGE_CONTACTS = "manage-contacts"  # whose mailboxes are whose: add, change, end, load, try out
    SETTINGS = "settings"  # how a region's letters are signed and what they say
    READ_RULES = "read-rules"  # regimes, closed days, obligations: public law, for anybody signed in
    EXPORT = "export"
    RECORD = "record"  # write facts, and withdraw the links that ask for them
    REPORT = "report"  # a council's own decision, to be verified
    VERIFY = "verify"  # take a reported decision up with evidence
    ACKNOWLEDGE = "acknowledge"  # kvittér for a notice
    SUBSCRIBE = "subscribe"  # own calendar feeds
    KEEP_MEETINGS = "keep-meetings"  # when a council and its committees meet
    SHARE = "share"  # hand the reasons of a date to somebody who cannot sign in
    PEOPLE = "people"  # who may sign in, and as what: never more than one may oneself
    ACCOUNT = "account"  # one's own sessions
    MANAGE = "manage"  # the installation: struck addresses, and whether new rules are taken on


class Reach(StrEnum):
    """Whose things an action covers."""

    OWN = "own"
    REGION = "region"
    ALL = "all"


POLICY: dict[Role, dict[Action, Reach]] = {
    # Runs the agreement: everything of its region, and nothing of a neighbour's.
    Role.SECRETARIAT: {
        Action.READ: Reach.REGION,
        Action.READ_RECEIVED: Reach.REGION,
        Action.READ_LETTERS: Reach.REGION,
        Action.READ_HEARING: Reach.REGION,
        Action.HANDLE: Reach.REGION,
        Action.READ_CONTACTS: Reach.REGION,
        Action.MANAGE_CONTACTS: Reach.REGION,
        Action.SETTINGS: Reach.REGION,
        Action.READ_RULES: Reach.ALL,
        Action.EXPORT: Reach.REGION,
        Action.RECORD: Reach.REGION,
        Action.KEEP_MEETINGS: Reach.REGION,
        Action.VERIFY: Reach.REGION,
        Action.ACKNOWLEDGE: Reach.REGION,
        Action.SUBSCRIBE: Reach.REGION,
        Action.SHARE: Reach.REGION,
        Action.ACCOUNT: Reach.OWN,
    },
    # Sees the agreement it is party to, but only its own letters and mailboxes; says what it decided, never more.
    Role.COUNCIL: {
        Action.READ: Reach.REGION,
        Action.READ_LETTERS: Reach.OWN,
        Action.READ_CONTACTS: Reach.OWN,
        Action.READ_RULES: Reach.ALL,
        Action.EXPORT: Reach.OWN,
        Action.REPORT: Reach.OWN,
        Action.KEEP_MEETINGS: Reach.OWN,
        Action.ACKNOWLEDGE: Reach.OWN,
        Action.SUBSCRIBE: Reach.REGION,
        Action.ACCOUNT: Reach.OWN,
    },
    # Reads all there is of one region, or of every region where none is named; changes nothing.
    Role.COORDINATOR: {
        Action.READ: Reach.REGION,
        Action.READ_RECEIVED: Reach.REGION,
        Action.READ_LETTERS: Reach.REGION,
        Action.READ_HEARING: Reach.REGION,
        Action.READ_CONTACTS: Reach.REGION,
        Action.READ_RULES: Reach.ALL,
        Action.EXPORT: Reach.REGION,
        Action.SUBSCRIBE: Reach.REGION,
        Action.ACCOUNT: Reach.OWN,
    },
    # The authority: what was sent to it, of every region; not how the councils came there.
    Role.AUTHORITY: {
        Action.READ_RECEIVED: Reach.ALL,
        Action.READ_RULES: Reach.ALL,
        Action.ACCOUNT: Reach.OWN,
    },
    # Has the people of one region: as the administrator there, but for what moves the whole installation.
    Role.REGION_ADMINISTRATOR: {
        action: Reach.ALL if action is Action.READ_RULES else Reach.REGION
        for action in Action
        if action not in (Action.REPORT, Action.VERIFY, Action.MANAGE)
    },
    # Runs the installation. What a council reports and a secretariat verifies stays theirs, so that no one person
    # can do both.
    Role.ADMINISTRATOR: {
        action: Reach.ALL for action in Action if action not in (Action.REPORT, Action.VERIFY)
    },
}

# What a program's token may do, whatever it may see.
READING = frozenset(
    {
        Action.READ,
        Action.READ_RECEIVED,
        Action.READ_LETTERS,
        Action.READ_HEARING,
        Action.READ_CONTACTS,
        Action.READ_RULES,
        Action.EXPORT,
    }
)
