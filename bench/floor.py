"""The floor: the same twenty programs as JSON, by a bare ASGI function and psycopg, without a framework.

Served by `bench/pages.py` with gunicorn's own ASGI worker. The numbers of the rows are given, so nothing is counted,
searched or ordered; `json` of the standard library stands for orjson, which the portal does not depend on (1.08 of this floor, README).
"""

import json
import os
from collections.abc import Awaitable, Callable
from typing import Any

from psycopg_pool import AsyncConnectionPool

_ROWS = """SELECT p.id, p.slug, p.title, p.plain_title, p.summary, p.audience_text, p.benefit_text, p.level, p.kind,
    p.offering, o.name FROM programs_program p JOIN accounts_organization o ON o.id = p.owner_id WHERE p.id = ANY(%s)"""
_IDS = [int(number) for number in os.environ["FLOOR_IDS"].split(",")]
_pools: dict[str, AsyncConnectionPool] = {}


async def application(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    """Answer anything with the page."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    if not _pools:
        pool = AsyncConnectionPool(os.environ["FLOOR_DATABASE"], min_size=1, max_size=4, open=False)
        await pool.open()
        _pools["default"] = pool
    async with _pools["default"].connection() as connection:
        rows = await (await connection.execute(_ROWS, [_IDS])).fetchall()
    body = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
