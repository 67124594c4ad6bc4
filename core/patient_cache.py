"""The cache on Valkey, and what holds while it does not answer.

Only limits are kept in it: tries to sign in, codes already used, calls a minute. Frozen or gone, it must neither hold a
request up, nor keep everybody out, nor let anybody try without end. So whoever meets it silent waits WAIT_SECONDS once;
for AWAY_SECONDS each process then counts in its own memory, with the same limits, before one request looks again.
"""

import logging
import threading
import time
from typing import Any, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

WAIT_SECONDS: Final = 1.0
AWAY_SECONDS: Final = 10.0
_MOST_ENTRIES: Final = 20_000


class Absence:
    """Whether the server is left alone for now; shared by all threads of a process."""

    def __init__(self) -> None:
        self._until = 0.0
        self._lock = threading.Lock()

    def lasts(self) -> bool:
        """True while it is away. When that has run out, False to one caller, who is to look again."""
        now = time.monotonic()
        with self._lock:
            if now < self._until:
                return True
            if self._until:
                self._until = now + AWAY_SECONDS
            return False

    def begin(self) -> None:
        """It did not answer."""
        with self._lock:
            self._until = time.monotonic() + AWAY_SECONDS

    def end(self) -> None:
        """It answered."""
        self._until = 0.0


absence = Absence()


class PatientRedisCache(RedisCache):
    """Redis, or this process' memory while it is away; no call raises because of the server or waits for long."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        patience = {"socket_timeout": WAIT_SECONDS, "retry": Retry(NoBackoff(), 0)}
        if not server.startswith("unix:"):
            patience["socket_connect_timeout"] = WAIT_SECONDS
        super().__init__(server, {**params, "OPTIONS": {**params.get("OPTIONS", {}), **patience}})
        self._memory = LocMemCache("while away", {"OPTIONS": {"MAX_ENTRIES": _MOST_ENTRIES}})

    def answers(self) -> bool:
        """Ask the server itself."""
        try:
            super().get("answers")
        except (RedisError, OSError):
            logger.exception("the cache does not answer")
            return False
        return True

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> Any:
        """As Django's."""
        return self._either("add", key, value, timeout=timeout, version=version)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """As Django's."""
        return self._either("get", key, default, version=version)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> Any:
        """As Django's."""
        return self._either("set", key, value, timeout=timeout, version=version)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> Any:
        """As Django's."""
        return self._either("touch", key, timeout=timeout, version=version)

    def delete(self, key: str, version: int | None = None) -> Any:
        """As Django's."""
        return self._either("delete", key, version=version)

    def has_key(self, key: str, version: int | None = None) -> Any:
        """As Django's."""
        return self._either("has_key", key, version=version)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> Any:
        """As Django's: ValueError for a key that is not there, also when it was there before the server went away."""
        return self._either("incr", key, delta, version=version)

    def clear(self) -> Any:
        """As Django's, and what was counted while it was away."""
        self._memory.clear()
        return self._either("clear")

    def _either(self, name: str, *given: Any, **named: Any) -> Any:
        if absence.lasts():
            return getattr(self._memory, name)(*given, **named)
        try:
            answer = getattr(super(), name)(*given, **named)
        except (RedisError, OSError):
            absence.begin()
            logger.warning("the cache does not answer: limits are counted in memory")
            return getattr(self._memory, name)(*given, **named)
        absence.end()
        return answer
