"""An invented catalogue of any size, the same each time: for figures of search and pages.

Titles and texts are put together from words of the trade, frequent ones as often as in real catalogues (a few words in
a third of all programs, most in one of a thousand), about 290 characters a program as in the reference data. Search
columns are joined from folded pieces, as `programs.actions.indexing` would write them.
"""

import random
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate

from django.db import connection

from accounts.models import Organization
from core.text import _TO_KATAKANA, _VARIANTS, fold
from programs.enums import Audience, AudienceScope, Kind, Level, Offering, Publication, Theme
from programs.models import Call, Program
from programs.rules import area_rank

SEED = 20261121
COPIES = 10
_TOPICS = [
    "移住",
    "観光",
    "空き家",
    "創業",
    "子育て",
    "防災",
    "デジタル化",
    "農業",
    "商店街",
    "脱炭素",
    "交通",
    "福祉",
    "文化財",
    "スポーツ",
    "健康",
    "介護",
    "雇用",
    "林業",
    "水産業",
    "特産品",
    "関係人口",
    "テレワーク",
    "再生可能エネルギー",
    "公共施設",
    "図書館",
    "学校",
    "保育",
    "若者",
    "女性",
    "高齢者",
    "障害者",
    "外国人",
    "大学",
    "起業",
    "事業承継",
    "中小企業",
    "販路開拓",
    "海外展開",
    "知的財産",
    "キャッシュレス",
    "ＤＸ",
    "ＡＩ",
    "人材育成",
    "地域おこし協力隊",
    "二地域居住",
    "農泊",
    "自転車",
    "鉄道",
    "離島航路",
    "ヘリコプター",
    "港湾",
    "水道",
    "下水道",
    "ごみ減量",
    "生物多様性",
    "森林環境",
    "獣害",
    "空家",
    "民泊",
    "温泉",
    "祭り",
    "伝統工芸",
    "映画撮影",
    "音楽",
    "美術館",
    "国際交流",
    "多文化共生",
    "消費生活",
    "防犯",
    "交通安全",
    "消防団",
    "避難所",
    "木造住宅",
    "耐震改修",
    "断熱改修",
    "太陽光発電",
    "蓄電池",
    "電気自動車",
    "水素",
    "省エネ診断",
    "食品ロス",
    "子ども食堂",
    "ひとり親",
    "不登校",
    "部活動",
    "奨学金",
    "就農",
    "畜産",
    "花き",
    "果樹",
    "わさび",
    "くさや",
]
_ACTS = [
    "支援",
    "補助",
    "助成",
    "推進",
    "促進",
    "整備",
    "改修",
    "活用",
    "相談",
    "派遣",
    "研修",
    "普及",
    "創出",
    "開発",
    "導入",
    "強化",
    "育成",
    "連携",
    "調査",
    "実証",
    "保全",
    "交流",
    "体験",
    "発信",
    "診断",
    "貸付",
    "利子補給",
    "見学",
    "表彰",
    "登録",
    "認定",
    "モデル",
    "緊急対策",
    "広域連携",
]
_FORMS = [
    "事業",
    "補助金",
    "助成金",
    "制度",
    "交付金",
    "プロジェクト",
    "講座",
    "相談窓口",
    "資金",
    "プログラム",
    "奨励金",
    "支援金",
]
_PLACES = [
    "八王子", "立川", "武蔵野", "三鷹", "青梅", "府中", "昭島", "調布", "町田", "小金井",
    "小平", "日野", "東村山", "国分寺", "国立", "福生", "狛江", "東大和", "清瀬", "東久留米",
    "武蔵村山", "多摩", "稲城", "羽村", "あきる野", "西東京", "瑞穂", "日の出", "檜原", "奥多摩",
    "大島", "利島", "新島", "神津島", "三宅", "御蔵島", "八丈", "青ヶ島", "小笠原",
]  # fmt: skip
_SAYINGS = (
    "{topic}に取り組む{place}の{who}を、専門家の{act}と経費の一部で後押しします。",
    "地域の{topic}を{act}するため、{who}が行う新しい取組にかかる費用の一部を負担します。",
    "{place}地域で{topic}の{act}を進める{who}に、計画づくりから実行まで寄り添います。",
    "{topic}と{other}を組み合わせた{act}の取組を対象に、先進的な事例を広げます。",
)
_AUDIENCES = (
    "{place}で{topic}に関わる{who}が対象です。市町村を通じて申し込みます。",
    "都内に事業所を持つ{who}のうち、{topic}の{act}を自ら行うものが使えます。",
    "{who}。ただし国や都のほかの補助を同じ経費に受けている場合は対象になりません。",
)
_BENEFITS = (
    "対象経費の2分の1以内、上限{amount}万円を補助します。{topic}の{act}に使う設備、委託、広報の経費が対象です。",
    "{act}の専門家を年{count}回まで派遣します。費用はかかりません。{topic}の計画書のひな形も受け取れます。",
    "上限{amount}万円。{other}を合わせて行うときは補助率が3分の2になります。実績報告の後に支払われます。",
)
_REACHES = (
    "{place}の担当課へ電話で相談したうえで、申請書を締切までに提出してください。様式は公式ページにあります。",
    "募集要項を読み、{topic}の実施計画を添えて申し込みます。審査の結果は郵便で知らされます。",
)
_WHO = [
    "市町村",
    "事業者",
    "団体",
    "ＮＰＯ法人",
    "商工会",
    "農業者",
    "個人",
    "大学",
    "自治会",
    "観光協会",
    "漁業協同組合",
    "社会福祉法人",
]
_SYNONYMS = {
    fold(a): fold(b) for a, b in (("空き家", "空家"), ("空家", "空き家"), ("起業", "創業"), ("創業", "起業"))
}


_RUNNING = list(accumulate(1 / (rank + 2) for rank in range(200)))


def quick_fold(text: str) -> str:
    """`core.text.fold` for texts without invisible characters and superfluous spaces, several times as fast."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_TO_KATAKANA).translate(_VARIANTS)


class Words:
    """Draws words, frequent ones more often."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one(self, words: list[str]) -> str:
        """A word, by its rank."""
        return self.random.choices(words, cum_weights=_RUNNING[: len(words)])[0]

    def filled(self, patterns: tuple[str, ...], **given: str) -> str:
        """A sentence."""
        drawn = self.random
        words = {"act": self.one(_ACTS), "who": self.one(_WHO), "other": self.one(_TOPICS)} | given
        figures = {"amount": str(drawn.randrange(1, 60) * 50), "count": str(drawn.randrange(1, 13))}
        return drawn.choice(patterns).format(**words, **figures)


def programs(count: int, owners: list[Organization], at: datetime) -> Iterator[Program]:
    """So many programs, all on view."""
    words = Words(SEED)
    draw = words.random
    scopes = ["", "", *(scope.value for scope in AudienceScope)]
    for number in range(count):
        topic, place, act = words.one(_TOPICS), draw.choice(_PLACES), words.one(_ACTS)
        owner = draw.choice(owners)
        level = Level.METROPOLITAN if owner.code == "130001" else Level.MUNICIPAL
        title = f"{place}{topic}{act}{words.one(_FORMS)}（第{number % 997 + 1}期）"
        given = {"topic": topic, "place": place}
        row = Program(
            slug=f"bench-{number}", title=title, title_kana=f"ベンチ{draw.randrange(10**6):06}{number}",
            plain_title=f"{topic}の{act}", summary=words.filled(_SAYINGS, **given),
            audience_text=words.filled(_AUDIENCES, **given), benefit_text=words.filled(_BENEFITS, **given),
            reach_text=words.filled(_REACHES, **given), level=level, kind=draw.choice(Kind.values), owner=owner,
            audience_scope=draw.choice(scopes), offering=draw.choices(Offering.values, [90, 3, 7])[0],
            publication=Publication.PUBLISHED, published_at=at - timedelta(days=draw.randrange(1, 900)),
            largest_amount=draw.choice([None, None, 500_000, 3_000_000, 10_000_000, 50_000_000]), department="企画課",
        )  # fmt: skip
        row.area_rank = area_rank(row.level, row.audience_scope)
        written(row)
        assert number % 5000 or row.search_title.startswith(fold(row.title)), row.title
        assert number % 5000 or fold(row.summary) in row.search_text, row.summary
        yield row


def written(row: Program) -> None:
    """Its search columns: the parts folded, and those that have another wording in it."""
    named = [quick_fold(row.title), quick_fold(row.plain_title), quick_fold(row.title_kana)]
    texts = (row.summary, row.audience_text, row.benefit_text, row.reach_text, row.owner.name, row.department)
    body = [quick_fold(text) for text in texts]
    others = [part.replace(a, b) for part in named + body for a, b in _SYNONYMS.items() if a in part]
    row.search_title = "\n".join([*named, *(part for part in others if len(part) < 60)])
    row.search_text, row.search_synonyms = "\n".join(named + body), "\n".join(others)


def fill(count: int, at: datetime) -> None:
    """Write them with tags, years and calls (of one in twenty); the index is left to who measures it.

    A tenth is written through Django; each text then stands ten times, its title with a number of its own, and the
    database writes what hangs on the programs.
    """
    owners = list(Organization.objects.filter(code="130001")) * 40
    owners += [body for body in Organization.objects.all() if body.is_municipality]
    Program.objects.bulk_create(programs(count // COPIES, owners, at), batch_size=1000)
    with connection.cursor() as cursor:
        for number in range(1, COPIES):
            cursor.execute(_copied(number))
        for facet, codes in (("audience", Audience.values), ("theme", Theme.values)):
            for step in (1, 7):
                cursor.execute(_tagged(facet, codes, step))
        cursor.execute(
            "INSERT INTO programs_programyear (program_id, fiscal_year, change, note, loaded_digest) "
            "SELECT id, 2023 + id % 5, '', '', '' FROM programs_program WHERE slug LIKE 'bench-%'"
        )
    draw, keys = random.Random(SEED + 1), Program.objects.filter(slug__startswith="bench-").order_by("pk")
    Call.objects.bulk_create(
        [_call(key, at, draw) for key in keys.values_list("pk", flat=True) if draw.random() < 0.05],
        batch_size=1000,
    )


def empty() -> None:
    """Without the bench's programs again."""
    with connection.cursor() as cursor:
        for table in ("call", "programtag", "programyear", "programindex"):
            cursor.execute(f"DELETE FROM programs_{table}")
        cursor.execute("DELETE FROM programs_program WHERE slug LIKE 'bench-%'")


def _copied(number: int) -> str:
    """Every program written through Django once more, under another number."""
    columns = [field.column for field in Program._meta.local_concrete_fields if not field.primary_key]
    said = {
        "slug": f"slug || '-{number}'",
        **{
            name: f"replace({name}, '(第', '({number}次・第')"
            for name in ("search_title", "search_text", "search_synonyms")
        },
        "title": f"replace(title, '（第', '（{number}次・第')",
        "title_kana": f"title_kana || '{number}'",
    }
    values = ", ".join(said.get(name, name) for name in columns)
    original = "slug LIKE 'bench-%' AND slug NOT LIKE 'bench-%-%'"
    return f"INSERT INTO programs_program ({', '.join(columns)}) SELECT {values} FROM programs_program WHERE {original}"


def _tagged(facet: str, codes: list[str], step: int) -> str:
    """A code for every program by its number; another step gives another one."""
    place = f"(id * {step} + id / 13 + {step}) % {len(codes)}"
    code = f"CASE {place} " + " ".join(f"WHEN {at} THEN '{word}'" for at, word in enumerate(codes)) + " END"
    return (
        f"INSERT INTO programs_programtag (program_id, facet, code) SELECT id, '{facet}', {code} "
        "FROM programs_program WHERE slug LIKE 'bench-%' ON CONFLICT DO NOTHING"
    )


def _call(program: int, at: datetime, draw: random.Random) -> Call:
    opens = at + timedelta(days=draw.randrange(-60, 30))
    return Call(
        program_id=program, fiscal_year=2027, round_name="第1次募集", opens_at=opens,
        closes_at=opens + timedelta(days=draw.randrange(10, 60)), publication=Publication.PUBLISHED,
        published_at=opens - timedelta(days=30), applicants="市町村",
    )  # fmt: skip


def queries(seed: int = SEED) -> list[tuple[str, str]]:
    """200 searches and their kind: 100 of two characters (common, rare), 50 longer ones, 50 of several words."""
    draw = random.Random(seed)
    pairs = sorted({word[:2] for word in [*_TOPICS, *_ACTS, *_FORMS, *_PLACES, *_WHO] if len(word) >= 2})
    inner = sorted({word[at : at + 2] for word in [*_TOPICS, *_PLACES] for at in range(1, len(word) - 1)})
    common = ["支援", "事業", "補助", "対象", "経費", "市町", "町村", "ます", "計画", "専門"]
    longer = sorted(
        {
            word
            for word in [*_TOPICS, *_PLACES, "市町村", "補助金", "公式ページ", "第97期", "上限250万円"]
            if len(word) > 2
        }
    )
    two = [*common, *draw.sample(pairs, 60), *draw.sample(inner, 30)]
    several = [f"{draw.choice(_PLACES)} {draw.choice(_TOPICS)}" for _ in range(30)]
    several += [f"{draw.choice(_TOPICS[:12])} {draw.choice(_ACTS[:8])}" for _ in range(20)]
    found = [
        *((word, "two") for word in two), *((draw.choice(longer), "longer") for _ in range(50)),
        *((words, "and") for words in several),
    ]  # fmt: skip
    draw.shuffle(found)
    return found
