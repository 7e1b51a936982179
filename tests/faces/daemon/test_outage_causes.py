"""A database that is there and can be read, and takes nothing: told with its cause, as one that is gone."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import event

from tests.faces.daemon import test_outage
from tests.faces.daemon.test_outage import Time, heard, looks
from tests.services.watch.test_telling import Web
from workflow.faces.daemon.outage import PATIENCE, Outage
from workflow.faces.daemon.workplace import Workplace
from workflow.storage.troubles import DISK, READ_ONLY, Trouble

operator, place, time, outage = test_outage.operator, test_outage.place, test_outage.time, test_outage.outage


@contextmanager
def only_read(place: Workplace) -> Iterator[None]:
    """Every connection made meanwhile may read and not write."""

    def restricted(connection: object, _: object) -> None:
        connection.execute("PRAGMA query_only=1")  # type: ignore[attr-defined]

    place.engine.dispose()
    event.listen(place.engine, "connect", restricted)
    yield
    event.remove(place.engine, "connect", restricted)
    place.engine.dispose()


@contextmanager
def no_write_succeeds(_place: Workplace) -> Iterator[None]:
    """The system refuses every write to a file, as a disk does that fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.fault("F82")
@pytest.mark.parametrize(("broken", "cause"), [(only_read, READ_ONLY), (no_write_succeeds, DISK)])
def test_a_database_that_can_be_read_and_not_written_is_told_with_its_cause(
    place: Workplace, outage: Outage, time: Time, operator: Web,
    broken: Callable[[Workplace], AbstractContextManager[None]], cause: Trouble,
) -> None:  # fmt: skip
    with broken(place):
        looks(outage, time, 0)
        assert outage.trouble == cause.danish
        looks(outage, time, PATIENCE)
        assert outage.told
    (told,) = heard(operator)
    assert cause.danish in told and time.gone < 120
    looks(outage, time, 10)
    assert outage.trouble == "" and "kan bruges igen" in heard(operator)[1]
