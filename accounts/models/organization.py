"""Bodies, their units, and the facts about them that rules are decided on."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.enums import Area, DesignationState, MunicipalType, OrganizationKind
from core.codes import corporate_number_valid, municipality_code_valid


def validate_code(value: str) -> None:
    """Refuse a six-digit 全国地方公共団体コード whose check digit is wrong."""
    if value.isdigit() and not municipality_code_valid(value):
        raise ValidationError(
            "団体コード「%(code)s」の検査数字が合いません。6桁を確かめてください。", params={"code": value}
        )


def validate_corporate_number(value: str) -> None:
    """Refuse a 13-digit 法人番号 whose check digit is wrong."""
    if not corporate_number_valid(value):
        raise ValidationError(
            "法人番号「%(number)s」の検査数字が合いません。13桁を確かめてください。", params={"number": value}
        )


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Chainable reads; the default order is 建制順 (by code)."""

    def municipalities(self) -> "OrganizationQuerySet":
        """The 62 区市町村."""
        return self.filter(kind=OrganizationKind.MUNICIPALITY)

    def supported(self) -> "OrganizationQuerySet":
        """The 39 多摩・島しょ municipalities this portal is made for."""
        return self.municipalities().filter(area__in=[Area.TAMA, Area.ISLANDS])


class Organization(models.Model):
    """団体. `code` is the six-digit code, or a short slug for bodies that have none."""

    code = models.CharField("団体コード", max_length=40, unique=True, validators=[validate_code])
    kind = models.CharField("区分", max_length=20, choices=OrganizationKind)
    name = models.CharField("名称", max_length=100)
    kana = models.CharField("読み", max_length=200, blank=True)
    municipal_type = models.CharField("市区町村の別", max_length=10, choices=MunicipalType, blank=True)
    area = models.CharField("地域", max_length=10, choices=Area, blank=True)
    subarea = models.CharField("小地域", max_length=20, blank=True)
    corporate_number = models.CharField(
        "法人番号", max_length=13, unique=True, null=True, blank=True, validators=[validate_corporate_number]
    )
    website = models.URLField("公式サイト", blank=True, max_length=300)
    population = models.PositiveIntegerField("人口", null=True, blank=True)
    population_as_of = models.DateField("人口の基準日", null=True, blank=True)
    area_km2 = models.DecimalField("面積（km²）", max_digits=9, decimal_places=2, null=True, blank=True)
    head_title = models.CharField("首長の職名", max_length=40, blank=True)
    head_name = models.CharField("首長の氏名", max_length=60, blank=True)
    head_since = models.DateField("就任日", null=True, blank=True)
    citations = models.JSONField("出典", default=list, blank=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = "団体"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=OrganizationKind.MUNICIPALITY) | (~Q(municipal_type="") & ~Q(area="")),
                name="organization_municipality_has_type_and_area",
                violation_error_message="区市町村には市区町村の別と地域が必要です。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_municipality(self) -> bool:
        """Whether this body is one of the 区市町村."""
        return self.kind == OrganizationKind.MUNICIPALITY


class Designation(models.Model):
    """A dated fact about an area (過疎, 離島, 条件不利地域 …), with the source that says so."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="designations")
    kind = models.CharField("種別", max_length=40)
    label = models.CharField("名称", max_length=80)
    state = models.CharField("指定", max_length=20, choices=DesignationState)
    extent = models.CharField("範囲", max_length=10, blank=True)
    value = models.CharField("区分の値", max_length=60, blank=True)
    detail = models.TextField("説明", blank=True)
    since = models.CharField("指定年月", max_length=20, blank=True)
    until = models.CharField("期限", max_length=20, blank=True)
    as_of = models.CharField("基準日", max_length=20, blank=True)
    evidence = models.CharField("根拠の種類", max_length=20, blank=True)
    citations = models.JSONField("出典", default=list, blank=True)

    class Meta:
        ordering = ["organization__code", "kind", "label"]
        verbose_name = verbose_name_plural = "地域指定"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "label", "value"], name="designation_natural_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization}：{self.label}"


class DepartmentQuerySet(models.QuerySet["Department"]):
    """Chainable reads of units."""

    def in_force(self, on: date) -> "DepartmentQuerySet":
        """Units that exist on a day (JST)."""
        return self.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))


class Department(models.Model):
    """部署. Owns work and receives notices; published records keep the old name, open work moves."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="departments")
    name = models.CharField("名称", max_length=120)
    aliases = models.JSONField("別表記", default=list, blank=True)
    phone = models.CharField("電話", max_length=40, blank=True)
    mailbox = models.EmailField("共有メールアドレス", blank=True)
    is_liaison = models.BooleanField("取りまとめ窓口", default=False)
    is_fictional = models.BooleanField("架空の部署", default=False)
    display_order = models.PositiveIntegerField("並び順", default=0)
    valid_from = models.DateField("設置日", default=date(1900, 1, 1))
    valid_to = models.DateField("廃止日", null=True, blank=True)
    succeeded_by = models.ManyToManyField(
        "self", symmetrical=False, related_name="predecessors", blank=True, verbose_name="引き継いだ部署"
    )

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        ordering = ["organization__code", "display_order", "name"]
        verbose_name = verbose_name_plural = "部署"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name", "valid_from"], name="department_natural_key"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="department_valid_period",
                violation_error_message="廃止日は設置日以後にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.name}"
