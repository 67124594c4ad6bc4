"""What a row of a list says, as items of a content. What was only inferred is named, so that a person checks it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.money import spelled_yen, yen
from core.text import fold, parse_date
from core.wareki import era_of, long_date
from programs.content import ITEM, Content, in_order, words
from programs.enums import Audience, Kind, Theme
from programs.funding.printed import shares

MOST: Final = {
    "title": 200,
    "title_kana": 300,
    "plain_title": 60,
    "kind_label": 60,
    "department": 200,
    "phone": 40,
    "url": 500,
}
_KINDS: Final = (
    (Kind.LOAN, ("融資", "貸付", "貸与", "利子補給", "信用保証")),
    (Kind.EXPERT_DISPATCH, ("派遣",)),
    (Kind.CONSULTATION, ("相談", "窓口", "コンシェルジュ")),
    (Kind.TRAINING, ("講座", "研修", "セミナー", "講習")),
    (Kind.MATCHING, ("マッチング", "交流会", "ネットワーク")),
    (Kind.GRANT, ("補助", "助成", "給付", "奨励", "交付金", "支給", "手当", "支援金", "祝金")),
    (Kind.PROMOTION, ("情報発信", "魅力発信", "ポータルサイト", "ツアー", "フェア", "キャンペーン", "催し")),
    (Kind.RESEARCH, ("調査", "実証")),
    (Kind.FACILITY, ("施設", "センター", "拠点", "体験住宅")),
)  # fmt: skip
_AUDIENCES: Final = (
    (Audience.RESIDENT, ("住民", "市民", "町民", "村民", "区民", "個人", "世帯", "子育て", "高齢者", "保護者")),
    (Audience.BUSINESS, ("事業者", "企業", "法人", "店舗", "創業")),
    (Audience.ORGANIZATION, ("団体", "npo", "大学", "町会", "自治会")),
    (Audience.MUNICIPALITY, ("区市町村", "市町村", "町村", "自治体")),
)  # fmt: skip
_APOSTROPHE: Final = re.compile(r"^'(?=[=+\-@\t＝＋－＠])")
_ADDRESS: Final = re.compile(r"^https?://[^\s]+$")
_MORE_ADDRESSES: Final = re.compile(r"[\s;；]+(?=https?://)")
_SIGNS: Final = str.maketrans("‐‑‒–—―−", "-------")


class CellFaultError(ValueError):
    """A cell that cannot be read: which column, what is wrong, and the cure."""

    def __init__(self, column: str, fault: str, cure: str) -> None:
        super().__init__(f"{fault}{cure}")
        self.column, self.fault, self.cure = column, fault, cure


def cleaned(cell: str) -> str:
    """A cell without outer spaces, with one kind of line end, and without the apostrophe that kept it from being
    taken for a formula.
    """
    return _APOSTROPHE.sub("", cell.replace("\r\n", "\n").replace("\r", "\n").strip().strip("　"))


@dataclass(frozen=True)
class Told:
    """What a row says: `stated` by its own cells, `guessed` from its words (for a new program only), and why."""

    stated: Content
    guessed: Content
    notes: tuple[str, ...]
    faults: tuple[CellFaultError, ...]


@dataclass(frozen=True)
class _ReadKind:
    """A kind, whether the list names it, and how it was read where that has to be checked."""

    kind: Kind
    is_stated: bool
    note: str


def told_by(row: Mapping[str, str], *, default_kind: Kind) -> Told:
    """The items a row speaks of (only those whose column the list has); `row` is {column: cleaned cell}."""
    stated, guessed, faults = _texts(row), Content(), []
    kind = _kind(row, default_kind)
    (stated if kind.is_stated else guessed)["kind"] = kind.kind.value
    if audiences := _audiences(row.get("audience", "")):
        guessed["audiences"] = audiences
    if "keywords" in row:
        stated["themes"] = _themes(row["keywords"])
    for read in (_money, _period, _addresses):
        try:
            stated |= read(row)
        except CellFaultError as fault:
            faults.append(fault)
    for name, most in MOST.items():
        if len(stated.get(name) or "") > most:
            long = f"長すぎます（{len(stated[name])}文字）。"
            faults.append(CellFaultError(_COLUMN_OF[name], long, f"{most}文字までにしてください。"))
    notes = [kind.note] if kind.note else []
    if audiences:
        notes.append(f"{ITEM['audiences'].label}は「{words('audiences', audiences)}」と読みました")
    return Told(stated, guessed, tuple(notes), tuple(faults))


_PLAIN: Final = {
    "title": "title", "title_kana": "kana", "plain_title": "plain_title", "summary": "summary",
    "benefit_text": "benefit", "reach_text": "reach", "kind_label": "kind", "audience_text": "audience",
    "remarks": "remarks",
}  # fmt: skip
_COLUMN_OF: Final = _PLAIN | {"department": "office", "phone": "phone", "url": "url"}


def _texts(row: Mapping[str, str]) -> Content:
    told: Content = {item: row[column] for item, column in _PLAIN.items() if column in row}
    if "title" in told:
        told["title"] = " ".join(told["title"].split())
    if "office" in row or "asking" in row:
        told["department"] = " ".join((row.get("office") or row.get("asking") or "").split())
    if "phone" in row:
        told["phone"] = (
            unicodedata.normalize("NFKC", row["phone"]).translate(_SIGNS).replace("\n", " ").strip()
        )
    if "expenses" in row:
        told["eligible_expenses"] = [
            part for part in re.split(r"[\n、;；]+", row["expenses"]) if part.strip()
        ]
    return told


def _kind(row: Mapping[str, str], default: Kind) -> _ReadKind:
    """The kind by the list's own word, else by a word of the title, else `default`.

    Of several words the last one counts: 相談窓口の整備補助 is 補助.
    """
    label, own = ITEM["kind"].label, row.get("kind", "")
    if ours := next((kind for kind in Kind if own and fold(str(kind.label)) == fold(own)), None):
        return _ReadKind(ours, is_stated=True, note="")
    if found := _last_mark(own):
        kind = found[1]
        return _ReadKind(
            kind, is_stated=True, note=f"{label}は、一覧の「{own[:30]}」から「{kind.label}」と読みました"
        )
    if found := _last_mark(row.get("title", "")):
        _, kind, mark = found
        note = f"{label}は、名前にある「{mark}」から「{kind.label}」と読みました"
        return _ReadKind(kind, is_stated=False, note=note)
    note = f"{label}は一覧からは分からないため、ひとまず「{default.label}」としました。確かめてください"
    return _ReadKind(default, is_stated=False, note=note)


def _last_mark(text: str) -> tuple[int, Kind, str] | None:
    """Where the last word that names a kind ends, the kind, and the word."""
    marks = ((text.rfind(mark), kind, mark) for kind, words in _KINDS for mark in words)
    return max(
        ((at + len(mark), kind, mark) for at, kind, mark in marks if at >= 0),
        key=lambda found: found[0],
        default=None,
    )


def _audiences(text: str) -> list[str]:
    folded = fold(text)
    return in_order(
        "audiences", (code for code, marks in _AUDIENCES if any(fold(mark) in folded for mark in marks))
    )


def _themes(text: str) -> list[str]:
    given = {fold(word) for word in re.split(r"[;；,，\n]+", text) if word.strip()}
    return in_order("themes", (str(theme.value) for theme in Theme if fold(str(theme.label)) in given))


def _money(row: Mapping[str, str]) -> Content:
    if "amount" not in row and "rate" not in row:
        return {}
    rows = []
    if amount := row.get("amount"):
        value = _amount(amount)
        unit = "円" if isinstance(value, int) else ""
        rows.append({"label": "給付金額", "text": amount, "value": value, "unit": unit})
    if rate := row.get("rate"):
        plain = unicodedata.normalize("NFKC", rate)
        exact, unit = (plain, "率") if shares(plain) else (rate, "")
        rows.append({"label": "補助率", "text": rate, "value": exact, "unit": unit})
    return {"money": rows}


def _amount(text: str) -> int | str:
    """Whole yen where the cell is an amount and nothing else, else its words. Raises CellFaultError below zero."""
    try:
        value = yen(text)
    except ValueError:
        spelled = spelled_yen(text)
        return text if spelled is None else spelled
    if value < 0:
        raise CellFaultError("amount", "0円より小さい金額です。", "0円以上にしてください。")
    return value


def _period(row: Mapping[str, str]) -> Content:
    if "opens" not in row and "closes" not in row:
        return {}
    days: dict[str, date] = {}
    for column in ("opens", "closes"):
        if text := row.get(column):
            try:
                days[column] = parse_date(text)
                era_of(days[column])
            except ValueError as error:
                raise CellFaultError(column, f"「{text[:30]}」は日付として読めません。", f"{error}") from None
    if len(days) > 1 and days["opens"] > days["closes"]:
        raise CellFaultError("closes", "受付終了日が受付開始日より前です。", "どちらかを直してください。")
    labels = {"opens": "受付開始日", "closes": "受付終了日"}
    facts = [
        {"label": labels[column], "value": day.isoformat(), "unit": "", "text": long_date(day)}
        for column, day in days.items()
    ]
    return {"facts": facts}


def _addresses(row: Mapping[str, str]) -> Content:
    columns = [column for column in ("url", "apply_url", "page") if column in row]
    if not columns:
        return {}
    for column in columns:
        if not row[column]:
            continue
        first = _MORE_ADDRESSES.split(unicodedata.normalize("NFKC", row[column]))[0].strip()
        if _ADDRESS.fullmatch(first):
            return {"url": first}
        if column != "page":
            raise CellFaultError(
                column,
                f"「{row[column][:40]}」はアドレスではありません。",
                "http:// か https:// から書いてください。",
            )
    return {"url": ""}
