"""The way of a program or a call to the public, as a table."""

from core.lifecycle import Lifecycle, Transition, declare
from programs.enums import PUBLISHABLE_PUBLICATIONS, VISIBLE_PUBLICATIONS, Publication

PUBLISHER = frozenset({"publisher"})

PUBLICATION = declare(
    Lifecycle(
        "制度と募集の公開",
        Publication,
        (
            Transition(
                "prepare",
                "下書きを作る",
                frozenset(),
                Publication.DRAFT,
                PUBLISHER,
                "所管する団体の制度編集者",
            ),
            Transition(
                "request_review",
                "確認を依頼",
                frozenset({Publication.DRAFT}),
                Publication.IN_REVIEW,
                PUBLISHER,
                "正式名称・概要・使える人・申込み方法がある",
            ),
            Transition(
                "publish",
                "公開",
                frozenset(PUBLISHABLE_PUBLICATIONS),
                Publication.PUBLISHED,
                PUBLISHER,
                "正式名称・概要・使える人・申込み方法がある。募集は制度が公開されている",
                "画面・API・検索に出る",
            ),
            Transition(
                "withdraw",
                "取下げ",
                frozenset(VISIBLE_PUBLICATIONS),
                Publication.WITHDRAWN,
                PUBLISHER,
                "理由がある",
                "画面・API・検索から消える",
            ),
        ),
    )
)
