"""`manage.py demo` from start to end, as a person at a terminal lives it."""

import os
import pwd
import signal
import socket
import sqlite3
import sys
from pathlib import Path

import pytest

from tama_portal.supervisor import postgres
from tests.commands.running import Demo, eventually, listens, processes_about, run

pytestmark = [pytest.mark.once, pytest.mark.serial]
GONE_WITHIN = 30.0


def start(demos: list[Demo], data: Path, *more: str) -> Demo:
    demo = Demo(["--data", str(data), "--port", "0", *more])
    demos.append(demo)
    demo.wait_until_ready()
    return demo


def assert_nothing_stays(demo: Demo, data: Path) -> None:
    assert eventually(lambda: not processes_about(str(data)), GONE_WITHIN), processes_about(str(data))
    assert not listens(demo.port)


def run_directory_of(demo: Demo) -> Path:
    variables = Path(f"/proc/{demo.children()['worker']}/environ").read_bytes().split(b"\0")
    url = next(line for line in variables if line.startswith(b"REDIS_URL=")).decode()
    return Path(url.removeprefix("REDIS_URL=unix://").split("?")[0]).parent.parent


def test_it_shows_the_portal_and_whom_to_sign_in_as(demos: list[Demo], data: Path) -> None:
    demo = start(demos, data)

    assert demo.get("/")[0] == 200
    status, body = demo.get("/readyz")
    assert (status, '"database": "ok"' in body, '"queue": "ok"' in body) == (200, True, True)
    assert set(demo.children()) == {"web", "worker", "beat", "valkey"}
    assert "@" in demo.output
    assert "Password of all:" in demo.output
    assert f"http://localhost:{demo.port}/account/demo-mail/" in demo.output

    status, said = run("demo", "--data", str(data.with_name("other")), "--port", str(demo.port))
    assert status == 2
    assert said.strip().splitlines()[-1].startswith(f"Port {demo.port} is in use")
    assert "Traceback" not in said

    status, said = run("demo", "--data", str(data), "--port", "0")
    assert status == 2
    assert said.strip().splitlines()[-1].startswith(f"Another demo runs with {data}")
    assert demo.get("/readyz")[0] == 200


def test_a_second_start_is_quick_and_keeps_the_data(
    demos: list[Demo], data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(data / "portal.sqlite3") as connection:
        connection.execute(
            "INSERT INTO django_session VALUES ('kept-over-the-restart', 'x', '2099-01-01 00:00:00')"
        )
    connection.close()

    demo = start(demos, data)

    with capsys.disabled():
        sys.stdout.write(f"\nsecond start of the demo: {demo.ready_after:.1f} s\n")
    assert demo.ready_after < 15
    assert "unchanged since the last start" in demo.output
    connection = sqlite3.connect(data / "portal.sqlite3")
    kept = connection.execute("SELECT count(*) FROM django_session WHERE session_key LIKE 'kept%'").fetchone()
    connection.close()
    assert kept == (1,)

    demo.process.send_signal(signal.SIGTERM)
    assert demo.wait() == 0
    assert_nothing_stays(demo, data)


def test_a_stop_signal_ends_everything_in_order(demos: list[Demo], data: Path) -> None:
    demo = start(demos, data)
    sockets = run_directory_of(demo)

    demo.process.send_signal(signal.SIGINT)

    assert demo.wait() == 0
    assert "Stopped. The data are kept" in demo.output
    assert_nothing_stays(demo, data)
    assert not sockets.exists()


def test_a_killed_supervisor_leaves_nothing_behind(demos: list[Demo], data: Path) -> None:
    demo = start(demos, data)
    sockets = run_directory_of(demo)

    demo.process.kill()

    assert demo.wait() == -signal.SIGKILL
    assert_nothing_stays(demo, data)
    assert eventually(lambda: not sockets.exists(), GONE_WITHIN)


@pytest.mark.parametrize("victim", ["web", "worker"])
def test_the_death_of_one_process_ends_all_with_an_error(demos: list[Demo], data: Path, victim: str) -> None:
    demo = start(demos, data)

    os.kill(demo.children()[victim], signal.SIGKILL)

    assert demo.wait() == 1
    assert f"{victim} ended (killed by SIGKILL)" in demo.output
    assert_nothing_stays(demo, data)


def test_a_busy_port_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        status, said = run("demo", "--data", str(tmp_path / "data"), "--port", str(port))

    assert status == 2
    assert said.splitlines()[-1] == (
        f"Port {port} is in use by another program: name a free one with --port N (0 takes any free port)."
    )
    assert not (tmp_path / "data").exists()


def test_a_directory_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    closed = Path("/proc/tama-demo")  # nobody can write there, not even root
    status, said = run("demo", "--data", str(closed), "--port", "0")

    assert status == 2
    assert said.splitlines()[-1].startswith(f"{closed} cannot be written")
    assert "--data DIR" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("fresh", [[], ["--fresh"]])
def test_a_directory_of_somebody_else_is_neither_used_nor_emptied(tmp_path: Path, fresh: list[str]) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="ascii")

    status, said = run("demo", "--data", str(tmp_path), "--port", "0", *fresh)

    assert status == 2
    assert "was not made by this command" in said
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_postgresql_runs_from_a_closed_directory_without_opening_it(
    demos: list[Demo], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    modes = {path: path.stat().st_mode for path in (home, *home.parents)}
    accounts = {entry.pw_name for entry in pwd.getpwall()}
    data = home / "data"
    cluster = data
    demo = Demo(["--data", str(data), "--port", "0", "--db", "postgres"])
    demos.append(demo)
    try:
        demo.wait_until_ready(seconds=400)
        cluster = postgres.cluster_directory(data / "postgres")

        assert demo.get("/readyz")[0] == 200
        assert "PostgreSQL 1" in demo.output
        assert {path: path.stat().st_mode for path in modes} == modes
        assert {entry.pw_name for entry in pwd.getpwall()} == accounts

        demo.process.kill()
        demo.wait()
        gone = eventually(lambda: not processes_about(str(data), str(cluster)), GONE_WITHIN)
        assert gone, processes_about(str(data), str(cluster))
    finally:
        demo.end()
        eventually(lambda: not processes_about(str(cluster)), GONE_WITHIN)
        postgres.remove_cluster(data / "postgres")
