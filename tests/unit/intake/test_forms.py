"""What residents read: messages that say how to repair, and answers in their words."""

import uuid
from datetime import date

import pytest

from services.intake.domain.answers import read
from services.intake.domain.draft import Attachment, Draft
from services.intake.domain.procedure import Era, Kind, Procedure, Question, Topic
from services.intake.web import forms
from services.intake.web.forms import Refusal

TODAY = date(2026, 11, 22)
Typed = dict[str, dict[str, list[str]]]


@pytest.mark.parametrize(
    ("topic", "typed", "said"),
    [
        ("applicant", {"name": []}, "氏名を入力してください。"),
        ("work", {"kinds": []}, "工事の種類を、1つ以上選んでください。"),
        (
            "work",
            {"cost": ["百九十八万"]},
            "工事費は、数字だけで入力してください。「百九十八万」は 1980000 と書きます。",
        ),
        ("work", {"cost": ["0"]}, "工事費は、1円から9,999万円までで入力してください。"),
        ("work", {"start-m": ["11"], "start-d": ["31"]}, "11月31日はありません。日付を確かめてください。"),
        (
            "work",
            {"start-m": ["11"], "start-d": ["2"]},
            "工事を始める日は、今日（11月22日）より後の日にしてください。始めたあとの工事には、補助金が出ません。",
        ),
        ("work", {"end-y": ["8"], "end-m": ["12"]}, None),
        ("work", {"end-y": ["8"], "end-d": ["1"]}, "終わる日は、工事を始める日より後にしてください。"),
        ("applicant", {"telephone": ["12"]}, "電話番号は、市外局番から入力してください。例：0238-00-1234"),
        ("applicant", {"mail": ["minori"]}, "メールアドレスに「@」がありません。"),
        ("applicant", {"kana": ["タカハシ"]}, "ふりがなは、ひらがなで入力してください。"),
        ("applicant", {"name": ["山" * 61]}, "氏名は60文字までです。いま61文字あります。"),
        ("applicant", {"birthdate-era": [""]}, "生年月日の元号を選んでください。"),
        ("applicant", {"birthdate-m": [""]}, "生年月日の「月」を入力してください。"),
        ("account", {"account_number": ["12"]}, "口座番号は、7けたの数字で入力してください。"),
        ("account", {"account_kind": []}, "口座の種類を選んでください。"),
        ("files", {}, "工事をする場所の写真を、1枚以上つけてください。"),
    ],
)
def test_a_message_says_what_to_do(
    procedure: Procedure, fields: Typed, topic: str, typed: dict[str, list[str]], said: str | None
) -> None:
    asked = procedure.form.topic(topic)
    assert asked
    faults = read(asked, fields[topic] | typed, TODAY).faults
    assert [forms.message(asked, asked.question(fault.question), fault) for fault in faults] == ([said] if said else [])


@pytest.mark.parametrize(
    ("day", "said"), [("22", []), ("23", ["注射を受けた日は、今日（11月22日）か、それより前の日にしてください。"])]
)
def test_a_day_that_may_be_today_may_not_be_tomorrow(day: str, said: list[str]) -> None:
    question = Question(id="day", label="注射を受けた日", kind=Kind.DATE, eras=(Era.REIWA,), before="tomorrow")
    topic = Topic("vaccination", "予防注射", "予防注射", (question,))
    faults = read(topic, {"day-y": ["8"], "day-m": ["11"], "day-d": [day]}, TODAY).faults
    assert [forms.message(topic, question, fault) for fault in faults] == said


def test_every_fault_that_can_be_has_words(procedure: Procedure) -> None:
    for topic, question in procedure.form.questions():
        for fault in read(topic, {}, TODAY).faults:
            assert forms.message(topic, topic.question(fault.question), fault).endswith("。")
        assert forms.field_of(question, "").startswith(question.id)


def test_the_summary_begins_with_the_words_beside_the_field() -> None:
    assert forms.headline("11月31日はありません。日付を確かめてください。") == "11月31日はありません"


def test_answers_are_shown_in_words(procedure: Procedure, fields: Typed, draft: Draft) -> None:
    for topic in procedure.form.topics:
        draft.answers[topic.id] = read(topic, fields[topic.id], TODAY, {"photos": 1}).values
    quote = Attachment(
        id=uuid.uuid4(), question="quote", name="見積書.pdf", media_type="application/pdf", size=9, sha256="", pages=3
    )
    draft.attachments.append(quote)
    shown = {item["id"]: item["text"] for topic in forms.shown(procedure.form.topics, draft) for item in topic["items"]}
    assert shown["name"] == "辻\U000e0100 \U00020bb7子"
    assert shown["birthdate"] == "昭和64年1月7日"
    assert shown["built"] == "昭和58年"
    assert shown["kinds"] == "屋根や外壁の修理\n雪下ろしをしやすくする工事"
    assert shown["cost"] == "1,980,000円"
    assert shown["start"] == "令和8年12月14日（月）"
    assert shown["quote"] == "見積書.pdf（PDF　3ページ）"
    assert shown["photos"] == "（なし）"
    assert shown["account_number"] == "1234567"
    assert [item.text for item in forms.items(procedure.form.topics[4], draft) if item.id == "account_number"] == [
        "＊＊＊＊567"
    ]
    assert "other_subsidy" not in shown


def test_a_file_that_is_too_large_is_named_with_its_size(procedure: Procedure) -> None:
    photos = procedure.form.topics[3].question("photos")
    said = ["「IMG_2041.jpg」は38 MBあります。30 MBまでのものにしてください。"]
    assert forms.refusals_text(photos, [Refusal("too_large", "IMG_2041.jpg", 38_000_000)]) == said


def test_files_above_the_limit_share_one_line(procedure: Procedure) -> None:
    topic = procedure.form.topics[3]
    above = [Refusal("many", f"{number}.jpg", 9) for number in range(12)]
    said = "「0.jpg」ほか11枚は、つけられませんでした。10枚までです。いらないものを消してから、つけてください。"
    assert forms.refusals_text(topic.question("photos"), above) == [said]
    mixed = forms.refusals_text(topic.question("quote"), [Refusal("kind", "見積.xlsx", 9), *above[:1]])
    assert mixed == [
        "見積書のうち2つを、つけられませんでした。",
        "「見積.xlsx」は、ここにつけられない種類です。PDFか、写真（JPEG、PNG、HEIC）にしてください。",
        "「0.jpg」は、つけられませんでした。5つまでです。いらないものを消してから、つけてください。",
    ]


def test_a_birthdate_is_shown_without_the_day_of_the_week(procedure: Procedure) -> None:
    topic = procedure.form.topics[0]
    assert forms.text_of(topic.question("birthdate"), "1983-02-03") == "昭和58年2月3日"


def test_every_kind_of_question_has_words_for_its_answer(procedure: Procedure) -> None:
    assert {question.kind for _, question in procedure.form.questions()} | {Kind.PARAGRAPH} == set(Kind)
