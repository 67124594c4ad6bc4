"""Mails in numbers: the outbox beside a bare loop of `EmailMessage` over one connection to the same server.

The bare loop is given texts that are there already. A second loop builds the portal's own mails, its text from the
notice, and sends them, remembering nothing: that is what building alone would allow.

    DATABASE_URL=postgres://… python bench/mails.py [--count 2000]

The SMTP server is a process of its own that takes everything. Each round runs both, in turn; the middle ratio
counts. Everything happens in a database of its own, made and dropped as the tests do. Prints one line a figure.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tama_portal.settings")
os.environ["TAMA_MAIL_DIR"] = ""

import django

django.setup()

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.utils import DNS_NAME
from django.db import connection, transaction
from django.test.utils import setup_databases, teardown_databases

from accounts.actions import delivery
from accounts.actions.addressing import address_due
from accounts.actions.notice import Audience, notify
from accounts.models import Addressees, Delivery
from accounts.models.notice import AUDIENCES, Recipient
from core import clock
from tama_portal.collector import spare_collector

_SINK = """
import asyncio, sys
async def serve(reader, writer):
    say = lambda text: writer.write(text + b"\\r\\n")
    say(b"220 sink")
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            say(b"354 go on")
            while (await reader.readline()) != b".\\r\\n":
                pass
            say(b"250 OK")
        elif verb == b"QUIT":
            say(b"221 bye")
            break
        else:
            say(b"250 OK")
        await writer.drain()
    writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    async with server:
        await server.serve_forever()
asyncio.run(main())
"""


def sink() -> subprocess.Popen[bytes]:
    """An SMTP server that takes everything, on a free port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    process = subprocess.Popen([sys.executable, "-c", _SINK, str(settings.EMAIL_PORT)])
    time.sleep(1)
    return process


def per_second(count: int, what: Callable[[], object]) -> float:
    """How many a second."""
    start = time.perf_counter()
    what()
    return count / (time.perf_counter() - start)


def told(count: int) -> None:
    """So many mailboxes with a mail to come."""
    Delivery.objects.all().delete()
    Addressees.objects.all().delete()
    with transaction.atomic():
        for number in range(count):
            notify(
                kind="grants.told", key=f"bench:{number}", title="申請を受け付けました", path=f"/applications/c{number}/",
                lines=["募集：令和9年度 第1次募集", "内容を確かめてください。"],
                audience=Audience.of_mailbox(f"box{number}@out.example"),
            )  # fmt: skip


def bare(messages: list[EmailMessage]) -> None:
    """The floor: build and send, remember nothing."""
    with get_connection() as server:
        for message in messages:
            again = EmailMessage(message.subject, message.body, message.from_email, message.to)
            again.connection = server
            again.send()


def building(rows: list[Delivery], recipients: list[Recipient]) -> None:
    """Compose and send, remember nothing."""
    with get_connection() as server:
        for row, recipient in zip(rows, recipients, strict=True):
            message = delivery.compose(row, recipient)
            message.connection = server
            message.send()


def one_round(count: int) -> tuple[float, float]:
    """All in turn; how many mails the outbox sends for each of the bare loop, and of the loop that builds."""
    told(count)
    addressed = per_second(count, lambda: [address_due(at=clock.now()) for _ in range(1 + count // 200)])
    waiting = Delivery.objects.select_related("notice", "user", "department__organization")
    rows = list(waiting.prefetch_related(f"notice__{AUDIENCES}"))
    recipients = [row.notice.recipients(clock.today())[0] for row in rows]
    messages = [delivery.compose(row, to) for row, to in zip(rows, recipients, strict=True)]
    floor = per_second(count, lambda: bare(messages))
    built = per_second(count, lambda: [message.message().as_bytes() for message in messages])
    alone = per_second(count, lambda: building(rows, recipients))
    sent = per_second(count, lambda: [delivery.deliver_due() for _ in range(1 + count // 2500)])
    assert Delivery.objects.filter(state="sent").count() == count
    print(
        f"addressed {addressed:,.0f}/s; built {built:,.0f}/s; bare loop {floor:,.0f}/s; built and sent {alone:,.0f}/s;"
        f" outbox {sent:,.0f}/s: {sent / floor:.2f} of the bare loop, {sent / alone:.2f} of building and sending"
    )
    return sent / floor, sent / alone


def main() -> None:
    """All figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=2000)
    options = parser.parse_args()
    DNS_NAME.get_fqdn()
    made, server = setup_databases(verbosity=0, interactive=False), sink()
    try:
        print(f"engine: {connection.vendor}")
        spare_collector()
        rounds = [one_round(options.count) for _ in range(3)]
        beside_bare, beside_built = (statistics.median(ratios) for ratios in zip(*rounds, strict=True))
        print(
            f"middle ratios: {beside_bare:.2f} of the bare loop, {beside_built:.2f} of building and sending"
        )
    finally:
        server.terminate()
        server.wait()
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()
