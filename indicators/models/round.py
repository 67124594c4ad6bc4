"""照会: one round of a plan's progress sheets, who fills which sheet, and what was typed into which cell."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from accounts.models import Department, User
from core import fiscal_year
from core.append_only import append_only
from indicators.enums import CellName, RoundKind, RoundStatus, SheetStatus
from indicators.models.plan import Measure, Plan


def validate_open_cells(value: Any) -> None:
    """Refuse anything but {"2026": ["content", "goal"], …} with at least one cell."""
    good = (
        isinstance(value, Mapping)
        and value
        and all(
            year.isdecimal()
            and cells
            and len(set(cells)) == len(cells)
            and set(cells) <= set(CellName.values)
            for year, cells in value.items()
        )
    )
    if not good:
        raise ValidationError("記入する欄を、年度ごとに1つ以上えらんでください。")


class ProgressRound(models.Model):
    """照会. `open_cells` says which of the four cells of which fiscal year are to be filled, {"2025": ["result"]}."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="rounds", verbose_name="計画")
    fiscal_year = models.PositiveIntegerField("年度")
    kind = models.CharField("区分", max_length=10, choices=RoundKind)
    status = models.CharField("状態", max_length=20, choices=RoundStatus)
    open_cells = models.JSONField("記入する欄", validators=[validate_open_cells])
    due_at = models.DateTimeField("回答の期限")
    note = models.TextField("担当課への説明", blank=True)
    version = models.PositiveIntegerField("版", default=1)
    opened_at = models.DateTimeField("始めた日時", null=True, blank=True)
    published_at = models.DateTimeField("公表した日時", null=True, blank=True)
    is_fictional = models.BooleanField("架空", default=False)

    class Meta:
        ordering = ["-fiscal_year", "-pk"]
        verbose_name = verbose_name_plural = "照会"
        constraints = [
            models.UniqueConstraint(fields=["plan", "fiscal_year", "kind"], name="round_once_a_year"),
            models.CheckConstraint(
                condition=Q(status=RoundStatus.PLANNED) | Q(opened_at__isnull=False),
                name="round_opened_has_instant",
            ),
            models.CheckConstraint(
                condition=Q(status=RoundStatus.PUBLISHED, published_at__isnull=False)
                | (~Q(status=RoundStatus.PUBLISHED) & Q(published_at__isnull=True)),
                name="round_published_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"{fiscal_year.label(self.fiscal_year)} {self.get_kind_display()}照会"

    @property
    def state(self) -> RoundStatus:
        """The status as its enum."""
        return RoundStatus(self.status)

    @property
    def chain_key(self) -> str:
        """Whose record it is."""
        return f"round:{self.pk}"


class SheetTask(models.Model):
    """One sheet in a round: the department that fills it (none: still to be found), and where it stands."""

    round = models.ForeignKey(ProgressRound, models.PROTECT, related_name="tasks", verbose_name="照会")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="tasks", verbose_name="施策")
    department = models.ForeignKey(
        Department, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="担当課"
    )
    assignee = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="担当者"
    )
    status = models.CharField("状態", max_length=20, choices=SheetStatus)
    reason = models.TextField("いまの状態の理由", blank=True)
    version = models.PositiveIntegerField("版", default=1)
    moved_at = models.DateTimeField("いまの状態になった日時")

    class Meta:
        ordering = ["round", "measure__position"]
        verbose_name = verbose_name_plural = "個票の記入"
        constraints = [models.UniqueConstraint(fields=["round", "measure"], name="sheet_task_once")]

    def __str__(self) -> str:
        return f"{self.round} {self.measure}"

    @property
    def state(self) -> SheetStatus:
        """The status as its enum."""
        return SheetStatus(self.status)

    @property
    def chain_key(self) -> str:
        """Whose record it is."""
        return f"sheet:{self.pk}"


class SheetCell(models.Model):
    """One cell as it stands in a round. `version` grows with every change; pages send the one they showed.

    `name` is a cell of indicators.rules.sheets. `section_value` is what the section had written where the
    secretariat edited it.
    """

    task = models.ForeignKey(SheetTask, models.PROTECT, related_name="cells", verbose_name="個票の記入")
    fiscal_year = models.PositiveIntegerField("年度")
    name = models.CharField("欄", max_length=40)
    value = models.TextField("内容", blank=True)
    version = models.PositiveIntegerField("版", default=1)
    updated_at = models.DateTimeField("更新日時")
    updated_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="更新した人")
    is_proxy = models.BooleanField("代理の記入", default=False)
    edited_by_secretariat = models.BooleanField("事務局の手直し", default=False)
    section_value = models.TextField("手直しの前の内容", blank=True)

    class Meta:
        ordering = ["task", "fiscal_year", "name"]
        verbose_name = verbose_name_plural = "記入した欄"
        constraints = [
            models.UniqueConstraint(fields=["task", "fiscal_year", "name"], name="sheet_cell_once")
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.fiscal_year} {self.name}"


@append_only
class SheetCellVersion(models.Model):
    """What stood in a cell from one save to the next. Nothing typed is ever lost."""

    cell = models.ForeignKey(SheetCell, models.PROTECT, related_name="versions", verbose_name="欄")
    version = models.PositiveIntegerField("版")
    value = models.TextField("内容", blank=True)
    saved_at = models.DateTimeField("保存日時")
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="保存した人")
    department_name = models.CharField("部署", max_length=200, blank=True)
    is_proxy = models.BooleanField("代理の記入", default=False)
    edited_by_secretariat = models.BooleanField("事務局の手直し", default=False)

    class Meta:
        ordering = ["cell", "version"]
        verbose_name = verbose_name_plural = "欄の版"
        constraints = [models.UniqueConstraint(fields=["cell", "version"], name="sheet_cell_version_once")]

    def __str__(self) -> str:
        return f"{self.cell} 第{self.version}版"


class SheetReturn(models.Model):
    """差戻し: which cells, why, and by when. `cells` is {"2025/result": "reason"}; closed once handed in again."""

    task = models.ForeignKey(SheetTask, models.PROTECT, related_name="returns", verbose_name="個票の記入")
    cells = models.JSONField("欄と理由")
    due_at = models.DateTimeField("直す期限")
    returned_at = models.DateTimeField("差し戻した日時")
    returned_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="差し戻した人")
    closed_at = models.DateTimeField("直した日時", null=True, blank=True)

    class Meta:
        ordering = ["task", "pk"]
        verbose_name = verbose_name_plural = "差戻し"
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(closed_at__isnull=True), name="sheet_return_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.returned_at:%Y-%m-%d}"


@append_only
class SheetCorrection(models.Model):
    """訂正: a published cell changed afterwards, with the reason; the earlier text stays on record."""

    task = models.ForeignKey(SheetTask, models.PROTECT, related_name="corrections", verbose_name="個票の記入")
    fiscal_year = models.PositiveIntegerField("年度")
    name = models.CharField("欄", max_length=40)
    before = models.TextField("前の内容", blank=True)
    after = models.TextField("後の内容", blank=True)
    reason = models.TextField("理由")
    corrected_at = models.DateTimeField("訂正日時")
    corrected_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="訂正した人")

    class Meta:
        ordering = ["task", "pk"]
        verbose_name = verbose_name_plural = "公表後の訂正"
        constraints = [
            models.CheckConstraint(condition=~Q(before=F("after")), name="sheet_correction_changes"),
            models.CheckConstraint(condition=~Q(reason=""), name="sheet_correction_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.fiscal_year} {self.name}"
