"""One application a process for the tests' own sites: making it takes a third of a second, and whose place and clock
it asks is told by callables. Each test begins with one that remembers nothing. Some settings are read once, when the
routes are made: each kind of settings has an application of its own."""

from __future__ import annotations

import copy
import types
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI

from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.app import create_app
from workflow.faces.web.gate.entrance import Gate
from workflow.faces.web.gate.postman import Postman

CONTAINERS = (dict, list, set, deque, OrderedDict)
OURS = ("workflow.", "fastapi.", "starlette.")  # whose objects are looked into


class Made:
    """An application, the settings that its routes were made by, what its objects held when it was new, and whose
    place and clock it asks now."""

    def __init__(self, settings: dict[str, Any], place: Workplace, clock: Callable[[], datetime]) -> None:
        self.settings, self.held, self.clock = settings, [place], clock
        self.app: FastAPI = create_app(self.here, self.now)
        self.app.middleware_stack = self.app.build_middleware_stack()
        self.as_new = [(one, _held(one)) for one in kept(self.app)]

    def here(self) -> Workplace:
        return self.held[-1]

    def now(self) -> datetime:
        return self.clock()

    def at(self, held: list[Workplace], clock: Callable[[], datetime], settles: bool) -> FastAPI:
        """The application as new, at another place: the last that is held."""
        self.held, self.clock = held, clock
        self.app.state.settle = held.append if settles else None
        for one, was in self.as_new:
            vars(one).clear()
            vars(one).update({name: _apart(value) for name, value in was.items()})
            # these look at the place when they are made, or hold threads
            if isinstance(one, Gate):
                Gate.__init__(one, self.here, self.now)
            elif isinstance(one, Postman):
                Postman.__init__(one, self.here, self.now)
        return self.app


class OneSite:
    """The application of the first test that asks, handed on to the next; one for each kind of settings, each at its
    own place."""

    def __init__(self) -> None:
        self._made: list[Made] = []

    def at(
        self, place: Workplace, clock: Callable[[], datetime], held: list[Workplace] | None = None
    ) -> FastAPI:
        """The application at this place, as ``create_app(lambda: place, clock)`` makes it; with places that are
        ``held``, as ``create_app(lambda: held[-1], clock, held.append)`` does."""
        settings = _settings(place)
        made = next((one for one in self._made if one.settings == settings), None)
        if made is None:
            made = Made(settings, place, clock)
            self._made.append(made)
        return made.at([place] if held is None else held, clock, held is not None)


def _settings(place: Workplace) -> dict[str, Any]:
    """Those that could be read when the routes are made: where its files lie, and the port, are none."""
    told = place.settings.model_dump(exclude={"data_dir", "db", "inbox", "port"})
    read = urlsplit(place.settings.base_url)
    return told | {"base_url": (read.scheme, read.hostname)}


def _apart(value: Any) -> Any:
    return copy.copy(value) if isinstance(value, CONTAINERS) else value


def _held(one: Any) -> dict[str, Any]:
    return {name: _apart(value) for name, value in vars(one).items()}


def kept(app: FastAPI) -> list[Any]:
    """Every object of the product's own classes that the application holds on to."""
    return [
        one
        for one, _ in _reached(app)
        if type(one).__module__.startswith("workflow.") and hasattr(one, "__dict__")
    ]


def held_bare(app: FastAPI) -> list[str]:
    """The names that functions of the product keep a bare container under, from one request to the next."""
    return [name for one, name in _reached(app) if name and isinstance(one, CONTAINERS)]


def _reached(app: FastAPI) -> Iterator[tuple[Any, str]]:
    """What can be come to from the application without going through a module, a class or a test's workplace; with the
    name where it is what a function of the product closes over."""
    seen: dict[int, Any] = {}  # held, so that no number is given out twice
    waiting: list[tuple[Any, str]] = [(app, "")]
    while waiting:
        one, name = waiting.pop()
        if id(one) in seen or isinstance(one, type | types.ModuleType | Workplace):
            continue
        seen[id(one)] = one
        yield one, name
        if isinstance(one, types.FunctionType):
            if one.__module__.startswith(OURS):
                named = zip(one.__code__.co_freevars, one.__closure__ or (), strict=True)
                own = one.__module__.startswith("workflow.")
                waiting += [
                    (cell.cell_contents, f"{one.__module__}.{one.__qualname__}: {name}" if own else "")
                    for name, cell in named
                ]
        elif isinstance(one, types.MethodType):
            waiting += [(one.__self__, ""), (one.__func__, "")]
        elif isinstance(one, dict):
            waiting += [(each, "") for each in one.values()]
        elif isinstance(one, list | tuple | set | frozenset | deque):
            waiting += [(each, "") for each in one]
        elif type(one).__module__.startswith(OURS):
            waiting += [(each, "") for each in getattr(one, "__dict__", {}).values()]
