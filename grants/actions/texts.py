"""What is wrong with a text that people write to each other: the same bounds and words everywhere."""

from core.exceptions import Fault
from core.text import unstorable

MAX_TEXT = 2_000


def text_faults(field: str, text: str, *, of: str = "", most: int = MAX_TEXT) -> list[Fault]:
    """Too long, or with what no database can keep; `of` names the text 「…に」, `most` counts characters."""
    if len(text) <= most and not unstorable(text):
        return []
    words = f"{of}に使えない文字" if of else "使えない文字"
    return [Fault(field, f"{words}があるか、{most:,}字を超えています。", "直してください。")]
