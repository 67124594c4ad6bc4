"""What can keep the portal from starting or running."""


class CannotStartError(Exception):
    """An obstacle only a person can remove; the message is the one line to show (exit status 2)."""


class ProcessDiedError(Exception):
    """A process ended although it should run on, or a preparation failed (exit status 1).

    `lines` are the last lines it wrote.
    """

    def __init__(self, message: str, lines: list[str]) -> None:
        super().__init__(message)
        self.lines = lines


class StopRequestedError(Exception):
    """SIGINT, SIGTERM or SIGHUP arrived: an orderly end; the message is its name."""
