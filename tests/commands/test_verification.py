"""What `verify` runs where, what it counts, and what it says at the end."""

from pathlib import Path

import pytest

from tama_portal.management.commands.demo_accounts import table
from tama_portal.verification import plugin, suites, summary
from tama_portal.verification.results import CheckResult, CollectedTest, Findings, Outcome, TestResult
from tests.commands.running import run

pytestmark = pytest.mark.once
PASSED, FAILED, SKIPPED = Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED
PG, LITE = suites.POSTGRESQL, suites.SQLITE


def collected(**markers: str) -> CollectedTest:
    return CollectedTest("a::b", markers)


def findings(*tests: tuple[str, str, Outcome], checks: Outcome = PASSED) -> Findings:
    return Findings(
        checks=[CheckResult("ruff", checks, "style")],
        tests=[TestResult(node, engine, outcome, 1.0, "because") for node, engine, outcome in tests],
    )


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (collected(), [(PG, ""), (LITE, "")]),
        (collected(serial=""), [(PG, "file by file"), (LITE, "file by file")]),
        (collected(postgresql_only="races"), [(PG, "")]),
        (collected(once="", serial=""), [(PG, "file by file")]),
        (collected(browser=""), [(PG, "browser journeys")]),
        (collected(browser="", both_engines=""), [(PG, "browser journeys"), (LITE, "browser journeys")]),
    ],
)
def test_each_test_runs_where_its_markers_say(test: CollectedTest, expected: list[tuple[str, str]]) -> None:
    assert [(suite.engine, suite.name) for suite in suites.plan([test], browser=True)] == expected


def test_a_run_reads_only_files_that_have_a_test_in_it() -> None:
    tests = [CollectedTest("tests/b.py::x", {}), CollectedTest("tests/b.py::y", {"serial": ""})]
    tests += [CollectedTest("tests/a.py::x", {"once": ""}), CollectedTest("tests/b.py::z", {})]

    assert [(suite.engine, suite.name, suite.files) for suite in suites.plan(tests, browser=True)] == [
        (PG, "", ("tests/b.py", "tests/a.py")),
        (PG, "file by file", ("tests/b.py",)),
        (LITE, "", ("tests/b.py",)),
        (LITE, "file by file", ("tests/b.py",)),
    ]


def test_without_chromium_no_journey_is_planned() -> None:
    assert suites.plan([collected(browser="")], browser=False) == []
    assert all("not browser" in suite.expression for suite in suites.plan([collected()], browser=False))


def test_serial_tests_stay_with_their_file() -> None:
    planned = suites.plan([collected(), collected(serial="")], browser=True)
    assert [suite.dealt for suite in planned] == [suites.TEST_BY_TEST, suites.FILE_BY_FILE] * 2


def test_a_test_skipped_on_one_engine_is_left_out_only_if_it_ran_on_none() -> None:
    found = findings(("x", PG, SKIPPED), ("x", LITE, PASSED), ("y", PG, SKIPPED), ("y", LITE, SKIPPED))

    assert found.left_out() == {"y": "because"}


def test_the_last_line_counts_checks_and_tests_of_both_engines() -> None:
    found = findings(("x", PG, PASSED), ("x", LITE, FAILED), ("y", PG, SKIPPED))
    found.unrun = {"journey": "Chromium is not installed"}

    lines = list(summary.lines(found, seconds=61, complete=False))

    assert lines[-1] == "2 passed, 1 failed, 2 skipped"
    assert "  y: because" in lines
    assert "  journey: Chromium is not installed" in lines
    assert "  x (SQLite)" in lines
    assert not summary.holds(found, complete=False)


def test_a_complete_run_fails_when_anything_is_left_out() -> None:
    found = findings(("x", PG, PASSED), ("y", PG, SKIPPED))

    assert summary.holds(found, complete=False)
    assert not summary.holds(found, complete=True)
    assert summary.counts_line(found, complete=True) == "2 passed, 1 failed, 0 skipped"


def test_a_failed_check_fails_the_run_and_no_tests_prove_nothing() -> None:
    assert not summary.holds(findings(("x", PG, PASSED), checks=FAILED), complete=False)
    assert not summary.holds(findings(), complete=False)


def test_parallel_processes_use_databases_of_their_own() -> None:
    urls = {"REDIS_URL": "unix:///s?db=0", "CELERY_BROKER_URL": "redis+socket:///s?virtual_host=0"}

    assert plugin.separate_queue(urls) == {}
    assert plugin.separate_queue(urls | {"PYTEST_XDIST_WORKER": "gw1"}) == {
        "REDIS_URL": "unix:///s?db=2",
        "CELERY_BROKER_URL": "redis+socket:///s?virtual_host=2",
    }


def test_the_table_of_people_is_aligned_for_wide_characters() -> None:
    head, rule, row, other = table([("Name", "Role"), ("多摩", "長"), ("ab", "x")])

    assert (head, rule) == ("Name  Role", "----  ----")
    assert (row, other) == ("多摩  長", "ab    x")


@pytest.mark.serial
def test_a_run_over_one_file_tells_everything(tmp_path: Path) -> None:
    file = tmp_path / "test_sample.py"
    file.write_text(
        "import pytest\n"
        "from django.db import connection\n"
        "def test_engine(db):\n    assert connection.vendor in ('postgresql', 'sqlite')\n"
        "@pytest.mark.postgresql_only('needs its locks')\n"
        "def test_one_engine(db):\n    assert connection.vendor == 'postgresql'\n"
        "def test_queue():\n"
        "    from django.core.cache import cache\n    cache.set('a', 1)\n    assert cache.get('a') == 1\n"
        "    from django.conf import settings\n    assert 'Redis' in settings.CACHES['default']['BACKEND']\n"
        "@pytest.mark.skip('not today')\n"
        "def test_absent():\n    pass\n"
        "def test_wrong():\n    assert 1 == 2\n",
        encoding="ascii",
    )

    status, said = run("verify", str(file), "--processes", "0", seconds=400)

    assert status == 1, said
    lines = said.splitlines()
    assert lines[-1] == "7 passed, 2 failed, 1 skipped"  # two checks (lock, collection) are among the passed
    assert any("test_absent: not today" in line for line in lines)
    assert any("PostgreSQL only: needs its locks" in line for line in lines)
    assert any(line.endswith("test_wrong (SQLite)") for line in lines)
