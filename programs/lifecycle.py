"""The way of a program or a call to the public, as a table."""

from core.lifecycle import Lifecycle, Transition, declare
from programs.enums import (
    OPEN_REVISIONS,
    PUBLISHABLE_PUBLICATIONS,
    VISIBLE_PUBLICATIONS,
    Publication,
    RevisionState,
)

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
                "send_back",
                "差戻し・引戻し",
                frozenset({Publication.IN_REVIEW}),
                Publication.DRAFT,
                PUBLISHER,
                "差し戻すときは理由がある",
                "確認中の版が下書きに戻る",
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
                "revise",
                "改訂を公開",
                frozenset(VISIBLE_PUBLICATIONS),
                None,
                PUBLISHER,
                "確認中の改訂版がある。最後に下書きした人ではない（少人数の部署は理由を記録）",
                "公開中の内容が改訂版に替わる",
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

REVISION = declare(
    Lifecycle(
        "制度の改訂版",
        RevisionState,
        (
            Transition(
                "begin",
                "下書きを始める",
                frozenset(),
                RevisionState.DRAFT,
                PUBLISHER,
                "書きかけの版がほかにない",
                "公開中の内容は変わらない",
            ),
            Transition(
                "save",
                "保存",
                frozenset({RevisionState.DRAFT}),
                None,
                PUBLISHER,
                "開いたときから、ほかの人が変えていない",
            ),
            Transition(
                "request_check",
                "確認を依頼",
                frozenset({RevisionState.DRAFT}),
                RevisionState.IN_REVIEW,
                PUBLISHER,
                "正式名称・概要・使える人・申込み方法がある",
                "同じ団体の制度編集者に知らせる",
            ),
            Transition(
                "send_back",
                "差戻し・引戻し",
                frozenset({RevisionState.IN_REVIEW}),
                RevisionState.DRAFT,
                PUBLISHER,
                "差し戻すときは理由がある",
                "下書きした人に知らせる",
            ),
            Transition(
                "publish",
                "公開",
                frozenset({RevisionState.IN_REVIEW}),
                RevisionState.PUBLISHED,
                PUBLISHER,
                "最後に下書きした人ではない（少人数の部署は理由を記録）",
                "この版の内容が公開される",
            ),
            Transition(
                "discard",
                "破棄",
                frozenset(OPEN_REVISIONS),
                RevisionState.DISCARDED,
                PUBLISHER,
                "",
                "公開中の内容は変わらない。破棄した版も記録に残る",
            ),
        ),
    )
)

PART_REVISION = declare(
    Lifecycle(
        "募集と規則の改訂版",
        RevisionState,
        (
            Transition("begin", "下書きを始める", frozenset(), RevisionState.DRAFT, PUBLISHER, "書きかけの版がほかにない", "公開中の内容は変わらない"),
            Transition("save", "保存", frozenset({RevisionState.DRAFT}), None, PUBLISHER, "開いたときから、ほかの人が変えていない"),
            Transition(
                "request_check", "確認を依頼", frozenset({RevisionState.DRAFT}), RevisionState.IN_REVIEW, PUBLISHER,
                "足りない所がない。規則は、すべての計算例のとおりの答えになる", "同じ団体の制度編集者に知らせる",
            ),
            Transition(
                "send_back", "差戻し・引戻し", frozenset({RevisionState.IN_REVIEW}), RevisionState.DRAFT, PUBLISHER,
                "差し戻すときは理由がある", "下書きした人に知らせる",
            ),
            Transition(
                "publish", "公開", frozenset({RevisionState.IN_REVIEW}), RevisionState.PUBLISHED, PUBLISHER,
                "最後に下書きした人ではない（少人数の部署は理由を記録）", "様式が変わった募集には様式の新しい版ができる。書きかけの申請は、移るまで始めた版のまま",
            ),
            Transition(
                "discard", "破棄", frozenset(OPEN_REVISIONS), RevisionState.DISCARDED, PUBLISHER, "",
                "公開中の内容は変わらない。破棄した版も記録に残る",
            ),
        ),
    )
)  # fmt: skip
