"""The words of intake's forms: what a question's answer looks like, and what is said when it is refused."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from markupsafe import Markup, escape

from services.chassis.clock import today
from services.chassis.web.filters import file_size, wareki, wareki_text
from services.intake.domain.answers import Fault
from services.intake.domain.application import Application, Progress, State, Step, steps
from services.intake.domain.correction import Correction
from services.intake.domain.draft import Attachment, Draft
from services.intake.domain.eras import era_of
from services.intake.domain.procedure import Accept, Answer, Era, Kind, Procedure, Question, Topic

ERAS = {Era.MEIJI: "明治", Era.TAISHO: "大正", Era.SHOWA: "昭和", Era.HEISEI: "平成", Era.REIWA: "令和"}
PARTS = {"era": "元号", "y": "年", "m": "月", "d": "日"}
PICKED = {Kind.CHOICE, Kind.DELIVERY}
TEN = 10  # Japanese counts things with つ up to nine
MYRIAD = 10_000
SHOWN_DIGITS = 3
NOT_ANSWERED = "（なし）"
NAMELESS = "ファイル"
MEDIA_TYPES = {"image/jpeg": "写真", "image/png": "写真", "image/heic": "写真", "application/pdf": "PDF"}


@dataclass(frozen=True)
class Refusal:
    """A file that was not taken.  ``code``: why."""

    code: str
    name: str
    size: int


@dataclass(frozen=True)
class Line:
    """One line of the timeline.  ``state``: done, ask (for the resident), now or next."""

    state: str
    title: str
    at: datetime | None = None
    text: Markup | str = ""


@dataclass(frozen=True)
class Item:
    """One line of the form as it is shown: ``text`` may have several lines.

    ``day`` is set for a date; of one that is long past, like a birthdate, nobody wants the day of the week.
    """

    id: str
    label: str
    text: str
    day: date | None = None
    weekday: bool = True


def message(topic: Topic, question: Question, fault: Fault) -> str:
    """What is said beside a field: what is wrong, and how to repair it."""
    said = MESSAGES[fault.code](topic, question, fault)
    return f"{said}{question.mistake}" if fault.code in question.mistake_for else said


def headline(said: str) -> str:
    """The first sentence of a message, for the summary on top."""
    return said.split("。", 1)[0]


def field_of(question: Question, part: str) -> str:
    """The id of the input that a message points to."""
    if question.kind in PICKED or question.kind is Kind.CHOICES:
        return f"{question.id}-1"
    if question.kind is Kind.FILES:
        return question.id
    if question.kind in (Kind.DATE, Kind.YEAR):
        return f"{question.id}-{part or ('era' if len(question.eras) > 1 else 'y')}"
    return question.id


def items(topic: Topic, draft: Draft, *, mask: bool = True) -> list[Item]:
    """The answers of one topic in words.  ``mask``: on a screen, where others may look on."""
    values = draft.answers.get(topic.id, {})
    found = (_item(question, values, draft, mask) for question in topic.questions)
    return [item for item in found if item]


def shown(topics: tuple[Topic, ...], draft: Draft) -> list[dict[str, object]]:
    """The whole form in words, for the form document."""
    return [
        {
            "id": topic.id,
            "name": topic.name,
            "items": [{"id": one.id, "label": one.label, "text": one.text} for one in items(topic, draft, mask=False)],
        }
        for topic in topics
    ]


def text_of(question: Question, value: Answer) -> str:
    """An answer in words."""
    if question.kind is Kind.CHOICES and isinstance(value, list):
        return "\n".join(option.label for option in question.options if option.value in value)
    if question.kind in PICKED:
        option = question.option(value)
        return option.label if option else str(value)
    if question.kind is Kind.DATE:
        return wareki_text(date.fromisoformat(str(value)), year=True, weekday=question.before != "today")
    if question.kind is Kind.YEAR:
        return _era_year(date(int(str(value)), 12, 31))
    if question.kind is Kind.INTEGER:
        return f"{value:,}{question.unit}"
    return str(value)


def refusals_text(question: Question, refused: Sequence[Refusal]) -> list[str]:
    """What is said of the files of one question that were not taken, in lines.  Those above the limit share one."""
    above = [one for one in refused if one.code == "many"]
    said = [_file_message(question, one) for one in refused if one.code != "many"]
    if above:
        said.append(_many(question, above))
    if len(said) == 1:
        return said
    return [f"{question.name}のうち{_counted(question, len(refused))}を、つけられませんでした。", *said]


def _file_message(question: Question, refused: Refusal) -> str:
    kinds = KINDS[question.accept]
    return FILE_MESSAGES[refused.code].format(name=refused.name, size=file_size(refused.size), kinds=kinds)


def _many(question: Question, above: Sequence[Refusal]) -> str:
    others = f"ほか{_counted(question, len(above) - 1)}" if len(above) > 1 else ""
    most = _counted(question, question.most)
    said = f"「{above[0].name}」{others}は、つけられませんでした。{most}までです。"
    return f"{said}いらないものを消してから、つけてください。"


def _counted(question: Question, count: int) -> str:
    if question.accept is Accept.PHOTO:
        return f"{count}枚"
    return f"{count}つ" if count < TEN else f"{count}個"


def words_of(application: Application, correction: Correction | None) -> tuple[str, str]:
    """What the resident reads of the state, and the colour of its label.  ``correction``: what is asked now."""
    return ASKED if correction else STATES[application.state]


def timeline(application: Application, procedure: Procedure, asked: Sequence[Correction], *, waits: bool) -> list[Line]:
    """The steps in words, and in their places what the office asked.  ``waits``: for the last one's answer."""
    found = [_as_steps(step, application, procedure, waits) for step in _told(application, asked, waits)]
    lines = [one for one in found if one]
    for correction in asked:
        for line in _asked(correction, application, waits and correction is asked[-1]):
            lines.insert(_place(lines, line), line)
    return lines


def _told(application: Application, asked: Sequence[Correction], waits: bool) -> Iterator[Step]:
    """The examination has begun before something is asked; it goes on once the answer is there."""
    for step in steps(application):
        if asked and step.id is State.EXAMINING and step.progress is Progress.NOW:
            yield replace(step, progress=Progress.DONE)
            if not waits:
                yield replace(step, at=None)
        else:
            yield step


def _as_steps(step: Step, application: Application, procedure: Procedure, waits: bool) -> Line | None:
    """One step in words; None: nothing to say yet.  While the town waits it promises no day."""
    title = STEPS[step.id].get(step.progress)
    if title is None:
        return None
    if step.id is State.EXAMINING and step.progress is Progress.NOW and step.at is None:
        title = CHECKED_AGAIN if State.EXAMINING in application.reached else WAITING
    promises = not (waits and step.progress is Progress.NEXT)
    return Line(step.progress.value, title, step.at, _about(step, application, procedure) if promises else "")


def _asked(correction: Correction, application: Application, waits: bool) -> Iterator[Line]:
    """What was asked, and what came of it."""
    if waits:
        yield Line("ask", WAITS_FOR_YOU, correction.requested_at, until(correction, application))
        return
    yield Line("done", ASKED_BEFORE, correction.requested_at)
    if correction.answered_at:
        yield Line("done", ANSWERED, correction.answered_at)


def _place(lines: Sequence[Line], line: Line) -> int:
    """Behind what happened before, and in front of what happened later, goes on or is to come."""
    return next((place for place, one in enumerate(lines) if _is_behind(one, line)), len(lines))


def _is_behind(one: Line, line: Line) -> bool:
    return one.state in ("now", "next") or bool(one.at and line.at and one.at > line.at)


def until(correction: Correction, application: Application) -> Markup:
    """By when an answer is asked for; afterwards, that it is still taken."""
    if correction.is_late(today()):
        return ASKED_UNTIL.format(wareki(correction.answer_by))
    clock = "" if application.is_past(State.DRAFTED) else NOT_COUNTED
    return SEND_UNTIL.format(wareki(correction.answer_by)) + clock


def _about(step: Step, application: Application, procedure: Procedure) -> Markup | str:
    if step.id is State.EXAMINING and step.at:
        return escape(procedure.contact.section)
    if step.id in (State.AVAILABLE, State.POSTED) and step.progress is Progress.NEXT:
        late = application.due_on < today()
        return (LATE if late else PLANNED).format(wareki(application.due_on))
    return ""


def _item(question: Question, values: Mapping[str, Answer], draft: Draft, mask: bool) -> Item | None:
    if question.kind is Kind.FILES:
        return Item(question.id, question.label, files_text(draft.files_of(question)))
    value = values.get(question.id)
    if value is None:
        return Item(question.id, question.label, NOT_ANSWERED) if question.is_needed(values) else None
    day = date.fromisoformat(str(value)) if question.kind is Kind.DATE else None
    text = masked(str(value)) if question.masked and mask else text_of(question, value)
    return Item(question.id, question.label, text, day, weekday=question.before != "today")


def masked(text: str) -> str:
    """＊＊＊＊567: enough to recognise it."""
    return "＊" * (len(text) - SHOWN_DIGITS) + text[-SHOWN_DIGITS:]


def files_text(files: list[Attachment]) -> str:
    """2枚（IMG_1.jpg、IMG_2.jpg）."""
    return "\n".join(one.name + _pages(one) for one in files) or NOT_ANSWERED


def _pages(one: Attachment) -> str:
    return f"（PDF　{one.pages}ページ）" if one.pages else f"（{MEDIA_TYPES[one.media_type]}　{file_size(one.size)}）"


def _era_year(day: date) -> str:
    era, year = era_of(day)
    return f"{ERAS[era]}{'元' if year == 1 else year}年"


def _empty(_topic: Topic, question: Question, _fault: Fault) -> str:
    if question.kind is Kind.CHOICES:
        return f"{question.name}を、1つ以上選んでください。"
    return f"{question.name}を{'選んで' if question.kind in PICKED else '入力して'}ください。"


def _range(_topic: Topic, question: Question, _fault: Fault) -> str:
    least, most = (_amount(bound, question.unit) for bound in (question.least, question.most))
    return f"{question.name}は、{least}から{most}までで入力してください。"


def _amount(number: int, unit: str) -> str:
    return f"{number // MYRIAD:,}万{unit}" if number and number % MYRIAD == 0 else f"{number:,}{unit}"


def _future(_topic: Topic, question: Question, fault: Fault) -> str:
    if question.kind is Kind.YEAR:
        return f"{question.name}は、今年か、それより前の年にしてください。"
    return f"{question.name}は、今日（{_month_day(fault)}）より前の日にしてください。"


def _yet_to_come(_topic: Topic, question: Question, fault: Fault) -> str:
    return f"{question.name}は、今日（{_month_day(fault)}）か、それより前の日にしてください。"


def _past(_topic: Topic, question: Question, fault: Fault) -> str:
    return f"{question.name}は、今日（{_month_day(fault)}）より後の日にしてください。"


def _month_day(fault: Fault) -> str:
    today = fault.facts["today"]
    return f"{today.month}月{today.day}日" if isinstance(today, date) else str(today)


def _order(topic: Topic, question: Question, fault: Fault) -> str:
    return f"{question.name}は、{topic.question(str(fault.facts['other'])).name}より後にしてください。"


def _no_such_year(_topic: Topic, _question: Question, fault: Fault) -> str:
    era = ERAS[Era(str(fault.facts["era"]))]
    return f"{era}{fault.facts['year']}年には、その日はありません。元号と年を確かめてください。"


def _files_missing(_topic: Topic, question: Question, _fault: Fault) -> str:
    return f"{question.name}を、{_counted(question, question.least)}以上つけてください。"


def _files_many(_topic: Topic, question: Question, _fault: Fault) -> str:
    return f"{question.name}は、{_counted(question, question.most)}までです。いらないものを消してください。"


def _eras(_topic: Topic, question: Question, _fault: Fault) -> str:
    return f"{question.name}の年は、{'、'.join(ERAS[era] for era in question.eras)}の中にしてください。"


def _plain(template: str) -> Callable[[Topic, Question, Fault], str]:
    return lambda _topic, question, fault: template.format(
        name=question.name, part=PARTS.get(fault.part, ""), **fault.facts
    )


MESSAGES: dict[str, Callable[[Topic, Question, Fault], str]] = {
    "empty": _empty,
    "not_picked": _empty,
    "number": _plain("{name}は、数字だけで入力してください。"),
    "range": _range,
    "digits": _plain("{name}は、{digits}けたの数字で入力してください。"),
    "no_such_date": _plain("{month}月{day}日はありません。日付を確かめてください。"),
    "no_such_year": _no_such_year,
    "date_part": _plain("{name}の「{part}」を入力してください。"),
    "date_number": _plain("{name}の「{part}」は、数字だけで入力してください。"),
    "era": _plain("{name}の元号を選んでください。"),
    "past": _past,
    "future": _future,
    "yet_to_come": _yet_to_come,
    "order": _order,
    "telephone": _plain("{name}は、市外局番から入力してください。例：0238-00-1234"),
    "mail_at": _plain("{name}に「@」がありません。"),
    "mail": _plain("{name}を確かめてください。例：hanako@example.jp"),
    "kana": _plain("{name}は、ひらがなで入力してください。"),
    "katakana": _plain("{name}は、カタカナで入力してください。"),
    "too_long": _plain("{name}は{most}文字までです。いま{now}文字あります。"),
    "characters": _plain("{name}に、町では読めない文字が入っています。別の文字で書き直してください。"),
    "type": _plain("{name}の値の種類がちがいます。手続きの説明にあるkindを確かめてください。"),
    "iso_date": _plain("{name}は、2026-12-14のように、ある日付で送ってください。"),
    "eras": _eras,
    "files_apart": _plain("{name}は、filesに入れて送ってください。"),
    "files_missing": _files_missing,
    "files_many": _files_many,
}
# Of a question, or of a whole topic, that the form does not have: only another programme can name one.
UNKNOWN = "手続きの説明にない名前です。"
KINDS = {Accept.PHOTO: "写真（JPEG、PNG、HEIC）", Accept.DOCUMENT: "PDFか、写真（JPEG、PNG、HEIC）"}
FILE_MESSAGES = {
    "empty": "「{name}」は、中身がありません。ファイルを確かめてください。",
    "too_large": "「{name}」は{size}あります。30 MBまでのものにしてください。",
    "kind": "「{name}」は、ここにつけられない種類です。{kinds}にしてください。",
    "locked": "「{name}」にはパスワードがついていて、町では開けません。パスワードを外したPDFか、写真をつけてください。",
    "broken": "「{name}」は、途中で切れているか、こわれています。もう一度つけてください。",
    "together": "「{name}」をつけると、全部で100 MBをこえます。ほかのファイルを減らすか、小さくしてください。",
    "store": (
        "いま「{name}」をつけられませんでした。前につけたファイルと、入力した内容は残っています。"
        "少し待って、もう一度つけてください。"
    ),
}
# What the resident reads for each state, and the colour of its label.
STATES: dict[State, tuple[str, str]] = {
    State.ACCEPTED: ("申請を受け付けました", "key"),
    State.EXAMINING: ("町が確認しています", "key"),
    State.DRAFTED: ("町が結果を決めています", "key"),
    State.WITHDRAWN: ("申請を取り下げました", ""),
    State.DECIDED: ("通知書を用意しています", "key"),
    State.PERMITTED: ("通知書を用意しています", "key"),
    State.SIGNED: ("通知書を用意しています", "key"),
    State.FALLBACK: ("紙でお送りします", "key"),
    State.POSTED: ("紙でお送りしました", ""),
    State.AVAILABLE: ("結果が届きました", "ask"),
    State.OPENED: ("結果を読みました", ""),
}
ASKED = ("あなたの対応が必要です", "ask")
ASKED_BEFORE = "確かめていただきたいことを、お知らせしました"
WAITS_FOR_YOU = "あなたのお返事を待っています"
ANSWERED = "お返事を受け付けました"
CHECKED_AGAIN = "お返事を、町が確認しています"
SEND_UNTIL = Markup("{}までに送ってください。")
ASKED_UNTIL = Markup("{}までにお願いしていました。結果が決まるまでは、まだ送れます。")
NOT_COUNTED = "お返事をいただくまで、結果までの日数は数えません。"
WAITING = "町の確認を待っています"
PLANNED = Markup("{}ごろまでの予定です。")
LATE = Markup("{}ごろまでの予定でしたが、遅れています。わからないことは、町に聞いてください。")
STEPS: dict[State, dict[Progress, str]] = {
    State.ACCEPTED: {Progress.DONE: "申請を受け付けました"},
    State.EXAMINING: {Progress.DONE: "町が確認を始めました", Progress.NOW: "町が確認しています"},
    State.DRAFTED: {
        Progress.DONE: "町が結果を決めました",
        Progress.NOW: "町が結果を決めています",
        Progress.NEXT: "町が結果を決めます",
    },
    State.WITHDRAWN: {Progress.DONE: "申請を取り下げました"},
    State.DECIDED: {Progress.DONE: "通知書を用意しました", Progress.NOW: "通知書を用意しています"},
    State.AVAILABLE: {
        Progress.DONE: "結果を読みました",
        Progress.NOW: "結果が届きました",
        Progress.NEXT: "通知書が受信箱に届きます",
    },
    State.POSTED: {Progress.DONE: "通知書を郵便でお送りしました", Progress.NEXT: "通知書を郵便でお送りします"},
}
