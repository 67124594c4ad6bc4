"""Query parameters of the catalogue's page and API, read into `Criteria`. Nothing is searched here."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from accounts.enums import Area
from accounts.models import Organization
from core import text
from programs.enums import AmountRange, Audience, Fit, Kind, Level, Offering, Theme
from programs.queries.search import ORDERS, Criteria, phrases, terms
from programs.queries.towns import towns
from programs.rules import Place

LONGEST_SEARCH = 200
MOST_WORDS = 20
FIRST_YEAR, LAST_YEAR = 2000, 2100
_FITS = [(fit.name.lower(), fit.label) for fit in Fit]


class TypedField(forms.CharField):
    """Text as typed; signs that cannot be stored are left to the form, which names them in its own words."""

    def __init__(self, *, label: str, help_text: str) -> None:
        super().__init__(label=label, help_text=help_text, required=False)
        self.validators = []


class CodesField(forms.MultipleChoiceField):
    """Several codes of a closed set; an empty value is no value."""

    def to_python(self, value: Any) -> list[str]:
        """The codes given, each once, in their order."""
        return [code for code in dict.fromkeys(super().to_python(value)) if code]


def _choices(label: str, choices: Iterable[tuple[Any, Any]], hint: str) -> CodesField:
    """Several codes of a closed set; a wrong one is answered with the right ones."""
    pairs = [(str(code), str(word)) for code, word in choices]
    codes = "、".join(code for code, _ in pairs)
    message = f"「{label}」に「%(value)s」という値はありません。{codes} から選んでください。"
    return CodesField(
        label=label,
        choices=pairs,
        required=False,
        help_text=hint,
        error_messages={"invalid_choice": message},
    )


def _choice(label: str, choices: Iterable[tuple[Any, Any]], hint: str) -> forms.ChoiceField:
    pairs = [(str(code), str(word)) for code, word in choices]
    codes = "、".join(code for code, _ in pairs)
    message = f"「{label}」に「%(value)s」という値はありません。{codes} から選んでください。"
    return forms.ChoiceField(
        label=label,
        choices=[("", "すべて"), *pairs],
        required=False,
        help_text=hint,
        error_messages={"invalid_choice": message},
    )


class CriteriaForm(forms.Form):
    """The parameters by their names in the address; `criteria()` keeps what is valid of them."""

    search = TypedField(
        label="ことば",
        help_text='空白で区切るとすべてを含む制度をさがし、同じ意味の言葉（空き家と空家など）も合わせて見ます。"…" や「…」で囲むと、囲んだとおりの言葉だけをさがします。',
    )
    municipality = TypedField(label="自治体", help_text="6桁の全国地方公共団体コード")
    fit = _choices("使えるか", _FITS, "自治体を選んだときの判定")
    open = _choice("受付", [("1", "いま使える・申し込める")], "1 でいま使える・申し込める制度だけ")
    level = _choices("出している所", Level.choices, "国・都・市町村")
    kind = _choices("支援の種類", Kind.choices, "支援の種類")
    audience = _choices("使える人", Audience.choices, "使える人")
    theme = _choices("テーマ", Theme.choices, "テーマ")
    owner = forms.Field(label="所管", required=False, help_text="所管する団体のコード")
    amount = _choices("金額", AmountRange.choices, "資料にある支援額のうち最も大きいもの（円）")
    status = _choices("実施の状態", Offering.choices, "実施中・検討中・終了")
    area = _choice("地域", Area.choices, "その地域で使える制度だけ")
    fiscal_year = TypedField(label="年度", help_text="西暦4桁の年度。例：2026（令和8年度）")
    order = _choice("並び順", ORDERS.items(), "並び順")

    def __init__(self, data: "MultiValueDict[str, str]", token: str = "") -> None:
        """`token` is the version of the catalogue (`programs.models.versioning`), where it is known already."""
        super().__init__(data)
        self._token = token

    @cached_property
    def _owners(self) -> tuple[str, ...]:
        """The codes of owners as given, each once, as far as a database can hold them."""
        data: MultiValueDict[str, str] = self.data  # type: ignore[assignment]
        codes = dict.fromkeys(code.strip() for code in data.getlist("owner") if code.strip())
        return tuple(code for code in codes if not text.unstorable(code))

    def clean_search(self) -> str:
        """At most 200 characters and 20 words, without signs that cannot be stored."""
        typed = str(self.cleaned_data["search"])
        if fault := text.unstorable(typed):
            raise ValidationError(f"「ことば」に{fault}")
        if len(typed) > LONGEST_SEARCH:
            raise ValidationError(
                f"「ことば」が長すぎます（{len(typed)}文字）。{LONGEST_SEARCH}文字以内にしてください。"
            )
        if len(terms(typed)) > MOST_WORDS:
            raise ValidationError(f"「ことば」が多すぎます。{MOST_WORDS}語以内にしてください。")
        return typed

    def clean_municipality(self) -> Place | None:
        """A municipality of Tokyo by its code, as programs are judged against it."""
        code = str(self.cleaned_data["municipality"]).strip()
        if not code:
            return None
        place = towns(self._token).get(code)
        if place is None:
            raise ValidationError(
                f"「自治体」に「{code[:20]}」という団体コードはありません。"
                "都内の区市町村の6桁のコード（多摩市は132241）にしてください。"
            )
        return place

    def clean_owner(self) -> tuple[str, ...]:
        """Codes of bodies that exist; several are possible."""
        data: MultiValueDict[str, str] = self.data  # type: ignore[assignment]
        if fault := next(filter(None, map(text.unstorable, data.getlist("owner"))), ""):
            raise ValidationError(f"「所管」に{fault}")
        asked = self._owners[:MOST_WORDS]
        known = (
            set(Organization.objects.filter(code__in=asked).values_list("code", flat=True)) if asked else ()
        )
        for code in self._owners:
            if code not in known:
                raise ValidationError(
                    f"「所管」に「{code[:20]}」という団体はありません。東京都は130001、多摩市は132241です。"
                )
        return self._owners

    def clean_fiscal_year(self) -> int | None:
        """Four digits between 2000 and 2100."""
        typed = str(self.cleaned_data["fiscal_year"]).strip()
        if not typed:
            return None
        if typed.isascii() and typed.isdigit() and FIRST_YEAR <= int(typed[:9]) <= LAST_YEAR:
            return int(typed)
        raise ValidationError(
            f"「年度」の「{typed[:20]}」が読み取れません。西暦4桁にしてください。例：2026（令和8年度）"
        )

    def query(self) -> str:
        """The valid parameters as an address writes them: no page, nothing that is not of this form."""
        self.is_valid()
        data: MultiValueDict[str, str] = self.data  # type: ignore[assignment]
        return urlencode(
            [(name, value) for name in self.cleaned_data for value in data.getlist(name) if value]
        )

    def criteria(self) -> Criteria:
        """The criteria of every valid parameter; faulty ones are left out, `errors` names them."""
        self.is_valid()
        good = self.cleaned_data
        place: Place | None = good.get("municipality")
        fits = tuple(int(Fit[name.upper()]) for name in good.get("fit") or ())
        return Criteria(
            text=good.get("search") or "",
            words=terms(good.get("search") or ""),
            exact=phrases(good.get("search") or ""),
            levels=tuple(good.get("level") or ()),
            kinds=tuple(good.get("kind") or ()),
            audiences=tuple(good.get("audience") or ()),
            themes=tuple(good.get("theme") or ()),
            owners=tuple(good.get("owner") or ()),
            statuses=tuple(good.get("status") or ()),
            area=good.get("area") or "",
            place=place,
            fits=fits if place else (),
            fiscal_year=good.get("fiscal_year"),
            amounts=tuple(good.get("amount") or ()),
            open_now=bool(good.get("open")),
            order=good.get("order") or "narrow",
        )
