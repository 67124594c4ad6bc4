#!/usr/bin/env python3
"""The portal's command line: `demo` shows it, `verify` proves it, the rest are Django's commands.

Works with any Python 3.11 or newer, with nothing installed: the first start makes `.venv` from the
hashed lock `requirements/all.txt` (see tama_portal/bootstrap.py) and goes on inside it.
"""

import os
import sys

OLDEST_PYTHON = (3, 11)
HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - must also parse and run on an old Python


def prepare_environment():  # type: ignore[no-untyped-def] # runs before any package is there
    """Load the bootstrap by path: importing the package around it would already need Celery."""
    import importlib.util

    source = os.path.join(HERE, "tama_portal", "bootstrap.py")  # noqa: PTH118 - as above
    spec = importlib.util.spec_from_file_location("tama_bootstrap", source)
    bootstrap = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = bootstrap
    spec.loader.exec_module(bootstrap)
    return bootstrap.ensure_environment(HERE, sys.argv)


def main():  # type: ignore[no-untyped-def] # as above
    """Check the interpreter, enter the environment, hand over to Django."""
    if sys.version_info < OLDEST_PYTHON:  # the message is for exactly those
        found = ".".join(str(part) for part in sys.version_info[:3])
        sys.stderr.write(
            "This is Python %s; the portal needs Python 3.11 or newer: start it with python3.11 manage.py\n"  # noqa: UP031
            % found
        )
        return 2
    status = prepare_environment()
    if status:
        return status
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tama_portal.settings")
    if sys.argv[1:2] in (["demo"], ["verify"]):
        run_without_apps(sys.argv)
        return 0
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
    return 0


def run_without_apps(argv):  # type: ignore[no-untyped-def] # as above
    """These two only start other processes: loading every app here first would cost a second."""
    import importlib

    module = importlib.import_module("tama_portal.management.commands." + argv[1])
    module.Command().run_from_argv(argv)


if __name__ == "__main__":
    sys.exit(main())
