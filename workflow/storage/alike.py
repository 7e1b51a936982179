"""Engines of one kind share their compiled statements: a process that opens many databases compiles each once.

SQLAlchemy's cache asks of a compiled statement whether it was made for this very dialect; here two dialects of one
class are the same where their servers are.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.util import LRUCache

_COMPILED: LRUCache[Any, Any] = LRUCache(1000)  # SQLAlchemy keeps 500 of each engine
_KINDS = {"sqlite": "pysqlite", "postgresql": "psycopg"}
_OWN = "alike"


class _Alike:
    """What a statement is compiled from besides itself."""

    def _kind(self) -> tuple[object, ...]:
        names = ("server_version_info", "_backslash_escapes", "max_identifier_length")
        return (type(self), *(getattr(self, name, None) for name in names))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Alike) and self._kind() == other._kind()

    def __hash__(self) -> int:
        return hash(self._kind())


@cache
def _driver(backend: str) -> str:
    """The name of a backend's driver whose dialects are alike. PostgreSQL's takes a tenth of a second to load, so it is
    made when it is first asked for."""
    usual = make_url(f"{backend}+{_KINDS[backend]}://").get_dialect()
    own: dict[str, object] = {"supports_statement_cache": True}
    globals()[backend] = type(usual.__name__, (_Alike, usual), own)
    registry.register(f"{backend}.{_OWN}", __name__, backend)
    return f"{backend}+{_OWN}"


def engine(url: URL, **options: Any) -> Engine:
    """An engine for this URL, whose errors show no values. The URL may name another driver, which is kept."""
    backend = url.get_backend_name()
    if url.drivername in (backend, f"{backend}+{_OWN}"):
        url = url.set(drivername=_driver(backend))
    return create_engine(
        url, hide_parameters=True, execution_options={"compiled_cache": _COMPILED}, **options
    )
