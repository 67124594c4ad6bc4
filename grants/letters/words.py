"""Sentences of the letters, by what was decided. Official names come from the data, never from here."""

from dataclasses import dataclass
from enum import StrEnum


class LetterKind(StrEnum):
    """What a letter says; RELEASED is the end of a place on the reserve list, SERVICE an adoption without money."""

    ADOPTED = "採択"
    REJECTED = "不採択"
    RESERVE = "補欠"
    RELEASED = "補欠の解除"
    SERVICE = "派遣・受入れ"


@dataclass(frozen=True)
class Wording:
    """One kind: the end of the subject and of the opening sentence, and the result in words."""

    subject: str
    opening: str
    result: str


WORDINGS = {
    LetterKind.ADOPTED: Wording(
        "採択の決定について（通知）", "審査の結果、採択することに決定したので、次のとおり通知します。", "採択"
    ),
    LetterKind.SERVICE: Wording(
        "{service}の決定について（通知）", "審査の結果、{service}を決定したので、次のとおり通知します。", "{service}"
    ),
    LetterKind.REJECTED: Wording(
        "審査の結果について（通知）", "審査の結果、採択しないことに決定したので、次のとおり通知します。", "不採択"
    ),
    LetterKind.RESERVE: Wording(
        "審査の結果について（通知）", "審査の結果、補欠とすることに決定したので、次のとおり通知します。", "補欠"
    ),
    LetterKind.RELEASED: Wording(
        "補欠の解除について（通知）",
        "補欠としていた取扱いを終え、採択しないことに決定したので、次のとおり通知します。",
        "補欠の解除（不採択）",
    ),
}  # fmt: skip

SENDER_OF_THE_METROPOLIS = "東京都知事"
RECORD = "以上"
FICTIONAL = "【架空】この文書は、操作を試すために作ったものです。実在の申請や決定とは関係がありません。"

ADOPTED_CONDITIONS = (
    "この採択は、次年度以降の補助を約束するものではありません。",
    "補助金は、年度ごとに交付を申請し、交付の決定を受けてください。",
    "補助予定額は、予算の範囲内で見込んだ額です。交付の決定や実績により、額が変わることがあります。",
    "交付の決定より前に支出した経費は、補助の対象になりません。",
    "構成団体や計画の内容を変えるとき、又は事業をやめるときは、あらかじめ申し出てください。",
)
SERVICE_CONDITIONS = (
    "この決定は、次年度以降の支援を約束するものではありません。",
    "日程は、担当と相談して決めます。天候などにより、変更や中止をすることがあります。",
    "申請の内容を変えるとき、又は辞退するときは、あらかじめ申し出てください。",
)
SERVICE = "支援"
"""The word for what is decided where the form's data names none (派遣, 受入れ)."""
RESERVE_CONDITIONS = (
    "補欠は、採択を約束するものではありません。予算に余りが生じたときに、改めて採択を検討します。",
    "採択することになったとき、又は補欠の取扱いを終えるときは、別に通知します。",
)
LATER_YEARS = "計画上の見込み（決定の対象外）"
FIRST_YEAR = "今回の決定"
INSTRUCTION = (
    "この通知の内容と理由についてのお問合せは、下の担当で受け付けます。この決定について利用できる手続の有無や"
    "期間は、担当が案内します。"
)
NO_REASON_GIVEN = {
    LetterKind.REJECTED: "審査の結果、ほかの申請との比較において採択に至らなかったため。",
    LetterKind.RELEASED: "採択できる予算の余りが生じなかったため。",
}
