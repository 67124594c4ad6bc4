"""Loaded into pytest by `verify`: own queue database per process, and the results as data.

Read from the environment, because it is loaded before Django's settings:
TAMA_VERIFY_INVENTORY names a file for the collected tests, TAMA_VERIFY_RESULTS one for the results; in
TAMA_VERIFY_SHARE the processes of a run keep what one of them loaded (tests/snapshots.py).
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

_DATABASES = 16  # of a Redis-protocol server by default; 0 is for runs without parallel processes


def separate_queue(environment: dict[str, str]) -> dict[str, str]:
    """The addresses that give a parallel pytest process (gw0, gw1, ...) its own database of the queue server."""
    worker = environment.get("PYTEST_XDIST_WORKER", "")
    if not worker.startswith("gw"):
        return {}
    number = 1 + int(worker.removeprefix("gw")) % (_DATABASES - 1)
    own = {
        "REDIS_URL": environment.get("REDIS_URL", "").replace("db=0", f"db={number}"),
        "CELERY_BROKER_URL": environment.get("CELERY_BROKER_URL", "").replace(
            "virtual_host=0", f"virtual_host={number}"
        ),
    }
    return {name: value for name, value in own.items() if value}


os.environ.update(separate_queue(dict(os.environ)))


class Recorder:
    """Adds up the phases of each test, names a failure at once; writes `[{"node", "outcome", "seconds", "reason"}]`."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._found: dict[str, dict[str, object]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One phase (set-up, test, clean-up) of one test; also called for what parallel processes report."""
        row = self._found.setdefault(report.nodeid, {"outcome": "passed", "seconds": 0.0, "reason": ""})
        row["seconds"] = float(str(row["seconds"])) + report.duration
        if report.failed:
            row["outcome"] = "failed"
            print(f"\nfailed: {report.nodeid} ({report.when})", flush=True)  # noqa: T201 - at once, the why at the end
        elif report.skipped and row["outcome"] != "failed":
            row["outcome"] = "skipped"
            row["reason"] = _reason(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be collected is a failure, one that skips itself as a whole is left out."""
        if report.failed:
            self._found[report.nodeid] = {
                "outcome": "failed",
                "seconds": 0.0,
                "reason": "cannot be collected",
            }
        elif report.skipped:
            self._found[report.nodeid] = {"outcome": "skipped", "seconds": 0.0, "reason": _reason(report)}

    def pytest_sessionfinish(self) -> None:
        """Write what was found."""
        rows = [{"node": node, **row} for node, row in self._found.items()]
        self._target.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    expected = getattr(report, "wasxfail", None)
    if expected is not None:
        return f"expected to fail: {expected}"
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr)


def pytest_configure(config: pytest.Config) -> None:
    """Record in the process that sees every report."""
    target = os.environ.get("TAMA_VERIFY_RESULTS")
    if target and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(Path(target)), "tama-recorder")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Write the inventory: every collected test with its markers and their reasons."""
    target = os.environ.get("TAMA_VERIFY_INVENTORY")
    if target:
        rows = [{"node": item.nodeid, "markers": _markers(item.iter_markers())} for item in session.items]
        Path(target).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def _markers(markers: Iterable[pytest.Mark]) -> dict[str, str]:
    found: dict[str, str] = {}
    for mark in markers:
        first = mark.args[0] if mark.args else ""
        found.setdefault(mark.name, str(mark.kwargs.get("reason", first)))
    return found
