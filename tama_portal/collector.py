"""Python's collector of unused objects, as the processes that serve and work set it."""

import gc
from typing import Final

_YOUNG: Final = 20_000
"""New objects before it looks for cycles: a planned reminder is a dozen, and none is part of one."""


def spare_collector() -> None:
    """Look neither at what Django loaded nor every 700 new objects.

    A quarter of planning reminders went there (bench/reminders.py), and nearly half of reading a call's table of a thousand
    cases, the more the more cases it had (bench/review.py). Called once, when everything is loaded.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, 20, 20)
