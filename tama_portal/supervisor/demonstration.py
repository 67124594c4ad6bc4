"""The demo: everything the portal needs on one machine, started, watched and stopped together."""

import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tama_portal.supervisor import address, postgres, valkey
from tama_portal.supervisor.children import Child, Children
from tama_portal.supervisor.console import Console
from tama_portal.supervisor.data_directory import DataDirectory
from tama_portal.supervisor.errors import StopRequestedError
from tama_portal.supervisor.preparation import Preparation
from tama_portal.supervisor.temporary import run_directory

WEB_THREADS = 4
READY_SECONDS = 90.0
# Variables of the caller's that would lead the demo to other services, or change how its servers start.
_FOREIGN = (
    "DATABASE_URL",
    "REDIS_URL",
    "CELERY_BROKER_URL",
    "TAMA_PRODUCTION",
    "TAMA_DEBUG",
    "TAMA_SECRET_KEY",
    "TAMA_SMTP_HOST",
    "GUNICORN_CMD_ARGS",
    "WEB_CONCURRENCY",
    "PYTEST_CURRENT_TEST",
)


@dataclass(frozen=True)
class Options:
    """What the command line asked for."""

    root: Path
    data: Path
    port: int
    engine: str
    fresh: bool


class Demonstration:
    """One run of the demo. `run` returns when it was asked to stop, and raises when it cannot go on."""

    def __init__(self, options: Options, console: Console) -> None:
        self._options = options
        self._console = console
        self._data = DataDirectory(options.data)

    def run(self) -> None:
        """Reserve, start, watch, stop. Raises CannotStartError or ProcessDiedError; a stop signal ends it quietly."""
        options, console = self._options, self._console
        console.line("Tama support portal: demo")
        listener = address.listen(options.port)
        self._data.open(fresh=options.fresh)
        console.done("data", f"{self._data.path} ({_engine_name(options.engine)})")
        temporary = run_directory()
        with Children(self._data.logs, remove=[temporary], hold=[self._data.lock]) as children:
            try:
                self._serve(children, temporary, listener)
            except StopRequestedError:
                console.line("\nStopping ...")
        console.line("Stopped. The data are kept; start again to go on, or with --fresh to begin anew.")

    def _serve(self, children: Children, temporary: Path, listener: socket.socket) -> None:
        environment = self._environment()
        server = valkey.start(children, temporary, environment)
        environment |= server.environment()
        self._console.done("queue", f"{server.version} on a unix socket")
        environment["DATABASE_URL"] = self._database(children, temporary, environment)
        Preparation(self._options.root, self._data, self._options.engine, environment).run(
            children, self._console
        )
        port = int(listener.getsockname()[1])
        environment["TAMA_ORIGIN"] = f"http://localhost:{port}"
        self._start_programs(children, environment, server, listener)
        self._console.line()
        self._introduce(port)
        while True:
            children.pause()

    def _environment(self) -> dict[str, str]:
        own = {
            "DJANGO_SETTINGS_MODULE": "tama_portal.settings",
            "TAMA_NO_BOOTSTRAP": "1",
            "TAMA_DEMO": "1",
            "TAMA_VAR_DIR": str(self._data.path),
            "TAMA_MAIL_DIR": str(self._data.mail),
            "TAMA_SECRET_KEY": self._data.secret_key(),
        }
        return {name: value for name, value in os.environ.items() if name not in _FOREIGN} | own

    def _database(self, children: Children, temporary: Path, environment: dict[str, str]) -> str:
        if self._options.engine == "sqlite":
            if not self._data.sqlite.exists():
                self._data.forget_prepared("sqlite")
            return f"sqlite:///{self._data.sqlite}"
        cluster = postgres.cluster_directory(self._data.cluster)
        server = postgres.start(children, temporary, cluster, environment)
        if server.newly_made:
            self._data.forget_prepared("postgres")
        self._console.done("database", f"PostgreSQL {server.version} on a unix socket, cluster in {cluster}")
        return server.url()

    def _start_programs(
        self, children: Children, environment: dict[str, str], server: valkey.Valkey, listener: socket.socket
    ) -> None:
        """Web server, worker and schedule start side by side; each must prove that it does its work."""
        web = self._start_web(children, environment, listener)
        port = int(listener.getsockname()[1])
        listener.close()
        worker = self._start_celery(children, environment, "worker", ["-P", "threads", "-c", "2", *_ALONE])
        schedule = self._data.path / "beat-schedule"
        self._start_celery(children, environment, "beat", ["--schedule", str(schedule), "--pidfile", ""])
        children.wait_until(
            lambda: address.get(port, "/readyz")[0] == 200,  # noqa: PLR2004 - HTTP "OK"
            seconds=READY_SECONDS,
            what="The web server",
            child=web,
        )
        self._console.done("web", f"answers on port {port}")
        children.wait_until(
            server.has_waiting_worker, seconds=READY_SECONDS, what="The background worker", child=worker
        )
        self._console.done("worker", "waits for work; schedule runs")

    def _start_web(self, children: Children, environment: dict[str, str], listener: socket.socket) -> Child:
        options = ["--bind", f"fd://{listener.fileno()}", "--workers", "1", "--worker-class", "gthread"]
        options += ["--threads", str(WEB_THREADS), "--no-control-socket", "--graceful-timeout", "3"]
        options += ["--timeout", "60"]  # requests are told by core.request_id, without secrets and addresses
        command = [sys.executable, "-m", "gunicorn", "tama_portal.wsgi:application", *options]
        return children.start(
            "web", command, environment, keep_open=[listener.fileno()], cwd=self._options.root
        )

    def _start_celery(
        self, children: Children, environment: dict[str, str], part: str, options: list[str]
    ) -> Child:
        command = [sys.executable, "-m", "celery", "-A", "tama_portal", part, "--loglevel", "INFO", *options]
        return children.start(part, command, environment, cwd=self._options.root)

    def _introduce(self, port: int) -> None:
        say: Callable[[str], None] = self._console.line
        say(f"Ready after {self._console.elapsed():.1f} s: http://localhost:{port}/")
        say("")
        if self._data.accounts.exists():
            say(self._data.accounts.read_text(encoding="utf-8").rstrip())
            say(
                f"After the password comes a mailed code: read it at http://localhost:{port}/account/demo-mail/"
            )
            say("")
        say(f"Logs: {self._data.logs}   Mails: {self._data.mail}   Stop: Ctrl-C")


_ALONE = ["--without-gossip", "--without-mingle"]


def _engine_name(engine: str) -> str:
    return {"sqlite": "SQLite", "postgres": "PostgreSQL"}[engine]
