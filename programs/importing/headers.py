"""The columns of the lists, known by name: the municipalities' support-program data set and 施策 tables.

A header is compared without width, case, spaces, brackets and punctuation; each column lists the names it goes by.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.text import fold

_PUNCTUATION: Final = re.compile(r"[\s・･,、，．.／/（）()【】\[\]「」『』<>＜＞:：;；\-ー_＿*＊※\"'’”]+")


@dataclass(frozen=True)
class Column:
    """What a column means, and the names it goes by; the first is shown to people."""

    name: str
    names: tuple[str, ...]

    @property
    def label(self) -> str:
        """The name people know it by."""
        return self.names[0]


COLUMNS: Final = (
    Column("code", ("全国地方公共団体コード", "都道府県コード又は市区町村コード", "地方公共団体コード", "市区町村コード", "団体コード")),
    Column("body", ("地方公共団体の名称", "地方公共団体名", "制度所管組織", "団体名", "自治体名", "市区町村名")),
    Column("id", ("制度番号", "ID", "制度ID", "管理番号", "支援制度ID", "識別番号")),
    Column("title", ("タイトル（制度名）", "タイトル", "制度名", "制度名称", "支援制度名", "支援制度の名称", "施策", "施策名", "事業名", "名称")),
    Column("kana", ("タイトル（制度名）カナ", "制度名カナ", "名称カナ", "名称_カナ", "フリガナ", "ふりがな", "読み")),
    Column("plain_title", ("サブタイトル（通称名）", "サブタイトル（通称）", "サブタイトル", "通称", "通称名")),
    Column("kind", ("支援制度種別", "制度種別", "種別", "支援の種類", "サービス種別")),
    Column("audience", ("対象者", "対象", "支援対象者", "対象となる方")),
    Column("expenses", ("用途・対象費", "用途・対象物", "対象費", "対象経費", "補助対象経費")),
    Column("summary", ("制度概要", "概要", "施策概要", "事業概要", "制度の概要")),
    Column("benefit", ("内容", "支援内容", "制度内容", "支援の内容")),
    Column("amount", ("給付金額", "給付上限額", "補助金額", "補助上限額", "支給額", "金額")),
    Column("rate", ("補助率", "最大補助率（分数）", "助成率")),
    Column("opens", ("受付開始日", "公募開始日", "申請受付開始日", "募集開始日")),
    Column("closes", ("受付終了日", "公募終了日", "申請受付終了日", "募集終了日", "申請期限")),
    Column("reach", ("利用・申請方法", "申請届出方法", "申請方法", "利用方法", "申込方法")),
    Column("url", ("URL", "詳細URL", "公式ページ", "ホームページ", "リンク")),
    Column("apply_url", ("申請方法URL", "申請URL", "オンライン申請URL", "電子申請URL")),
    Column("page", ("詳細参照先",)),
    Column("office", ("担当部署", "連絡先名称", "担当課", "所管課", "所管部署", "担当")),
    Column("asking", ("問い合わせ先", "問合せ先", "お問い合わせ先", "お問合わせ先")),
    Column("phone", ("連絡先電話番号", "連絡先", "電話番号", "電話", "TEL", "連絡先情報")),
    Column("keywords", ("キーワード",)),
    Column("remarks", ("備考", "注記", "その他")),
)  # fmt: skip


def plain(header: str) -> str:
    """A header as it is compared: folded, without spaces and punctuation."""
    return _PUNCTUATION.sub("", fold(header))


_BY_NAME: Final = {plain(name): column for column in COLUMNS for name in column.names}


def column_of(header: str) -> Column | None:
    """The column a header names, or None."""
    return _BY_NAME.get(plain(header))


def known(cells: Sequence[str]) -> list[Column | None]:
    """The column of each cell of a line of headers."""
    return [column_of(cell) for cell in cells]


def is_header(cells: Sequence[str]) -> bool:
    """Whether a line names the columns: a title, and at least one more of them."""
    names = {column.name for column in known(cells) if column}
    return "title" in names and len(names) > 1
