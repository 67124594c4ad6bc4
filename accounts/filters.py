"""Query parameters of the list of bodies, parsed into the queries' arguments."""

import django_filters  # type: ignore[import-untyped]
from django import forms

from accounts.enums import Area, DesignationState, MunicipalType, OrganizationKind
from accounts.models import Organization
from accounts.models.organization import OrganizationQuerySet
from accounts.queries import organizations_matching
from core.text import unstorable


class SearchField(forms.CharField):
    """Words to look for; text no database can hold is refused with a message."""

    def validate(self, value: str) -> None:
        """Refuse what `core.text.unstorable` names."""
        super().validate(value)
        if fault := unstorable(value):
            raise forms.ValidationError(fault)


class SearchFilter(django_filters.CharFilter):  # type: ignore[misc]  # django-filter has no types
    """`search`, the one name of the search parameter everywhere."""

    field_class = SearchField


class OrganizationFilter(django_filters.FilterSet):  # type: ignore[misc]  # django-filter has no types
    """`kind`, `area`, `municipal_type`, `designation` and `search`; an unknown value is an error (400)."""

    kind = django_filters.ChoiceFilter(choices=OrganizationKind.choices, label="区分")
    area = django_filters.ChoiceFilter(choices=Area.choices, label="地域")
    municipal_type = django_filters.ChoiceFilter(choices=MunicipalType.choices, label="市区町村の別")
    designation = SearchFilter(
        method="designated", max_length=40, label="地域指定の種別（指定ありの団体だけ）"
    )
    search = SearchFilter(
        method="matching",
        max_length=100,
        label="名称・読み・団体コードの一部（かな・カナ、全角・半角を区別しません）",
    )

    class Meta:
        model = Organization
        fields: list[str] = []

    def designated(self, rows: OrganizationQuerySet, _name: str, value: str) -> OrganizationQuerySet:
        """Bodies a source says are designated so."""
        return rows.filter(
            designations__kind=value, designations__state=DesignationState.DESIGNATED
        ).distinct()

    def matching(self, rows: OrganizationQuerySet, _name: str, value: str) -> OrganizationQuerySet:
        """Bodies that hold every word."""
        return organizations_matching(rows, value)
