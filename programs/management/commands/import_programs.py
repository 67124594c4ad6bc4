"""Take a list of programs in as drafts of the body that publishes it, or show what would be taken."""

import dataclasses
import json
from pathlib import Path
from typing import Any, Final

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Organization
from core.actor import SYSTEM
from core.exceptions import DomainError
from core.spreadsheet import harmless
from programs.actions.importing import Change, Outcome, import_programs, rehearse
from programs.importing import read

_WHY: Final = (
    (FileNotFoundError, "この場所にありません"),
    (IsADirectoryError, "ファイルではなくフォルダーです"),
    (PermissionError, "読み取りが許可されていません"),
)


class Command(BaseCommand):
    """`manage.py import_programs PATH --organization CODE [--accept KEY …] [--dry-run] [--json]`."""

    help = (
        "Reads the support-program CSV that municipalities publish (支援制度の推奨データセット) or a tab-separated list "
        "of programs (施策・担当部署・URL …) and takes it in as drafts of the body. --dry-run writes nothing; --json "
        "prints what was found. Running it twice changes nothing; what a person wrote is kept and listed, --accept KEY "
        "takes the list's value for it. Nothing on view changes: drafts are published at /publishing/."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, whose programs it lists, and how to show it."""
        parser.add_argument("path", type=Path, help="the list: .csv, .tsv or .txt in UTF-8 or CP932")
        parser.add_argument("--organization", metavar="CODE", required=True, help="whose programs they are")
        parser.add_argument(
            "--accept", action="append", default=[], metavar="KEY", help="a difference to accept"
        )
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument("--json", action="store_true", help="print JSON (UTF-8)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, then show or take in. Ends with an error when a row was refused; the others are taken in."""
        path: Path = options["path"]
        owner = Organization.objects.filter(code=options["organization"]).first()
        if owner is None:
            raise CommandError(
                f"団体コード「{options['organization']}」の団体がありません。--organization に6桁のコードを指定してください。"
            )
        try:
            with path.open("rb") as file:
                reading = read(File(file, name=path.name), code=owner.code, body=owner.name)
            outcome = (
                rehearse(reading=reading, owner=owner, by=SYSTEM)
                if options["dry_run"]
                else import_programs(
                    reading=reading, owner=owner, by=SYSTEM, accept=options["accept"], source=path.name
                )
            )
        except OSError as error:
            why = next((words for kind, words in _WHY if isinstance(error, kind)), "読み取りに失敗しました")
            raise CommandError(
                f"{path}: ファイルを読めません（{why}）。場所と読み取りの許可を確かめてください。"
            ) from None
        except DomainError as error:
            raise CommandError("\n".join(str(fault) for fault in error.faults)) from None
        self._show(outcome, dry_run=options["dry_run"], as_json=options["json"])
        if outcome.refused:
            raise CommandError(f"取り込めない行の指摘が{len(outcome.refused)}件あります。")

    def _show(self, outcome: Outcome, *, dry_run: bool, as_json: bool) -> None:
        if as_json:
            text = json.dumps(_plain(outcome), ensure_ascii=False, indent=1)
            buffer = getattr(self.stdout, "buffer", None)
            if buffer is None:
                self.stdout.write(text)
            else:
                buffer.write(f"{text}\n".encode())
                buffer.flush()
            return
        done = "（書き込んでいません）" if dry_run else ""
        self.stdout.write(
            f"新しい下書き{len(outcome.created)}、変わる項目{len(outcome.changes)}、"
            f"手直しを残した項目{len(outcome.differences)}、変わらない行{outcome.unchanged}{done}"
        )
        for line, title, slug, notes in outcome.created:
            self.stdout.write(f"  {line}行目 {harmless(title)}（{slug}）{'、'.join(notes)}")
        for name, rows in (("変わる項目", outcome.changes), ("手直しを残した項目", outcome.differences)):
            for row in rows:
                self.stdout.write(
                    f"  {name} {row.key}（{row.label}）\n    今：{row.before}\n    一覧：{row.after}"
                )
        for header, count in outcome.unused.items():
            self.stdout.write(f"  使わない列「{harmless(header)}」（{count}行に値）")
        for fault in outcome.refused:
            self.stdout.write(f"  {fault}")


def _plain(outcome: Outcome) -> dict[str, Any]:
    names = ("line", "title", "slug", "notes")
    return {
        "created": [dict(zip(names, row, strict=True)) for row in outcome.created],
        "changes": [_change(row) for row in outcome.changes],
        "differences": [_change(row) for row in outcome.differences],
        "unchanged": outcome.unchanged,
        "unused": outcome.unused,
        "refused": [dataclasses.asdict(fault) for fault in outcome.refused],
    }


def _change(row: Change) -> dict[str, Any]:
    return dataclasses.asdict(row)
