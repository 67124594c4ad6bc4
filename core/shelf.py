"""What a process keeps of what it made: parts of pages by key, and the newest few of something dear to make.

Keys say all a value depends on, so nothing here ever goes stale; each process keeps its own.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT", bound=Hashable)
ValueT = TypeVar("ValueT")


class Shelf(Generic[KeyT, ValueT]):
    """At most so many values of so many bytes together, none larger than `largest`; the longest unread goes first."""

    def __init__(self, *, most: int, most_bytes: int, largest: int) -> None:
        self._most, self._most_bytes, self._largest = most, most_bytes, largest
        self._held: OrderedDict[KeyT, tuple[ValueT, int]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._held)

    @property
    def size(self) -> int:
        """Bytes of all that is held, as they were said to be."""
        return self._bytes

    def get(self, key: KeyT) -> ValueT | None:
        """What is held for a key, or None."""
        with self._lock:
            found = self._held.get(key)
            if found is None:
                return None
            self._held.move_to_end(key)
            return found[0]

    def put(self, key: KeyT, value: ValueT, size: int) -> ValueT:
        """Keep a value of so many bytes, if it is not too large; returns it."""
        if size > self._largest:
            return value
        with self._lock:
            if key in self._held:
                self._bytes -= self._held.pop(key)[1]
            self._held[key] = value, size
            self._bytes += size
            while len(self._held) > self._most or self._bytes > self._most_bytes:
                self._bytes -= self._held.popitem(last=False)[1][1]
        return value


class Newest(Generic[KeyT, ValueT]):
    """The newest few by key, each made once however many threads ask."""

    def __init__(self, most: int = 2) -> None:
        self._most = most
        self._held: dict[KeyT, ValueT] = {}
        self._lock = Lock()

    def held(self) -> list[ValueT]:
        """All that is held, what was made last first."""
        return list(self._held.values())[::-1]

    def get(self, key: KeyT, make: Callable[[], ValueT]) -> ValueT:
        """What was made for a key, or what is made now; the oldest of too many go."""
        found = self._held.get(key)
        if found is not None:
            return found
        with self._lock:
            found = self._held.get(key)
            if found is None:
                found = self._held[key] = make()
                for old in list(self._held)[: -self._most]:
                    del self._held[old]
            return found
