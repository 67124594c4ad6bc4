"""The papers for a town's own desk: whole for the lead, its own part for a partner, exact in both forms."""

from io import BytesIO

import docx
from django.test import Client
from openpyxl import load_workbook

from grants.actions.backing import BackingEntry, save_backing
from grants.actions.drafting import save_answer
from grants.actions.sharing import ShareChoice, apply_shares
from grants.queries.sharing import share_table
from grants.rules import Basis, ShareRule
from tests.factories import grants as cases
from tests.factories.grants import World
from tests.grants.test_pages_applicant import ClientAs, bodies_are_few, draft

__all__ = ["bodies_are_few"]
KINDS = ("decision", "finance")


def download(client: Client, url: str, status: int = 200) -> bytes:
    response = client.get(url)
    assert response.status_code == status, url
    if status == 200:
        assert response["Content-Disposition"].startswith("attachment")
        assert response["Cache-Control"] == "private, no-store"
    return response.content


def text_of(content: bytes) -> str:
    """Every word of a document."""
    read = docx.Document(BytesIO(content))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    header = [paragraph.text for paragraph in read.sections[0].header.paragraphs]
    return "\n".join([*header, *(paragraph.text for paragraph in read.paragraphs), *cells])


def sheets(content: bytes) -> dict[str, list[tuple[object, ...]]]:
    """The cells of every sheet; whatever looks like a formula is text."""
    book = load_workbook(BytesIO(content))
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_the_papers_of_lead_and_partner(world: World, client_as: ClientAs) -> None:
    application = draft(world)
    lead, partner = cases.lead_of(application), cases.partner_of(application)
    save_answer(
        application_id=application.pk, question="purpose", value="=1+1 から始める", by=world["lead_editor"]
    )
    rule = ShareRule({Basis.EQUAL: 50, Basis.POPULATION: 50, Basis.COST: 0})
    people = {lead.public_id: 115_000, partner.public_id: 75_000}
    table = share_table(application, rule, people)
    choice = ShareChoice(rule, people, cases.clock.today())
    apply_shares(application_id=application.pk, choice=choice, shown=table.mark, by=world["lead_editor"])
    save_backing(
        member_id=partner.pk, by=world["partner_editor"],
        entries=[BackingEntry(2027, "assessed", general=1_500_000, scheduled="令和9年第1回定例会")],
    )  # fmt: skip
    root = f"/applications/{application.public_id}/papers/"
    mine, theirs = client_as(world.users["lead_editor"]), client_as(world.users["partner_approver"])
    whole = {kind: text_of(download(mine, f"{root}{kind}.docx")) for kind in KINDS}
    own = {kind: text_of(download(theirs, f"{root}{kind}.docx")) for kind in KINDS}
    assert "申請してよろしいか" in whole["decision"]
    assert "構成団体として同意してよろしいか" in own["decision"]
    assert "16,500,000円 × 2/3 = 11,000,000円" in whole["decision"]
    assert "均等割50%・人口割50%（人口は令和8年11月21日現在）" in whole["decision"]
    assert "清瀬市の役割" in own["decision"]
    assert "令和9年第1回定例会" in own["finance"]
    assert "年度ごとか事業期間全体か" in own["finance"]
    for kind in KINDS:
        assert "【架空】" in whole[kind]
        assert "補助金の算定" in whole[kind]
        assert "補助金の算定" not in own[kind]
        assert "東久留米市の役割" not in own[kind]
        assert f"{table.years[0].shares[lead.public_id]:,}円" in whole[kind]
        assert f"{table.years[0].shares[lead.public_id]:,}円" not in own[kind]
    book = sheets(download(theirs, f"{root}finance.xlsx"))
    assert book["年度ごとの支出と負担"][2][5] == table.years[0].shares[partner.public_id]
    assert book["財源内訳"][2][:2] == ("令和9年度", "内示")
    assert book["財源内訳"][2][6] == 1_500_000
    assert any("=1+1 から始める" in str(cell) for row in book["概要"] for cell in row)
    assert "令和9年度の計算" in sheets(download(mine, f"{root}decision.xlsx"))


def test_nobody_else_has_a_paper(world: World, client_as: ClientAs) -> None:
    """An empty draft has its paper too; strangers, Tokyo and other kinds are unknown addresses."""
    application = cases.start(world)
    root = f"/applications/{application.public_id}/papers/"
    mine = client_as(world.users["lead_finance"])
    for name in ("decision.docx", "decision.xlsx", "finance.docx", "finance.xlsx"):
        download(mine, f"{root}{name}")
        for other in ("stranger_editor", "officer", "decider"):
            download(client_as(world.users[other]), f"{root}{name}", 404)
    download(mine, f"{root}decision.pdf", 404)
    download(mine, f"{root}secret.docx", 404)
