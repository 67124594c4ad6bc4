"""PostgreSQL is shut down and started again while mails go out: nothing is lost, at most one mail doubled."""

import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tama_portal.supervisor import postgres
from tama_portal.supervisor.children import Children
from tama_portal.supervisor.temporary import run_directory
from tests.chaos.conftest import Driver, Postbox
from tests.commands.running import eventually

pytestmark = [pytest.mark.serial, pytest.mark.once("starts its own PostgreSQL")]
MAILS = 20


class Cluster:
    """A PostgreSQL of its own that can be shut down at once and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "logs").mkdir()
        self._running = ExitStack()

    def start(self) -> str:
        """Serve; the address."""
        children = self._running.enter_context(Children(self.folder / "logs"))
        return postgres.start(children, self.folder, self.folder / "cluster", {}).url()

    def stop(self) -> None:
        """Sessions are cut off, as on a restart of the service."""
        self._running.close()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    made = Cluster(run_directory())
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(made.folder, ignore_errors=True)


def mid_batch(driver: Driver, smtp: Controller, postbox: Postbox, then: Callable[[], object]) -> None:
    """Let a worker send, and do something else when it has sent eight of the mails."""
    postbox.delay = 0.1
    worker = threading.Thread(target=driver.ask, args=("work", "", smtp.port), kwargs={"may_fail": True})
    worker.start()
    assert eventually(lambda: len(postbox.accepted) >= 8, 30)
    then()
    worker.join(timeout=60)
    postbox.delay = 0.0


def test_restarted_while_mails_go_out(cluster: Cluster, smtp: Controller, postbox: Postbox) -> None:
    address = cluster.start()
    with tempfile.TemporaryDirectory() as folder:
        driver = Driver(address, Path(folder))
        try:
            driver.ask("migrate", "", 1)
            driver.ask("tell", str(MAILS), smtp.port)
            mid_batch(driver, smtp, postbox, cluster.stop)
            assert len(postbox.accepted) < MAILS, "the database went away in the middle"
            cluster.start()
            driver.ask("work", "", smtp.port)
            state = driver.ask("state", "", smtp.port)
        finally:
            driver.end()
    counted = Counter(postbox.mailboxes())
    assert len(counted) == MAILS
    assert sum(counted.values()) - MAILS <= 1
    assert {row["state"] for row in state["rows"]} == {"sent"}
    flagged = {row["mailbox"] for row in state["rows"] if row["maybe_twice"]}
    assert flagged >= {mailbox for mailbox, mails in counted.items() if mails > 1}
    assert state["faults"] == []
