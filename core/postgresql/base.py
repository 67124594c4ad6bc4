"""A connection that knows whether it has committed, and is replaced where the server has hung up meanwhile."""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """`django.db.backends.postgresql`, and two questions more."""

    has_committed = False
    """Whether a transaction was committed since somebody last set this to False."""

    def commit(self) -> None:
        """Commit, and remember it."""
        super().commit()
        self.has_committed = True

    def get_new_connection(self, conn_params: dict[str, Any]) -> Connection[Any]:
        """A connection; none out of the pool that the server has closed, as a restart does to all of them.

        Django's `CONN_HEALTH_CHECKS` asks the server before every request, a tenth of the time of a page kept by its
        reader. A server that hangs up is heard on the socket for nothing; only then is it asked.
        """
        connection: Connection[Any] = super().get_new_connection(conn_params)
        while self.pool and not _answers(connection):
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection


def _answers(connection: Connection[Any]) -> bool:
    """Whether nothing came from the server while nobody had asked it, or it still answers."""
    heard = select.poll()
    heard.register(connection.fileno(), select.POLLIN)
    if not heard.poll(0):
        return True
    try:
        ConnectionPool.check_connection(connection)
    except OperationalError:
        return False
    return True
