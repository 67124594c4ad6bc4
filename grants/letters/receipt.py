"""受付票: what was received and when, with every file's name, size and fingerprint, as a tagged PDF."""

from datetime import datetime
from typing import Any

from core import clock
from core.money import format_yen
from core.wareki import long_date
from grants.letters import words
from grants.letters.facts import plain
from grants.letters.pdf import typeset
from grants.models import Snapshot
from grants.queries.project_indicators import indicator_words


def receipt_data(snapshot: Snapshot) -> dict[str, Any]:
    """What the paper says, read from the frozen version alone; `snapshot` joined with its application's call."""
    application = snapshot.application
    call = application.call
    title = plain(str(snapshot.content.get("title") or application))
    facts = [
        ("受付番号", snapshot.receipt_number),
        (
            "受付日時",
            f"{long_date(clock.today(snapshot.taken_at))}{clock.local(snapshot.taken_at):%H:%M:%S}（日本時間）",
        ),
        ("受付の種類", str(snapshot.get_kind_display())),
        ("募集", plain(f"{call.program.title}　{call.name}")),
        ("事業名", title),
        ("代表市町村", plain(application.lead.name)),
        ("申請額（初年度）", format_yen(snapshot.requested_amount)),
        ("申請額（全期間）", format_yen(snapshot.requested_total)),
    ]
    return {
        "title": f"受付票　{snapshot.receipt_number}",
        "sender": plain(call.program.owner.name),
        "mark": words.FICTIONAL if call.is_fictional else "",
        "opening": "次の申請を受け付けました。",
        "facts_heading": "受付",
        "facts_columns": ("項目", "内容"),
        "facts": facts,
        "files_heading": f"受け付けたファイル（{len(snapshot.files)}件）",
        "files_columns": ("ファイル", "大きさ（バイト）", "指紋（SHA-256）"),
        "content_heading": "内容の指紋（SHA-256）",
        "files": [(plain(str(file["name"])), f"{file['size']:,}") for file in snapshot.files],
        "indicators_heading": "成果指標",
        "indicators_columns": ("指標", "内容"),
        "indicators": _indicators(snapshot),
        "exact": [snapshot.sha256, *(str(file["sha256"]) for file in snapshot.files)],
        "no_files": "ファイルはありません。",
        "closing": (
            "手元のファイルのSHA-256が同じなら、同じ中身が届いています。",
            f"この受付は、ポータルの受付の確認のページ（/receipts/{snapshot.receipt_number}/）でいつでも確かめられます。",
        ),
    }


def _indicators(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Each indicator of the version with what it says of itself, line by line; empty where the form asks for none."""
    return [
        (plain(row["name"]), "\n".join(f"{term}：{plain(text)}" for term, text in indicator_words(row)))
        for row in snapshot.content.get("indicators", [])
    ]


def render_receipt(snapshot: Snapshot, *, at: datetime) -> bytes:
    """The bytes of the PDF; `at` is its date of making."""
    return typeset("receipt", receipt_data(snapshot), at=at)
