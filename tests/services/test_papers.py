"""Official forms: from a case to PDF and DOCX, numbered once, printed again the same."""

import io
from collections.abc import Callable
from datetime import UTC, datetime

import pypdfium2
import pytest
from docx import Document

from config.bureau import load_bureau
from models.case_file import CaseLook
from models.case_words import Action, CaseKind, ConsentKind, Ground, Result, Side
from models.database import Database
from models.paper import Form
from services.cases.bursts import open_event, report_form
from services.cases.docket import Docket
from services.errors import UserError
from services.papers import issuing
from services.papers.forms import FORMS
from services.papers.issuing import Press, draft_form, issue_form, list_forms, open_paper
from services.papers.pdf import make_pdf
from services.papers.sheet import Sheet
from services.papers.word import make_docx
from tests.case_desk import DISPATCHER, HANDLER, INTAKE, PHONE, REACHED, REVIEWER, SUPERVISOR, UNIT, CaseDesk

BUREAU = load_bureau()
MADE_AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
MARKUP = '#strong[x] *粗* $x^2$ \\ <b>&amp;</b> {{ 7*7 }} =HYPERLINK("http://x") @ref // 完'


@pytest.fixture
def desk(database: Database) -> CaseDesk:
    return CaseDesk(database)


@pytest.fixture
def lite(sqlite: Database) -> CaseDesk:
    return CaseDesk(sqlite)


def read_pdf(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return "".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", "")


def read_docx(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def reject(desk: CaseDesk) -> tuple[str, Form]:
    number = desk.file().number
    desk.do(number, Action.REJECT, INTAKE, ground=Ground.TOO_OLD, text="发票日期是2021年3月5日。")
    return number, Form.REJECTION


def accept(desk: CaseDesk) -> tuple[str, Form]:
    number = desk.file().number
    desk.do(number, Action.ACCEPT, INTAKE)
    return number, Form.ACCEPTANCE


def ask_more(desk: CaseDesk) -> tuple[str, Form]:
    number = desk.file().number
    desk.do(number, Action.ASK_MORE, INTAKE, text="请提供储值卡照片。")
    return number, Form.SUPPLEMENT


def refer(desk: CaseDesk) -> tuple[str, Form]:
    number = desk.file().number
    desk.do(number, Action.REFER, INTAKE, receiver="12345政务服务便民热线", legal_basis="国办发〔2020〕53号")
    return number, Form.TRANSFER


def register(desk: CaseDesk) -> tuple[str, Form]:
    return desk.file(kind=CaseKind.REPORT).number, Form.REGISTRATION


def mediate(desk: CaseDesk) -> tuple[str, Form]:
    number = desk.to_in_progress(is_confidential=True)
    desk.consent(number, ConsentKind.MEDIATION, Side.COMPLAINANT, Side.RESPONDENT)
    desk.do(number, Action.MEDIATE, HANDLER)
    return number, Form.MEDIATION


def end_mediation(desk: CaseDesk) -> tuple[str, Form]:
    number, _ = mediate(desk)
    desk.do(number, Action.END_MEDIATION, HANDLER, text="双方意见差距过大，未达成一致。")
    return number, Form.MEDIATION_END


def answer(desk: CaseDesk) -> tuple[str, Form]:
    return desk.to_answered(), Form.REPLY


def settle(desk: CaseDesk) -> tuple[str, Form]:
    return desk.to_answered(), Form.MEDIATION_RECORD


def suspend(desk: CaseDesk) -> tuple[str, Form]:
    number = desk.to_in_progress()
    desk.do(number, Action.PROPOSE_SUSPENSION, HANDLER, text="等待检测结果")
    desk.do(number, Action.APPROVE_SUSPENSION, SUPERVISOR)
    return number, Form.SUSPENSION


def extend(desk: CaseDesk) -> tuple[str, Form]:
    number = desk.to_in_progress(kind=CaseKind.REPORT)
    desk.do(number, Action.PROPOSE_EXTENSION, HANDLER, text="案情复杂，需要异地调查。")
    desk.do(number, Action.APPROVE_EXTENSION, SUPERVISOR)
    return number, Form.EXTENSION


def urge(desk: CaseDesk) -> tuple[str, Form]:
    return desk.to_in_progress(), Form.URGING


MAKERS = [reject, accept, ask_more, refer, register, mediate, end_mediation, answer, settle, suspend, extend, urge]
SAYS = {
    Form.REJECTION: ["投诉不予受理决定书", "已超过三年", "发票日期是2021年3月5日", "第三十九条", "欧阳小明："],
    Form.ACCEPTANCE: ["投诉受理决定书", "第四十六条", "决定受理", "2027年1月19日"],
    Form.SUPPLEMENT: ["补正材料通知书", "请提供储值卡照片", "2026年11月27日"],
    Form.TRANSFER: ["投诉转办单", "12345政务服务便民热线：", "国办发〔2020〕53号", "本人未同意转交个人信息"],
    Form.REGISTRATION: ["举报登记表", "储值卡", "1,500.00元", "退款", PHONE],
    Form.MEDIATION: ["调解通知书", "示范市乐享健身服务有限公司：", "要求保密"],
    Form.MEDIATION_END: ["终止调解决定书", "因双方意见差距过大，未达成一致，我局"],
    Form.REPLY: ["投诉办理结果答复书", "双方和解", "商家已退还余额1500元"],
    Form.MEDIATION_RECORD: ["调解书", "商家已退还余额1500元", "被投诉人（签名"],
    Form.SUSPENSION: ["中止办理告知书", "因等待检测结果，我局"],
    Form.EXTENSION: ["延期办理告知书", "因案情复杂，需要异地调查，经我局负责人批准", "已延长15个工作日"],
    Form.URGING: ["催办单", f"{UNIT}：", "办理中"],
}


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_a_form_says_what_the_step_said(lite: CaseDesk, make: Callable[[CaseDesk], tuple[str, Form]]) -> None:
    number, form = make(lite)
    with lite.docket() as docket:
        case = docket.session.merge(lite.get(number))
        assert form in list_forms(docket, case)
        paper = issue_form(Press(docket, BUREAU, SUPERVISOR), case, form)
        sheet = open_paper(docket, paper)
    pdf, docx = read_pdf(make_pdf(sheet, MADE_AT)), read_docx(make_docx(sheet, MADE_AT))
    for text in ("".join(pdf.split()), "".join(docx.split())):
        for words in [*SAYS[form], "示范市商务局（印章）", "2026年11月20日", sheet.number]:
            assert words in text, words
        assert number in text
        assert "None" not in text
        assert "{{" not in text


def test_every_form_is_made_above() -> None:
    assert {*SAYS, Form.EVENT_REPORT} == set(Form) == set(FORMS)


def test_confidence_holds_on_paper_for_the_other_side(lite: CaseDesk) -> None:
    number, form = mediate(lite)
    with lite.docket() as docket:
        sheet = draft_form(Press(docket, BUREAU, HANDLER), docket.session.merge(lite.get(number)), form)
    said = sheet.as_json()
    assert "欧阳" not in said
    assert PHONE not in said
    number, form = refer(lite)
    with lite.docket() as docket:
        said = draft_form(Press(docket, BUREAU, INTAKE), docket.session.merge(lite.get(number)), form).as_json()
    assert "欧阳" not in said
    assert "储值卡" not in said.replace("单用途预付卡", "")  # the citizen's words stay here without consent


def test_numbers_run_by_form_and_year_and_a_reprint_is_the_same(desk: CaseDesk) -> None:
    (first, form), (second, _) = accept(desk), accept(desk)

    def issue(number: str, given: str = "") -> tuple[str, bytes]:
        with desk.docket() as docket:
            case = docket.session.merge(desk.get(number))
            paper = issue_form(Press(docket, BUREAU, INTAKE), case, form, given)
            return paper.number, make_pdf(open_paper(docket, paper), paper.issued_at)

    one, other = issue(first), issue(second)
    assert (one[0], other[0]) == ("示商受〔2026〕1号", "示商受〔2026〕2号")
    desk.pass_time(days=1)
    assert issue(first) == one
    desk.pass_time(days=60)
    third, _ = accept(desk)
    assert issue(third)[0] == "示商受〔2027〕1号"
    fourth, _ = accept(desk)
    assert issue(fourth, "示商函〔2027〕88号")[0] == "示商函〔2027〕88号"


def test_a_form_before_its_step_is_refused_in_words(lite: CaseDesk) -> None:
    number = lite.file().number
    with lite.docket() as docket, pytest.raises(UserError, match="还没有“不予受理”，不能制作投诉不予受理决定书"):
        draft_form(Press(docket, BUREAU, INTAKE), docket.session.merge(lite.get(number)), Form.REJECTION)


def test_who_prints_leaves_a_look_and_who_may_not_see_may_not_print(lite: CaseDesk) -> None:
    number, form = accept(lite)
    with lite.docket() as docket:
        case = docket.session.merge(lite.get(number))
        draft_form(Press(docket, BUREAU, INTAKE), case, form)
        assert [look.reason for look in docket.session.query(CaseLook)] == ["制作投诉受理决定书"]
        with pytest.raises(UserError, match="不能查看"):
            draft_form(Press(docket, BUREAU, DISPATCHER), case, form)


def test_an_altered_paper_is_noticed_and_an_erased_one_said(lite: CaseDesk) -> None:
    number, form = accept(lite)
    with lite.docket() as docket:
        case = docket.session.merge(lite.get(number))
        paper = issue_form(Press(docket, BUREAU, INTAKE), case, form)
        paper.content_hash = bytes(32)
        with pytest.raises(UserError, match="不一致"):
            open_paper(docket, paper)
        assert issuing.erase_papers(docket.session, case.id) == 1
        with pytest.raises(UserError, match="保存期限"):
            open_paper(docket, paper)


def test_a_major_event_has_its_report(lite: CaseDesk) -> None:
    number = lite.file().number

    def report(docket: Docket) -> Sheet:
        event = open_event(docket, docket.session.merge(lite.get(number)), "many_cases", "staff:5")  # type: ignore[arg-type]
        event.measures = "已约谈企业负责人"
        docket.session.flush()
        press = Press(docket, BUREAU, SUPERVISOR)
        assert dict(issuing.draft_event_report(press, event).rows) == {
            label: value or "—" for label, value in report_form(docket, event).items()
        }
        return open_paper(docket, issuing.issue_event_report(press, event))

    with lite.docket() as docket:
        sheet = report(docket)
    assert sheet.number == "示商报〔2026〕1号"
    assert "已约谈企业负责人" in read_pdf(make_pdf(sheet, MADE_AT))


def make_sheet(text: str) -> Sheet:
    return Sheet(
        "示范市商务局", "答复书", "示商复〔2026〕1号", "2026年11月20日", "", "张三", (text,), (("说明", text),)
    )


def test_what_citizens_write_is_text_and_never_markup() -> None:
    sheet = make_sheet(MARKUP)
    assert read_docx(make_docx(sheet, MADE_AT)).count(MARKUP) == 2
    plain = "".join(MARKUP.split())
    assert "".join(read_pdf(make_pdf(sheet, MADE_AT)).split()).count(plain) == 2


def test_letters_that_no_font_has_do_not_stop_the_printing() -> None:
    sheet = make_sheet("甲😂乙\ue000丙\x00\x0b丁䶮　戊")
    assert "甲〓乙〓丙丁䶮" in read_pdf(make_pdf(sheet, MADE_AT))
    assert "甲😂乙\ue000丙丁䶮　戊" in read_docx(make_docx(sheet, MADE_AT))


def test_a_long_text_goes_on_and_the_seal_is_not_alone() -> None:
    pdf = make_pdf(make_sheet("事情经过很长。" * 700), MADE_AT)
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) > 4
    last = document[len(document) - 1].get_textpage().get_text_bounded()
    assert "印章" in last
    assert "2026年11月20日" in last
    assert pdf.startswith(b"%PDF-1.7")
    assert b"pdfaid" in pdf


def test_fonts_are_embedded() -> None:
    pdf = pypdfium2.PdfDocument(make_pdf(make_sheet("字体"), MADE_AT))
    texts = [found for found in pdf[0].get_objects() if found.type == pypdfium2.raw.FPDF_PAGEOBJ_TEXT]
    assert texts
    assert all(pypdfium2.raw.FPDFFont_GetIsEmbedded(pypdfium2.raw.FPDFTextObj_GetFont(text.raw)) == 1 for text in texts)


def test_the_mediation_record_needs_a_settlement(lite: CaseDesk) -> None:
    number = lite.to_in_progress(kind=CaseKind.REPORT)
    lite.do(number, Action.LOG_CONTACT, HANDLER, REACHED)
    lite.do(number, Action.PROPOSE_ANSWER, HANDLER, text="查无实据", result=Result.UNFOUNDED)
    lite.do(number, Action.APPROVE_ANSWER, REVIEWER)
    with lite.docket() as docket:
        forms = list_forms(docket, docket.session.merge(lite.get(number)))
    assert Form.MEDIATION_RECORD not in forms
    assert Form.REPLY in forms
