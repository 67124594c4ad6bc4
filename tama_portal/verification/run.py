"""One run of `verify`: services, checks, tests on both engines, summary."""

import json
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tama_portal.supervisor import postgres, valkey
from tama_portal.supervisor.children import Child, Children
from tama_portal.supervisor.console import Console
from tama_portal.supervisor.temporary import run_directory
from tama_portal.verification import checks, locks, suites, summary
from tama_portal.verification.results import CheckResult, CollectedTest, Findings, Outcome, TestResult

_NOTHING_COLLECTED = 5
_ENDED_IN_ORDER = {0, 1, _NOTHING_COLLECTED}


@dataclass(frozen=True)
class Options:
    """What the command line asked for; `paths` limits the run to some tests."""

    root: Path
    paths: list[str]
    complete: bool
    processes: int


@dataclass(frozen=True)
class _Engine:
    name: str
    environment: dict[str, str]
    database: str
    """What its checks migrate from zero and fill: a database of the server, or a file."""


@dataclass(frozen=True)
class _Lane:
    """Checks that run one after the other."""

    name: str
    commands: Iterator[checks.Command]
    environment: dict[str, str]


class Verification:
    """Runs every check and every test, whatever failed before, and tells all of it."""

    def __init__(self, options: Options, console: Console) -> None:
        self._options = options
        self._console = console
        self._findings = Findings()

    def run(self) -> bool:
        """True when everything holds. Raises CannotStartError when a service cannot be started at all."""
        temporary = run_directory()
        for name in ("logs", "var", "share"):
            (temporary / name).mkdir()
        started = time.monotonic()
        with Children(temporary / "logs", remove=[temporary]) as children:
            environment = checks.base_environment(self._options.root, temporary / "var")
            self._console.line("Tama support portal: verify")
            self._check_lock()
            self._on_both_engines(children, temporary, environment)
        for line in summary.lines(
            self._findings, seconds=time.monotonic() - started, complete=self._options.complete
        ):
            self._console.line(line)
        return summary.holds(self._findings, complete=self._options.complete)

    def _check_lock(self) -> None:
        faults = locks.check(self._options.root)
        for fault in faults:
            self._console.line(f"    {fault}")
        detail = f"{locks.LOCK} and pyproject.toml " + ("disagree" if faults else "agree, and are installed")
        self._record("lock", Outcome.FAILED if faults else Outcome.PASSED, detail)

    def _record(self, name: str, outcome: Outcome, detail: str, seconds: float | None = None) -> None:
        self._findings.checks.append(CheckResult(name, outcome, detail))
        word = {Outcome.PASSED: "ok", Outcome.FAILED: "FAILED", Outcome.SKIPPED: "left out"}[outcome]
        self._console.done(name, f"{word:<9} {detail}", seconds)

    def _check_all(self, children: Children, lanes: Iterable[_Lane]) -> None:
        """Run the commands of each lane one after the other, the lanes beside one another."""
        running: dict[str, tuple[Child, checks.Command, _Lane, float]] = {}

        def go_on(lane: _Lane) -> None:
            if command := next(lane.commands, None):
                name = f"check-{lane.name}-{len(self._findings.checks)}"
                environment = lane.environment | command.environment
                child = children.start(name, command.line, environment, cwd=self._options.root)
                running[name] = child, command, lane, time.monotonic()

        for lane in lanes:
            go_on(lane)
        while running:
            ended = children.first_to_end([child for child, *_ in running.values()])
            child, command, lane, since = running.pop(ended.name)
            failed = children.finish(child) != 0
            if failed:
                self._console.line(child.log.read_text(encoding="utf-8", errors="replace").rstrip())
            outcome = Outcome.FAILED if failed else Outcome.PASSED
            self._record(command.name, outcome, command.detail, time.monotonic() - since)
            go_on(lane)

    def _on_both_engines(self, children: Children, temporary: Path, environment: dict[str, str]) -> None:
        queue = valkey.start(children, temporary, environment)
        self._console.done("queue", f"{queue.version} on a unix socket")
        server = postgres.start(children, temporary, temporary / "cluster", environment, durable=False)
        self._console.done("database", f"PostgreSQL {server.version} on a unix socket")
        shared, file = environment | queue.environment(), str(temporary / "portal.sqlite3")
        engines = (
            _Engine(suites.POSTGRESQL, shared | {"DATABASE_URL": server.url()}, postgres.DATABASE),
            _Engine(suites.SQLITE, shared | {"DATABASE_URL": f"sqlite:///{file}"}, file),
        )
        if not self._options.paths:
            root = self._options.root
            lanes = [_Lane("types", checks.types(), environment)]
            lanes += [_Lane("static", checks.static(root), environment)]
            lanes += [
                _Lane(engine.name, checks.with_database(root, engine.name), engine.environment)
                for engine in engines
            ]
            self._check_all(children, lanes)
            for engine in engines:
                if self._findings.holds(engine.name.lower()):
                    engine.environment["TAMA_VERIFY_MIGRATED"] = engine.database
        self._test(children, temporary, engines)

    def _test(self, children: Children, temporary: Path, engines: tuple[_Engine, ...]) -> None:
        if not self._collect(children, temporary, engines[0].environment):
            return
        collected = self._findings.collected
        obstacle = suites.browser_obstacle()
        self._findings.once = {test.node: why for test in collected if (why := suites.why_not_repeated(test))}
        if obstacle:
            self._findings.unrun = {test.node: obstacle for test in collected if "browser" in test.markers}
        by_name = {engine.name: engine for engine in engines}
        for suite in suites.plan(collected, browser=not obstacle):
            self._run_suite(children, temporary, suite, by_name[suite.engine].environment)

    def _collect(self, children: Children, temporary: Path, environment: dict[str, str]) -> bool:
        """Learn which tests exist, before deciding what runs where."""
        inventory = temporary / "inventory.json"
        line = [*_PYTEST, "--collect-only", "-qq", "-n", "0", *self._options.paths]
        extra = {"TAMA_VERIFY_INVENTORY": str(inventory)}
        child = children.start("collect", line, environment | extra, cwd=self._options.root)
        status = children.finish(child)
        if status != 0:
            self._console.line("\n".join(child.tail()))
        if inventory.exists():
            rows = json.loads(inventory.read_text(encoding="utf-8"))
            self._findings.collected = [CollectedTest(row["node"], row["markers"]) for row in rows]
        count = len(self._findings.collected)
        complete = status == 0 and count > 0
        self._record("collect", Outcome.PASSED if complete else Outcome.FAILED, f"{count} tests found")
        return count > 0

    def _run_suite(
        self, children: Children, temporary: Path, suite: suites.Suite, environment: dict[str, str]
    ) -> None:
        title = f"{suite.engine}, {suite.name}" if suite.name else suite.engine
        self._console.begin("tests", title)
        results = temporary / "results.json"
        results.unlink(missing_ok=True)
        line = [*_PYTEST, "-q", "--no-header", "-r", "fE", "--tb", "short"]
        line += ["-n", str(self._options.processes), "--dist", suite.dealt]
        line += ["-m", suite.expression, *(self._options.paths or suite.files)]
        extra = {"TAMA_VERIFY_RESULTS": str(results), "TAMA_VERIFY_SHARE": str(temporary / "share")}
        child = children.start("pytest", line, environment | extra, cwd=self._options.root)
        status = children.finish(child, follow=sys.stdout)
        self._take_results(results, suite)
        if status not in _ENDED_IN_ORDER or not results.exists():
            self._record("tests", Outcome.FAILED, f"{title}: pytest ended with status {status}")
        else:
            self._console.done("tests", title)

    def _take_results(self, results: Path, suite: suites.Suite) -> None:
        if not results.exists():
            return
        for row in json.loads(results.read_text(encoding="utf-8")):
            self._findings.tests.append(
                TestResult(row["node"], suite.engine, Outcome(row["outcome"]), row["seconds"], row["reason"])
            )


_PYTEST = [sys.executable, "-m", "pytest", "-p", "tama_portal.verification.plugin"]
