"""Lists of programs taken in as drafts: read with tolerance, by row, twice the same, never over a person's words."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core.actor import ANONYMOUS
from core.events import verify_chain
from core.exceptions import DomainError, Refused
from programs.actions import revising
from programs.actions.importing import Outcome, import_programs, rehearse
from programs.enums import Publication, RevisionState
from programs.importing import Reading, UnreadableListError, read
from programs.models import Program, ProgramEvent, ProgramRevision, ProgramSource
from programs.queries.revisions import content_of
from tests.factories import programs as make
from tests.programs.colleagues import acting

pytestmark = pytest.mark.django_db

HEAD = "全国地方公共団体コード,地方公共団体の名称,ＩＤ,タイトル（制度名）,制度概要,対象者,給付金額,補助率,受付開始日,受付終了日,利用・申請方法,ＵＲＬ,問い合わせ先,連絡先電話番号,独自の列"
HOUSE = '132241,多摩市,A-1,空き家の改修補助,"空き家を直す費用を、\n一部補助します。",市内に空き家を持つ個人,"500,000",2/3,2026-04-01,令和8年12月28日,窓口で申請,https://city.example/akiya,都市計画課,042-000-0001,x'
SHOP = "13224,多摩市,A-2,店舗の開業支援,店を開く費用を助成します。,事業者,上限30万円,1/2以内,,,郵送,https://city.example/shop,経済観光課,０４２−０００−０００２,"
LIST = """【例】 まちの支援

施策\t施策概要\t担当部署\t連絡先\tURL\t備考
移住の相談窓口\t移住の相談を受けます。\t企画部 企画課\t042-000-0003\thttps://city.example/iju\t
交流の場づくり\t交流会を開きます。\t市民部 協働課\t042-000-0004\t\t試行
"""


def file(text: str, name: str = "list.csv", encoding: str = "utf-8-sig") -> Any:
    stream = io.BytesIO(text.encode(encoding))
    stream.name = name
    return stream


def reading(text: str, **kind: str) -> Reading:
    return read(file(text, **kind), code="132241", body="多摩市")


def take(text: str, **options: Any) -> Outcome:
    town = make.municipality("132241", "多摩市")
    by = options.pop("by", None) or acting(town)
    return import_programs(reading=reading(text), owner=town, by=by, **options)


def csv_of(*rows: str) -> str:
    return "\r\n".join([HEAD, *rows, ""])


# --- Reading -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932"])
def test_headers_are_known_by_name_whatever_their_width_and_order(encoding: str) -> None:
    found = reading(csv_of(HOUSE, SHOP), encoding=encoding)
    house, shop = found.rows
    assert found.faults == []
    assert (house.key, house.line, house.title) == ("id:A-1", 2, "空き家の改修補助")
    assert house.told["summary"] == "空き家を直す費用を、\n一部補助します。"
    assert house.told["money"] == [
        {"label": "給付金額", "text": "500,000", "value": 500_000, "unit": "円"},
        {"label": "補助率", "text": "2/3", "value": "2/3", "unit": "率"},
    ]
    assert [row["value"] for row in house.told["facts"]] == ["2026-04-01", "2026-12-28"]
    assert house.guessed == {"kind": "grant", "audiences": ["resident"]}
    assert (shop.line, shop.told["phone"], shop.told["department"]) == (4, "042-000-0002", "経済観光課")
    assert shop.told["money"][0]["value"] == "上限30万円"  # in words: no number is made of it
    assert found.unused == {"独自の列": 1}


def test_the_tab_separated_list_begins_at_its_header() -> None:
    found = reading(LIST, name="list.txt")
    assert [(row.line, row.key) for row in found.rows] == [
        (4, "name:移住ノ相談窓口"),
        (5, "name:交流ノ場ヅクリ"),
    ]
    assert found.rows[0].guessed == {"kind": "consultation"}
    assert found.rows[1].told["remarks"] == "試行"


@pytest.mark.parametrize(
    ("title", "kind", "says"),
    [
        ("相談窓口の整備補助", "grant", "名前にある「補助」から「補助金・交付金」"),
        ("補助金の相談", "consultation", "名前にある「相談」"),
        ("アドバイザー派遣費助成", "grant", "名前にある「助成」"),
        ("まちの取組", "grant", "分からないため、ひとまず「補助金・交付金」"),
    ],
)
def test_a_kind_the_list_does_not_name_is_read_from_the_end_of_the_title_and_said(
    title: str, kind: str, says: str
) -> None:
    (row,) = reading(csv_of(f",,B,{title},,,,,,,,,,,")).rows
    assert row.guessed["kind"] == kind
    assert says in row.notes[0]


@pytest.mark.parametrize(
    ("amount", "rate", "money"),
    [
        ("５０万円", "66.7%", [(500_000, "円"), ("66.7%", "率")]),
        ("1.5億円", "０.５", [(150_000_000, "円"), ("0.5", "率")]),
        ("上限1万円", "定額", [("上限1万円", ""), ("定額", "")]),
        ("1万5千円", "2/3以内", [("1万5千円", ""), ("2/3以内", "")]),
    ],
)
def test_amounts_and_rates_are_read_exactly_or_stay_words(
    amount: str, rate: str, money: list[tuple[Any, str]]
) -> None:
    (row,) = reading(csv_of(f",,B,名前,,,{amount},{rate},,,,,,,")).rows
    assert [(each["value"], each["unit"]) for each in row.told["money"]] == money
    assert [each["text"] for each in row.told["money"]] == [amount, rate]


def test_an_address_nobody_outside_can_open_is_refused_in_its_row(db: None) -> None:
    outcome = take(
        csv_of(",,B,ひとつ,,,,,,,,http://bunsho-sv/x,,,", ",,C,ふたつ,,,,,,,,https://example.jp/,,,")
    )
    assert [row[1] for row in outcome.created] == ["ふたつ"]
    assert "庁内" in outcome.refused[0].fault


def test_a_kind_in_the_lists_own_words_is_said_unless_it_is_one_of_ours() -> None:
    found = reading("制度名,種別\nひとつ,融資・補助\nふたつ,補助金・交付金\n")
    assert [row.told["kind"] for row in found.rows] == ["grant", "grant"]
    assert "一覧の「融資・補助」から「補助金・交付金」と読みました" in found.rows[0].notes[0]
    assert found.rows[1].notes == ()


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("131016,千代田区,B,制度,,,,,,,,,,,", "全国地方公共団体コード", "別の団体"),
        (",調布市,B,制度,,,,,,,,,,,", "地方公共団体の名称", "別の団体"),
        (",,B,,概要だけ,,,,,,,,,,", "タイトル（制度名）", "名前が空"),
        (",,B,制度,,,-5,,,,,,,,", "給付金額", "0円より小さい"),
        (",,B,制度,,,,,4月ごろ,,,,,,", "受付開始日", "日付として読めません"),
        (",,B,制度,,,,,0001-01-01,,,,,,", "受付開始日", "日付として読めません"),
        (",,B,制度,,,,,2026-05-01,2026-04-01,,,,,", "受付終了日", "前です"),
        (",,B,制度,,,,,,,,javascript:alert(1),,,", "ＵＲＬ", "アドレスではありません"),
        (",,B,制度,,,,,,,,,,,,あふれ", "", "列が16個"),
        (",,B," + "長" * 201 + ",,,,,,,,,,,", "タイトル（制度名）", "長すぎます"),
        (",,A-1,別の制度,,,,,,,,,,,", "ＩＤ", "2行目と制度番号が同じ"),
    ],
)
def test_a_wrong_row_is_named_and_the_others_are_read(row: str, column: str, says: str) -> None:
    found = reading(csv_of(HOUSE.replace("\n", ""), row))
    assert [each.title for each in found.rows] == ["空き家の改修補助"]
    (fault,) = found.faults
    assert (fault.line, fault.column) == (3, column)
    assert says in fault.fault
    assert fault.cure


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "a.csv", "空"),
        (b"PK\x03\x04 not a list", "a.csv", ""),
        ("﻿タイトル,概要\x00\n制度,x".encode(), "a.csv", "文字ではないデータ"),
        ("タイトル,概要\n制度,x".encode("utf-16"), "a.csv", "UTF-16"),
        ("<html><body>タイトル".encode(), "a.csv", "HTML"),
        ("議事録\n本文".encode(), "a.txt", "列の名前の行が見つかりません"),
        ("タイトル,制度名,概要\na,b,c".encode(), "a.csv", "同じ項目の列"),
        ('タイトル,概要\n制度,"閉じない\n'.encode(), "a.csv", "引用符"),
        (("タイトル,概要" + ",x" * 300 + "\n").encode(), "a.csv", "列が多すぎます"),
        (("タイトル,概要\n" + "制度,x\n" * 2001).encode(), "a.csv", "行が多すぎます"),
        (b"x" * (5 * 1024 * 1024 + 1), "a.csv", "大きすぎます"),
        ("タイトル,概要\n制度,x".encode(), "a.xls", "受け付けられません"),
    ],
)
def test_what_is_no_list_is_refused_whole(content: bytes, name: str, says: str) -> None:
    stream = io.BytesIO(content)
    stream.name = name
    with pytest.raises(UnreadableListError) as caught:
        read(stream, code="132241", body="多摩市")
    assert says in str(caught.value)
    assert caught.value.faults[0].cure or says == "文字ではないデータ" or caught.value.faults[0].message


# --- Taking in -----------------------------------------------------------------------------------------------


def test_new_programs_come_as_drafts_and_twice_is_once() -> None:
    outcome = take(csv_of(HOUSE, SHOP))
    assert [slug for _, _, slug, _ in outcome.created] == ["132241-a-1", "132241-a-2"]
    house = Program.objects.get(slug="132241-a-1")
    assert (house.publication, house.owner.code, house.level) == (Publication.DRAFT, "132241", "municipal")
    assert (house.audience_scope, house.largest_amount) == ("single", 500_000)
    assert house.tag_codes("audience") == ["resident"]
    revision = ProgramRevision.objects.get(program=house)
    assert (revision.state, revision.content) == (RevisionState.DRAFT, content_of(house))
    counts = [model.objects.count() for model in (Program, ProgramRevision, ProgramSource, ProgramEvent)]
    again = take(csv_of(HOUSE, SHOP))
    assert (again.created, again.changes, again.differences, again.unchanged) == ([], [], [], 2)
    assert counts == [
        model.objects.count() for model in (Program, ProgramRevision, ProgramSource, ProgramEvent)
    ]
    assert verify_chain(ProgramEvent.objects.all()) == []


def test_rehearsing_writes_nothing() -> None:
    town = make.municipality("132241", "多摩市")
    outcome = rehearse(reading=reading(csv_of(HOUSE)), owner=town, by=acting(town))
    assert len(outcome.created) == 1
    assert not Program.objects.exists()
    assert not ProgramSource.objects.exists()


def test_an_untouched_item_moves_and_a_persons_words_wait_until_accepted() -> None:
    take(csv_of(HOUSE))
    house = Program.objects.get()
    by = acting(house.owner)
    mine = content_of(house) | {"summary": "職員が直した概要。"}
    revising.save(program=house, content=mine, by=by)
    moved = csv_of(
        HOUSE.replace("一部補助します", "半分まで補助します").replace("窓口で申請", "オンラインで申請")
    )
    outcome = take(moved)
    assert [(row.key, row.after) for row in outcome.changes] == [
        ("132241-a-1:reach_text", "オンラインで申請")
    ]
    (waiting,) = outcome.differences
    assert (waiting.key, waiting.before) == ("132241-a-1:summary", "職員が直した概要。")
    house.refresh_from_db()
    assert (house.summary, house.reach_text) == ("職員が直した概要。", "オンラインで申請")
    assert [row.key for row in take(moved).differences] == ["132241-a-1:summary"]  # asked again, never done
    taken = take(moved, accept=["132241-a-1:summary"])
    assert [row.key for row in taken.changes] == ["132241-a-1:summary"]
    house.refresh_from_db()
    assert "半分まで" in house.summary
    assert take(moved).unchanged == 1
    with pytest.raises(DomainError):
        take(moved, accept=["132241-a-1:summary"])


def test_what_is_on_view_never_changes_by_a_list() -> None:
    town = make.municipality("132241", "多摩市")
    shop = make.published(
        slug="shop", title="店舗の開業支援", owner=town, level="municipal", summary="公開中の概要"
    )
    outcome = take(csv_of(SHOP))
    assert {row.key for row in outcome.differences} >= {"shop:summary", "shop:reach_text"}
    assert not ProgramRevision.objects.exists()
    take(csv_of(SHOP), accept=["shop:summary"])
    shop.refresh_from_db()
    assert shop.summary == "公開中の概要"
    draft = ProgramRevision.objects.unfinished().get()
    assert draft.content["summary"] == "店を開く費用を助成します。"
    revising.request_check(program=shop, by=acting(town))
    refused = take(csv_of(SHOP), accept=["shop:reach_text"]).refused
    assert [fault.fault for fault in refused] == ["確認中の制度です。"]


def test_only_the_bodys_own_publisher_takes_in() -> None:
    town = make.municipality("132241", "多摩市")
    for actor in (
        ANONYMOUS,
        make.publisher(make.municipality("132080", "調布市")),
        make.publisher(make.metropolis()),
    ):
        with pytest.raises(Refused):
            import_programs(reading=reading(csv_of(HOUSE)), owner=town, by=actor)
    assert not Program.objects.exists()


def test_our_own_export_comes_back_unchanged() -> None:
    """A formula is exported behind an apostrophe, and read without it."""
    town = make.municipality("132241", "多摩市")
    make.published(slug="own", title="=制度", owner=town, level="municipal")
    text = "制度番号,タイトル（制度名）,制度概要\nown,'=制度,地域の取組を支えます。\n"
    outcome = take(text)
    assert (outcome.unchanged, outcome.created, outcome.differences) == (1, [], [])


# --- The command ---------------------------------------------------------------------------------------------


def test_the_command_shows_takes_in_and_says_what_was_refused(tmp_path: Path) -> None:
    make.municipality("132241", "多摩市")
    path = tmp_path / "list.csv"
    path.write_bytes(csv_of(HOUSE, "131016,千代田区,B,=HYPERLINK(1),,,,,,,,,,,").encode("cp932"))
    said = io.StringIO()
    with pytest.raises(CommandError, match="1件"):
        call_command("import_programs", path, organization="132241", dry_run=True, json=True, stdout=said)
    told = json.loads(said.getvalue())
    assert [row["slug"] for row in told["created"]] == ["132241-a-1"]
    assert [(row["line"], row["column"]) for row in told["refused"]] == [(4, "全国地方公共団体コード")]
    assert not Program.objects.exists()
    with pytest.raises(CommandError):
        call_command("import_programs", path, organization="132241", stdout=io.StringIO())
    assert Program.objects.get().slug == "132241-a-1"
    for path_, code, says in (
        (tmp_path / "none.csv", "132241", "この場所にありません"),
        (path, "999999", "団体がありません"),
    ):
        with pytest.raises(CommandError, match=says):
            call_command("import_programs", path_, organization=code, stdout=io.StringIO())
