"""Take a city's progress sheets from the text of their document into its plan, or show what would be taken."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Organization
from core.actor import SYSTEM
from core.exceptions import DomainError
from indicators.actions.budgets import import_budget
from indicators.actions.importing import create_plan, find_plan, import_sheets
from indicators.actions.merging import Change, Outcome
from indicators.importing import Decoded, Finding, Reading, UnreadableSourceError, preview, read, text_of
from indicators.models import Plan
from tama_portal.management import budget

_MOST = 20_000_000
_WHY = (
    (FileNotFoundError, "この場所にありません"),
    (IsADirectoryError, "ファイルではなくフォルダーです"),
    (PermissionError, "読み取りが許可されていません"),
)


class Command(BaseCommand):
    """`manage.py import_progress_sheets PATH [--plan SLUG] [--organization CODE] [--accept KEY …] [--preview] [--json]`."""

    help = (
        "Reads the tab-separated text or the workbook of a plan's progress sheets (進行管理表) and takes it into the plan. "
        "--preview writes nothing; --json prints what was read. Running it twice changes nothing; a cell that a "
        "person has changed is kept and listed, --accept KEY takes the source's text for it. --table reads a budget and "
        "settlement sheet (予算・決算カルテ) by its columns."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, where it goes, and how to show it."""
        parser.add_argument("path", type=Path, help="the text (UTF-8 or CP932) or the .xlsx workbook")
        parser.add_argument("--plan", metavar="SLUG", help="the plan; default: the one with the text's title")
        parser.add_argument(
            "--organization", metavar="CODE", help="the city's code: makes the plan as a draft"
        )
        parser.add_argument(
            "--accept", action="append", default=[], metavar="KEY", help="a difference to accept"
        )
        budget.add_arguments(parser)
        parser.add_argument("--preview", action="store_true", help="write nothing")
        parser.add_argument("--json", action="store_true", help="print JSON (UTF-8)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, then preview or apply."""
        path: Path = options["path"]
        if options["table"]:
            self._table(path, options)
            return
        try:
            decoded = text_of(_bytes(path))
            reading = read(decoded.text, decoded.encoding)
        except UnreadableSourceError as error:
            raise CommandError(f"{path}: {error}") from None
        if options["preview"]:
            self._show(reading, decoded, as_json=options["json"])
            return
        try:
            outcome = _apply(reading, path.name, options)
        except DomainError as error:
            raise CommandError(
                "\n".join(f"{fault.field} {fault}".strip() for fault in error.faults)
            ) from None
        if options["json"]:
            self._json(_summary(outcome))
        else:
            self._tell(outcome)
        if outcome.refused:
            raise CommandError("\n".join(str(fault) for fault in outcome.refused))

    def _table(self, path: Path, options: dict[str, Any]) -> None:
        """A 予算・決算カルテ instead of progress sheets."""
        plan, reading = budget.read_table(_bytes(path), options)
        if options["preview"]:
            if options["json"]:
                self._json(budget.preview(reading))
            else:
                self.stdout.write("\n".join(budget.lines(reading)))
            return
        try:
            outcome = import_budget(
                reading=reading, plan=plan, by=SYSTEM, accept=options["accept"], source=path.name
            )
        except DomainError as error:
            raise CommandError("\n".join(map(str, error.faults))) from None
        if options["json"]:
            self._json(_summary(outcome))
        else:
            self._tell(outcome)

    def _show(self, reading: Reading, decoded: Decoded, *, as_json: bool) -> None:
        if as_json:
            self._json(preview(reading))
            return
        self.stdout.write(
            f"{reading.title}：個票{len(reading.measures)}枚、成果指標{len(reading.indicators)}件"
        )
        for row in reading.measures:
            self.stdout.write(f"  {row.number}  {row.title}{row.branch}（{'、'.join(row.departments)}）")
        for name, findings in (("直した所", reading.repairs), ("確かめる所", reading.doubts)):
            self.stdout.write(f"{name}：{len(findings)}件")
            for finding in findings:
                self.stdout.write(f"  {_line(finding, decoded)}")

    def _json(self, data: Any) -> None:
        """UTF-8 whatever the terminal's encoding is."""
        text = json.dumps(data, ensure_ascii=False, indent=1)
        buffer = getattr(self.stdout, "buffer", None)
        if buffer is None:
            self.stdout.write(text)
            return
        buffer.write(f"{text}\n".encode())
        buffer.flush()

    def _tell(self, outcome: Outcome) -> None:
        made = "（下書きを作りました）" if outcome.created else ""
        self.stdout.write(
            f"{outcome.plan.title}{made}：書いた欄{len(outcome.changes)}、変わらない欄{outcome.unchanged}、"
            f"手直しを残した欄{len(outcome.differences)}"
        )
        for row in outcome.differences:
            self.stdout.write(
                f"  {row.key}（{row.name}）\n    今の文：{row.before}\n    資料の文：{row.after}"
            )
        if outcome.differences:
            self.stdout.write("資料の文にするときは --accept に上の記号を付けて、もう一度実行してください。")
        for row in outcome.published:
            self.stdout.write(f"  公表済のため残した欄 {row.key}（{row.name}）\n    資料の文：{row.after}")
        if outcome.published:
            self.stdout.write("公表した欄は、計画の取り込みの画面で、理由を書いて訂正してください。")


def _bytes(path: Path) -> bytes:
    """The file's bytes. Raises CommandError naming what keeps it from being read."""
    try:
        if path.stat().st_size > _MOST:
            raise CommandError(
                f"{path}: ファイルが大きすぎます（20MBまで）。進行管理表のテキストを指定してください。"
            )
        return path.read_bytes()
    except OSError as error:
        why = next((words for kind, words in _WHY if isinstance(error, kind)), "読み取りに失敗しました")
        raise CommandError(
            f"{path}: ファイルを読めません（{why}）。場所と読み取りの許可を確かめてください。"
        ) from None


def _apply(reading: Reading, source: str, options: dict[str, Any]) -> Outcome:
    slug, code = options["plan"], options["organization"]
    plan = Plan.objects.filter(slug=slug).first() if slug else find_plan(reading)
    if plan is not None:
        return import_sheets(reading=reading, plan=plan, by=SYSTEM, accept=options["accept"], source=source)
    if not (slug and code):
        what = f"識別名「{slug}」の計画" if slug else f"計画名「{reading.title}」の計画"
        raise CommandError(
            f"{what}がありません。--plan に計画の識別名を指定してください。新しく作るときは --organization に団体コードも付けてください。"
        )
    organization = Organization.objects.filter(code=code).first()
    if organization is None:
        raise CommandError(
            f"団体コード「{code}」の団体がありません。6桁の全国地方公共団体コードを指定してください。"
        )
    return create_plan(reading=reading, organization=organization, slug=slug, by=SYSTEM, source=source)


def _line(row: Finding, decoded: Decoded) -> str:
    sheet = f"個票{row.sheet} " if row.sheet else ""
    said = (
        f"「{row.before}」" + (f"→「{row.after}」" if row.after != row.before else "") if row.before else ""
    )
    return f"{decoded.place(row.line)} {sheet}{row.cell}：{row.fault}{said}{row.cure}"


def _summary(outcome: Outcome) -> dict[str, Any]:
    return {
        "plan": outcome.plan.slug,
        "created": outcome.created,
        "unchanged": outcome.unchanged,
        "changes": [_change(row) for row in outcome.changes],
        "differences": [_change(row) for row in outcome.differences],
        "published": [_change(row) for row in outcome.published],
        "refused": [str(fault) for fault in outcome.refused],
    }


def _change(row: Change) -> dict[str, str]:
    return {"key": row.key, "name": row.name, "before": row.before, "after": row.after}
