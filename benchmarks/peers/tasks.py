"""A procrastinate task for each mail on PostgreSQL, eight at once, each with an aiosmtplib connection of its own."""

import asyncio
import os
from pathlib import Path

import aiosmtplib
from procrastinate import App, PsycopgConnector
from procrastinate.types import JSONValue

from benchmarks.peers import given

AT_ONCE = 8
app = App(connector=PsycopgConnector(conninfo=os.environ.get("BENCH_POSTGRES", "")))
_place: dict[str, object] = {}


@app.task(name="remind")
async def remind(number: int, address: str, council: str) -> None:
    made = given.message(Path(str(_place["folder"])), given.Reminder(number, address, council))
    await aiosmtplib.send(made, hostname="127.0.0.1", port=int(str(_place["port"])), start_tls=False)


def prepare(folder: Path, letters: int) -> None:
    given.lay_out(folder, letters)

    async def defer() -> None:
        async with app.open_async():
            await app.schema_manager.apply_schema_async()
            rows = given.due(given.database(folder))
            told: list[dict[str, JSONValue]] = [
                {"number": one.id, "address": one.address, "council": one.council} for one in rows
            ]
            await remind.batch_defer_async(*told)

    asyncio.run(defer())


def send(folder: Path, port: int, _letters: int) -> None:
    _place.update(folder=folder, port=port)

    async def work() -> None:
        async with app.open_async():
            await app.run_worker_async(wait=False, concurrency=AT_ONCE, install_signal_handlers=False)

    asyncio.run(work())


def recorded(_folder: Path) -> int:
    async def count() -> int:
        async with app.open_async():
            return len(list(await app.job_manager.list_jobs_async(status="succeeded")))

    return asyncio.run(count())
