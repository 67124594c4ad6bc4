"""The map of Tokyo's municipalities."""

import json
import re
from pathlib import Path

from core.templatetags.tilemap import ISLANDS, TAMA, WARDS
from tests.core.ui.rendering import render

ORGANIZATIONS = Path(__file__).resolve().parents[3] / "fixtures" / "reference" / "organizations.json"


def test_names_and_codes_are_those_of_the_reference_data() -> None:
    rows = json.loads(ORGANIZATIONS.read_text(encoding="utf-8"))
    known = {row["code"]: row["name"] for row in rows if row["kind"] == "municipality"}
    assert {tile.code: tile.name for tile in (*WARDS, *TAMA, *ISLANDS)} == known
    assert (len(WARDS), len(TAMA), len(ISLANDS)) == (23, 30, 9)


def test_no_two_tiles_share_a_place_and_codes_ascend() -> None:
    for tiles, columns in ((TAMA, 9), (ISLANDS, 3)):
        places = [(tile.column, tile.row) for tile in tiles]
        assert len(set(places)) == len(tiles)
        assert all(1 <= column <= columns and 1 <= row <= 6 for column, row in places)
        assert [tile.code for tile in tiles] == sorted(tile.code for tile in tiles)


def test_a_prefix_or_a_url_name_makes_links() -> None:
    html = render("{% tilemap prefix='/programs/?area=1&municipality=' %}")
    assert html.count("<a ") == 62
    assert 'href="/programs/?area=1&amp;municipality=132241"' in html
    assert "picker" in html
    assert "<a " not in render("{% tilemap %}")


def test_wards_can_be_left_out_and_open_when_marked() -> None:
    assert "千代田" not in render("{% tilemap wards=False %}")
    assert '<details class="wards">' in render("{% tilemap %}")
    assert '<details class="wards" open' in render("{% tilemap codes %}", codes=["131041"])


def test_colours_and_frames_are_also_said() -> None:
    html = render(
        "{% tilemap codes lead='132241' outside=out here='132250' %}", codes=["132128"], out=["133086"]
    )
    assert "市（代表）" in html
    assert "市（参加）" in html
    assert "町（対象外）" in html
    assert "市（えらんだ自治体）" in html
    for word in ("代表", "参加", "対象外", "えらんだ自治体"):
        assert f"</span>{word}</li>" in html


def test_counts_are_shown_in_three_shades_and_zero_in_none() -> None:
    html = render("{% tilemap counts %}", counts={"132241": 9, "132250": 5, "132128": 1, "132012": 0})
    classes = {name: css for css, name in re.findall(r'<span class="(tile[^"]*)"><span>(\S+?)<', html)}
    assert classes["多摩"] == "tile tile--3"
    assert classes["稲城"] == "tile tile--2"
    assert classes["日野"] == "tile tile--1"
    assert classes["八"] == classes["立川"] == "tile"
    assert '<b>0<span class="sr">件</span></b>' in html
    assert html.count("<b>") == 4


def test_legend_says_what_each_shade_counts() -> None:
    html = render(
        "{% tilemap counts words='採択' %}", counts={"132241": 9, "132250": 5, "132128": 4, "132012": 0}
    )
    assert '<span class="tile tile--2" aria-hidden="true"></span>採択 4〜5件</li>' in html
    assert '<span class="tile tile--3" aria-hidden="true"></span>採択 9件</li>' in html
    assert "tile--1" not in html
    few = render("{% tilemap counts %}", counts={"132241": 2, "132250": 1})
    assert '<span class="tile tile--1" aria-hidden="true"></span>参加 1件</li>' in few
    assert "tile--3" not in few


def test_legend_only_of_what_is_there() -> None:
    assert "legend" not in render("{% tilemap %}")
    assert "legend" not in render("{% tilemap codes legend=False %}", codes=["132241"])


def test_words_are_escaped() -> None:
    html = render(
        "{% tilemap codes words=evil unit=evil prefix=evil %}", codes={"132241": None}, evil='"><script>'
    )
    assert "<script" not in html
