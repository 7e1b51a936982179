"""Who there is: regions, municipal councils, clusters and health councils, from ``calendars/bodies/*.csv``.

Everything is dated (both ends inclusive, an empty end is open), since a region can merge and a municipality's region
with it. Codes are text with a leading zero.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workflow.errors import Misconfigured
from workflow.rules.agreement import Group, Membership, Region
from workflow.storage.law.rulebook import BODY_FILES
from workflow.values import dataclass


@dataclass(frozen=True, slots=True)
class Bodies:
    regions: tuple[Region, ...]
    memberships: tuple[Membership, ...]
    clusters: tuple[Group, ...]
    health_councils: tuple[Group, ...]
    tiles: dict[str, tuple[int, int]]  # council code -> row, column of the map; row 0 in the north


Code = Annotated[str, Field(pattern=r"^\d{4}$")]
Certainty = Literal["high", "medium", "low"]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Dated(_Row):
    valid_from: date
    valid_to: date | None
    certainty: Certainty


class _RegionRow(_Dated):
    id: str
    code: Code | None
    name: str
    short: str
    successor: str | None
    note: str | None
    ends_by: str | None = (
        None  # the provisions by which it ends; files from before they were asked for have none
    )


class _CouncilRow(_Dated):
    code: Code
    name: str
    full_name: str
    region: str


class _ClusterRow(_Dated):
    id: str
    name: str
    region: str
    acute_hospital: str
    town: str
    note: str | None


class _ClusterMemberRow(_Dated):
    cluster: str
    council: Code
    scope: Literal["both", "somatic", "psychiatric"]
    part: Literal["full", "main", "part"]
    note: str | None


class _HealthCouncilRow(_Dated):
    id: str
    name: str
    region: str
    preparatory_from: date
    cite: str


class _HealthCouncilMemberRow(_Dated):
    health_council: str
    council: Code


class _TileRow(_Row):
    council: Code
    row: Annotated[int, Field(ge=0, le=99)]
    col: Annotated[int, Field(ge=0, le=99)]


_AnyRow = TypeVar("_AnyRow", bound=_Row)


def _rows(where: str, content: bytes, model: type[_AnyRow]) -> list[_AnyRow]:
    """One CSV file as checked rows; :class:`Misconfigured` names the file, the line and the column."""
    try:
        text = content.decode("utf-8")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, restkey="more", restval="")
        raw = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise Misconfigured(where, f"not CSV in UTF-8: {error}", "Save it again as CSV, UTF-8") from error
    head = reader.fieldnames or []
    needed = {name for name, field in model.model_fields.items() if field.is_required()}
    if len(head) != len(set(head)) or not needed <= set(head) <= set(model.model_fields):
        wanted = ", ".join(model.model_fields)
        raise Misconfigured(where, f"line 1: the columns are {', '.join(head)}", f"They must be {wanted}")
    rows = []
    for line, row in enumerate(raw, start=2):
        try:
            read = model.model_validate({key: value or None for key, value in row.items()})
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            column = ".".join(str(part) for part in first["loc"])
            raise Misconfigured(
                where, f"line {line}, column {column}: {first['msg']}", "Correct the value"
            ) from error
        if isinstance(read, _Dated) and read.valid_to and read.valid_to < read.valid_from:
            raise Misconfigured(
                where, f"line {line}, column valid_to: before valid_from", "Correct the value"
            )
        rows.append(read)
    return rows


def _known(where: str, column: str, value: str, ids: Iterable[str]) -> None:
    if value not in ids:
        raise Misconfigured(
            where, f"column {column}: {value!r} is unknown", "Correct it, or add what it names"
        )


def _once(where: str, column: str, values: Sequence[object]) -> None:
    for index, value in enumerate(values):
        if value in values[:index]:
            raise Misconfigured(where, f"column {column}: {value!r} stands twice", "Remove one of the lines")


def read_bodies(files: Mapping[str, bytes], folder: str) -> Bodies:
    """Read and check :data:`BODY_FILES` (``files``: path in ``calendars`` to bytes); :class:`Misconfigured`."""
    at = {name: f"{folder}/{name}" for name in BODY_FILES}
    regions_csv, councils_csv, clusters_csv, members_csv, health_csv, health_members_csv, tiles_csv = (
        BODY_FILES
    )

    region_rows = _rows(at[regions_csv], files[regions_csv], _RegionRow)
    ids = [row.id for row in region_rows]
    _once(at[regions_csv], "id", ids)
    for row in region_rows:
        if row.successor:
            _known(at[regions_csv], "successor", row.successor, ids)
    regions = tuple(
        Region(r.id, r.code or "", r.name, r.short, r.valid_from, r.valid_to, r.successor, r.ends_by or "")
        for r in region_rows
    )

    council_rows = _rows(at[councils_csv], files[councils_csv], _CouncilRow)
    _once(
        at[councils_csv], "code, valid_from", [(row.code, row.valid_from.isoformat()) for row in council_rows]
    )
    for council in council_rows:
        _known(at[councils_csv], "region", council.region, ids)
    memberships = tuple(
        Membership(r.code, r.name, r.full_name, r.region, r.valid_from, r.valid_to) for r in council_rows
    )
    _no_overlap(at[councils_csv], memberships)
    codes = {row.code for row in council_rows}

    clusters = _rows(at[clusters_csv], files[clusters_csv], _ClusterRow)
    in_cluster = [
        (row.cluster, row.council) for row in _rows(at[members_csv], files[members_csv], _ClusterMemberRow)
    ]
    health = _rows(at[health_csv], files[health_csv], _HealthCouncilRow)
    in_health = [
        (row.health_council, row.council)
        for row in _rows(at[health_members_csv], files[health_members_csv], _HealthCouncilMemberRow)
    ]
    for cluster in clusters:
        _known(at[clusters_csv], "region", cluster.region, ids)
    for health_council in health:
        _known(at[health_csv], "region", health_council.region, ids)
    for name, groups, members in (
        (members_csv, clusters, in_cluster),
        (health_members_csv, health, in_health),
    ):
        _once(at[name], "group, council", members)
        for group, code in members:
            _known(
                at[name],
                "cluster" if name == members_csv else "health_council",
                group,
                [g.id for g in groups],
            )
            _known(at[name], "council", code, codes)

    tiles = _rows(at[tiles_csv], files[tiles_csv], _TileRow)
    _once(at[tiles_csv], "row, col", [(tile.row, tile.col) for tile in tiles])
    for tile in tiles:
        _known(at[tiles_csv], "council", tile.council, codes)
    return Bodies(
        regions,
        memberships,
        _groups(at[clusters_csv], clusters, in_cluster),
        _groups(at[health_csv], health, in_health),
        {tile.council: (tile.row, tile.col) for tile in tiles},
    )


def _no_overlap(where: str, memberships: Sequence[Membership]) -> None:
    for earlier in memberships:
        for later in memberships:
            if earlier.code == later.code and earlier is not later and earlier.holds(later.valid_from):
                raise Misconfigured(
                    where,
                    f"column valid_from: {later.code} is in two regions on {later.valid_from}",
                    "End one first",
                )


def _groups(
    where: str, rows: Sequence[_ClusterRow] | Sequence[_HealthCouncilRow], members: Sequence[tuple[str, str]]
) -> tuple[Group, ...]:
    _once(where, "id", [row.id for row in rows])
    return tuple(
        Group(
            r.id,
            r.name,
            r.region,
            r.valid_from,
            r.valid_to,
            tuple(code for group, code in members if group == r.id),
        )
        for r in rows
    )
