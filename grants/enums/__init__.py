"""Closed sets of applications. Sets of states have names here; nobody lists them inline.

Source: docs/glossary.md; the table that moves between the states is grants/lifecycle.py. What
publishers of calls choose from when they write a form belongs to programs and has its name here as well.
"""

from django.db.models import TextChoices

from programs import enums as written

QuestionKind = written.QuestionKind
SectionScope = written.SectionScope
CapReading = written.CapReading
OtherSubsidy = written.OtherSubsidy


class ApplicationStatus(TextChoices):
    """Where an application stands, as the metropolitan side and the record know it."""

    DRAFT = "draft", "作成中"
    DISCARDED = "discarded", "破棄"
    EXPIRED = "expired", "期限切れ"
    SUBMITTED = "submitted", "受付済"
    UNDER_REVIEW = "under_review", "審査中"
    RETURNED = "returned", "修正依頼中"
    DECIDING = "deciding", "決定待ち"
    RESERVE = "reserve", "補欠"
    ADOPTED = "adopted", "採択"
    REJECTED = "rejected", "不採択"
    WITHDRAWN = "withdrawn", "取下げ"
    DISCONTINUED = "discontinued", "廃止"
    COMPLETED = "completed", "完了"


S = ApplicationStatus

EDITABLE_STATES = frozenset({S.DRAFT, S.RETURNED, S.SUBMITTED})
"""States in which a working copy may change (submitted: before closing, for a replacement; returned: the opened parts)."""
PREPARING_STATES = frozenset({S.DRAFT, S.RETURNED})
"""States in which partners are invited and leave the circle again."""
NOT_COUNTED_STATES = frozenset({S.DISCARDED, S.WITHDRAWN})
"""States that do not count against the number of applications a municipality may lead in a call."""
LIVE_STATES = frozenset(S) - NOT_COUNTED_STATES
OPEN_STATES = frozenset({S.DRAFT, S.SUBMITTED, S.UNDER_REVIEW, S.RETURNED, S.DECIDING, S.RESERVE})
"""Somebody still has something to do before a result."""
NEVER_SUBMITTED_STATES = frozenset({S.DRAFT, S.DISCARDED, S.EXPIRED})
RECEIVED_STATES = frozenset(S) - NEVER_SUBMITTED_STATES
"""States only a submitted application reaches."""
PENDING_STATES = frozenset({S.SUBMITTED, S.UNDER_REVIEW, S.RETURNED, S.DECIDING, S.RESERVE})
"""Received, and the result is not final: may be withdrawn, and a partner may leave."""
WAIVING_STATES = frozenset({S.DRAFT, S.SUBMITTED, S.RETURNED, S.UNDER_REVIEW})
"""The office may do without a check; once a decision is drafted, it may only ask for it again."""
RESULT_STATES = frozenset({S.ADOPTED, S.REJECTED})
"""Results that are announced (a place on the reserve list is not: it would show the deliberation)."""
FUNDED_STATES = frozenset({S.ADOPTED, S.COMPLETED, S.DISCONTINUED})
"""States that stand on a decision with an amount."""
HOLDING_STATES = frozenset({S.ADOPTED, S.COMPLETED})
"""Cases that hold a part of what their call has to give; a discontinued one gives it back."""
BACKED_STATES = frozenset(
    {S.DRAFT, S.SUBMITTED, S.UNDER_REVIEW, S.RETURNED, S.DECIDING, S.RESERVE, S.ADOPTED}
)
"""A town's budget for its part may still come about, or come to nothing."""
DECIDED_STATES = FUNDED_STATES | {S.REJECTED, S.RESERVE}
"""States a decider's act led to."""


DELIBERATION_ACTIONS = frozenset(
    {"assign", "declare_interest", "proxy_declare", "score", "proxy_score", "record_meeting", "recommend", "send_back", "adopt", "reject",
        "attach_letter",
     "reserve", "promote", "release", "correct", "add_note", "ask_opinion", "remind_opinion", "answer_opinion",
     "withdraw_opinion", "mark_redaction", "unmark_redaction"}
)  # fmt: skip
"""Acts that towns do not find in the history of their case; the announcement tells them the result."""


class TownStatus(TextChoices):
    """The five words towns see, so that nothing of the deliberation shows."""

    DRAFTING = "drafting", "作成中"
    RECEIVED = "received", "受付済"
    IN_REVIEW = "in_review", "審査中"
    RETURNED = "returned", "修正依頼"
    RESULT = "result", "結果"


TOWN_STATUS: dict[str, TownStatus] = {
    S.DRAFT: TownStatus.DRAFTING,
    S.DISCARDED: TownStatus.RESULT,
    S.EXPIRED: TownStatus.RESULT,
    S.SUBMITTED: TownStatus.RECEIVED,
    S.UNDER_REVIEW: TownStatus.IN_REVIEW,
    S.RETURNED: TownStatus.RETURNED,
    S.DECIDING: TownStatus.IN_REVIEW,
    S.RESERVE: TownStatus.IN_REVIEW,
    S.ADOPTED: TownStatus.RESULT,
    S.REJECTED: TownStatus.RESULT,
    S.WITHDRAWN: TownStatus.RESULT,
    S.DISCONTINUED: TownStatus.RESULT,
    S.COMPLETED: TownStatus.RESULT,
}
"""The word for each state once nothing is left to announce; see Application.town_status."""


class Party(TextChoices):
    """What an actor is to one application: the `roles` of the lifecycle table."""

    LEAD_EDITOR = "lead_editor", "代表市町村の担当"
    LEAD_APPROVER = "lead_approver", "代表市町村の承認者"
    PARTNER_EDITOR = "partner_editor", "構成団体の担当"
    PARTNER_APPROVER = "partner_approver", "構成団体の承認者"
    OFFICER = "officer", "都担当"
    REVIEWER = "reviewer", "審査員・外部委員"
    DECIDER = "decider", "決定権者（都）"
    ADVISER = "adviser", "割り当てられたアドバイザー"
    SYSTEM = "system", "システム"


LEAD_PARTIES = frozenset({Party.LEAD_EDITOR, Party.LEAD_APPROVER})
PARTNER_PARTIES = frozenset({Party.PARTNER_EDITOR, Party.PARTNER_APPROVER})


class MemberRole(TextChoices):
    """A body's part in an application."""

    LEAD = "lead", "代表市町村"
    PARTNER = "partner", "連携する市町村"
    DIVERSE_ACTOR = "diverse_actor", "多様な主体"


class MemberState(TextChoices):
    """Whether a body still belongs to the application."""

    ACTIVE = "active", "参加"
    DECLINED = "declined", "辞退"
    LEAVING = "leaving", "離脱の申出"
    REMOVED = "removed", "除外"


PRESENT_MEMBER_STATES = frozenset({MemberState.ACTIVE, MemberState.LEAVING})
"""Bodies that see the case and are part of what is submitted (a leaving one until it is taken out)."""


class ActorKind(TextChoices):
    """Kinds of 多様な主体."""

    COMPANY = "company", "企業"
    UNIVERSITY = "university", "大学・学校"
    NPO = "npo", "NPO・市民団体"
    CHAMBER = "chamber", "商工会・商工会議所"
    TOURISM = "tourism", "観光協会"
    WELFARE = "welfare", "社会福祉協議会"
    FINANCE = "finance", "金融機関"
    OTHER = "other", "その他"


class ConsentState(TextChoices):
    """What became of one consent (a member without any row has not answered)."""

    GIVEN = "given", "同意済"
    WITHDRAWN = "withdrawn", "同意の撤回"
    VOIDED = "voided", "内容の変更により失効"


class ConsentEvidence(TextChoices):
    """What a consent rests on."""

    IN_PORTAL = "in_portal", "ポータルでの同意"
    CONSENT_LETTER = "consent_letter", "同意書"
    AGREEMENT = "agreement", "協定書"
    REPLY_LETTER = "reply_letter", "回答文書"


PAPER_EVIDENCE = frozenset(ConsentEvidence) - {ConsentEvidence.IN_PORTAL}


class PrefillSource(TextChoices):
    """What the portal knows that a question asks for."""

    CORPORATE_NUMBER = "corporate_number", "団体の法人番号"
    POPULATION = "population", "団体の人口"
    UNIT = "unit", "申請を始めた部署"
    PHONE = "phone", "申請を始めた部署の電話"
    START_DATE = "start_date", "対象年度の初日"


class AnswerOrigin(TextChoices):
    """Where an answer comes from that nobody typed."""

    COPIED = "copied", "前の申請から"
    RECORD = "record", "団体の記録から"
    CALL = "call", "募集から"


class IndicatorAim(TextChoices):
    """Where an indicator of a project is to go."""

    UP = "up", "増やす"
    DOWN = "down", "減らす"
    KEEP = "keep", "保つ"


INDICATORS_SECTION = "indicators"
LINES_SECTION = "lines"
BUDGET_SECTION = "budget"
DOCUMENTS_SECTION = "documents"
MEMBERS_SECTION = "members"
FIXED_SECTIONS = {
    LINES_SECTION: "申請する取組",
    INDICATORS_SECTION: "成果指標",
    BUDGET_SECTION: "収支計画",
    DOCUMENTS_SECTION: "添付書類",
    MEMBERS_SECTION: "構成団体",
}
"""Sections with a page of their own besides those of the questions: which a form has, FormTemplate.has_section says."""
FORM_PART, COPY_PART, PREFILL_PART = "form", "copy", "prefill"
RECORD_PARTS = {FORM_PART: "様式", COPY_PART: "前の申請から写した内容", PREFILL_PART: "記録から入れた内容"}
"""What a record of a change can name besides sections."""


class IncomeKind(TextChoices):
    """Where the money comes from that is not the subsidy."""

    MEMBER_SHARE = "member_share", "構成市町村負担金"
    FEES = "fees", "参加費・チケット収入"
    SPONSORSHIP = "sponsorship", "協賛金・寄附金"
    OTHER_SUBSIDY = "other_subsidy", "他の補助金"


DEDUCTED_INCOMES = frozenset({IncomeKind.FEES, IncomeKind.SPONSORSHIP})
"""Always deducted from the cost; other subsidies by the funding terms, members' shares never."""


class BackingState(TextChoices):
    """How far a town's own budget for its part has come (予算措置状況)."""

    REQUESTED = "requested", "要求中"
    ASSESSED = "assessed", "内示"
    VOTED = "voted", "議決済"
    SUPPLEMENTARY = "supplement", "補正予定"
    NONE = "none", "未措置"


class PrecheckState(TextChoices):
    """How far the officer's look at the draft has come."""

    NOT_REQUESTED = "not_requested", "未依頼"
    REQUESTED = "requested", "確認中"
    ISSUES = "issues", "指摘あり"
    CONFIRMED = "confirmed", "確認済"


ANSWERED_PRECHECKS = frozenset({PrecheckState.ISSUES, PrecheckState.CONFIRMED})


class RoutingStatus(TextChoices):
    """Where one part stands that a unit inside the town was asked to fill (庁内照会)."""

    OUT = "out", "照会中"
    SENT_BACK = "sent_back", "差戻し中"
    ANSWERED = "answered", "回答済"
    DISCLAIMED = "disclaimed", "担当外の回答"
    TAKEN_OVER = "taken_over", "引取り（代理の記入）"
    COMPILED = "compiled", "とりまとめ済"
    RECALLED = "recalled", "取りやめ"


R = RoutingStatus
FILLING_ROUTINGS = frozenset({R.OUT, R.SENT_BACK})
"""The unit that was asked fills the part, and nobody else of the town."""
HELD_ROUTINGS = FILLING_ROUTINGS | {R.ANSWERED}
"""The liaison unit leaves the part alone until it has taken it over or compiled it."""
LIVE_ROUTINGS = frozenset(R) - {R.COMPILED, R.RECALLED}
"""A part is with one unit at a time."""
WAITING_ROUTINGS = frozenset({R.ANSWERED, R.DISCLAIMED, R.TAKEN_OVER})
"""Back with the liaison unit, which has to act."""
MONEY_ITEM = "incomes"
OTHER_ITEM = "other"
"""What a part of the budget and of the documents is called that the form gives no code: its money, other files."""


class DocumentPurpose(TextChoices):
    """Why a file is kept."""

    ATTACHMENT = "attachment", "添付書類"
    CONSENT = "consent", "同意の文書"
    CERTIFICATION = "certification", "庁内決裁の文書"
    LETTER = "letter", "決定通知"
    MINUTES = "minutes", "議事要旨"


class DocumentState(TextChoices):
    """Whether a stored file belongs to the case yet, or any more."""

    TEMPORARY = "temporary", "一時保存"
    ATTACHED = "attached", "添付済"
    REMOVED = "removed", "取外し"


class InquiryStatus(TextChoices):
    """Where a town's question about a call stands."""

    ASKED = "asked", "回答待ち"
    PUBLISHED = "published", "公開で回答"
    REPLIED = "replied", "個別に回答"
    WITHDRAWN = "withdrawn", "取下げ"


class ShorteningOutcome(TextChoices):
    """How a proposal for an earlier closing ended."""

    CONFIRMED = "confirmed", "確認（締切を変更）"
    REFUSED = "refused", "見送り"
    WITHDRAWN = "withdrawn", "取下げ"
    SUPERSEDED = "superseded", "締切の延長により終了"


class ScanState(TextChoices):
    """What a virus scanner said of a stored file. Only CLEAN is clean."""

    UNEXAMINED = "unexamined", "未検査"
    PENDING = "pending", "検査中"
    CLEAN = "clean", "問題なし"
    FOUND = "found", "検出"
    FAILED = "failed", "検査できず"


TO_SCAN_STATES = frozenset({ScanState.UNEXAMINED, ScanState.PENDING, ScanState.FAILED})
"""Where a scanner is at work, these files wait for it."""


class SnapshotKind(TextChoices):
    """Which act froze a version."""

    SUBMIT = "submit", "提出"
    REPLACE = "replace", "差替え"
    RESUBMIT = "resubmit", "再提出"


class ReturnEnd(TextChoices):
    """How a request for correction ended."""

    RESUBMITTED = "resubmitted", "再提出"
    TAKEN_BACK = "taken_back", "引取り"
    WITHDRAWN = "withdrawn", "取下げ"


class ReviewOutcome(TextChoices):
    """What an officer recommends."""

    ADOPT = "adopt", "採択"
    REJECT = "reject", "不採択"


class DecisionOutcome(TextChoices):
    """What was decided."""

    ADOPTED = "adopted", "採択"
    REJECTED = "rejected", "不採択"
    RESERVE = "reserve", "補欠"


class PetitionKind(TextChoices):
    """What a town asks of an adopted project; a decider grants it."""

    CHANGE_MEMBERS = "change_members", "構成の変更"
    DISCONTINUE = "discontinue", "廃止"
