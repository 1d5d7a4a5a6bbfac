"""The periods that a 教示 names: of which remedy each is, from which day it runs, and how long it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

REVIEW, SUIT = "審査請求", "取消しの訴え"
DECISION, RULING = "決定", "裁決"
# Where an appeal was made, the suit's time runs from the ruling: no variant may name this.
DECISION_ALL_THE_SAME = "審査請求をした場合も決定"
KNOWN, DAY = "知った日の翌日から起算して", "日の翌日から起算して"
COUNTER = "(?:か|ヶ|ヵ|カ|ケ|箇|個)?"
MONTHS = f"{COUNTER}月"
END = "(?:以?内|まで|[をが](?:経過し(?:た|て)|経過する|過ぎ(?:た|る)))"
LENGTH = rf"、?(?P<count>\d+)(?P<unit>{COUNTER}年|{MONTHS}|日|週)間?{END}"
# Not the three months after which one may sue without a ruling (行政事件訴訟法8条2項).
PERIOD = re.compile(
    r"(?P<known>知った|受け取った|受けた)?(?P<start>日(?:の翌日)?から(?:起算して)?)"
    rf"{LENGTH}(?!も、?(?:なお)?、?裁決)"
)
UNREAD = re.compile(rf"起算(?!して{LENGTH}).{{0,10}}")
BASE = re.compile(f"{RULING}|{DECISION}|処分")
WORD = re.compile(r"(?P<review>審査請求)(?!に対する|に係る|の裁決|をした|があ)|訴え|取消訴訟|提起|出訴")
BOTH = re.compile(r"審査請求(?:の提起)?(?:及び|又は|並びに|も|や)[^。]{0,12}訴え")
TOPIC = re.compile(r"(?:(?P<review>審査請求)|訴え|取消訴訟)(?:について|に関して|の場合)?は")
APPEALED = "審査請求をした"
BRACKET = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True)
class Period:
    """``of``: what it is counted from, the decision or the ruling; ``start``: from which day."""

    remedy: str
    of: str
    start: str
    length: str

    def __str__(self) -> str:
        known = self.start.startswith("知った")
        return f"{self.remedy}：{self.of}{'があったことを' if known else 'の'}{self.start}{self.length}"


@dataclass(frozen=True)
class Place:
    """A text without its brackets, or one of them, and what stands around it."""

    before: str
    text: str
    after: str


def periods(text: str) -> list[Period]:
    """Every period in a text of half-width digits without spaces."""
    return [one for place in _places(text) for one in _periods(place)]


def flat(text: str) -> str:
    """Without anything in brackets."""
    while (shorter := BRACKET.sub("", text)) != text:
        text = shorter
    return text


def _places(text: str) -> Iterator[Place]:
    yield Place("", flat(text), "")
    opened: list[int] = []
    for at, sign in enumerate(text):
        if sign == "(":
            opened.append(at)
        elif sign == ")" and opened:
            start = opened.pop()
            yield Place(flat(text[:start]), flat(text[start + 1 : at]), flat(text[at + 1 :]))


def _periods(place: Place) -> Iterator[Period]:
    end = 0
    for found in PERIOD.finditer(place.text):
        lead = _last_sentence(place.text[end : found.start()])
        of = _base(lead, _last_sentence(place.before + place.text[: found.start()]))
        start, length = ("知った" if found["known"] else "") + found["start"], found["count"] + _unit(found["unit"])
        for remedy in _remedies(place, lead, found):
            yield Period(remedy, of, start, length)
        end = found.end()


def _base(lead: str, sentence: str) -> str:
    if BASE.findall(lead)[-1:] == [RULING]:
        return RULING
    return DECISION_ALL_THE_SAME if APPEALED in sentence else DECISION


def _unit(written: str) -> str:
    return {"月": "か月", "年": "年"}.get(written[-1], written)


def _remedies(place: Place, lead: str, found: re.Match[str]) -> list[str]:
    """The one that the sentence is about, or that follows, or, of a bracket, to which it is attached."""
    if topics := list(TOPIC.finditer(lead)):
        return [_remedy(topics[-1])]
    tail = _first_sentence(place.text[found.end() :])
    return _following(tail) or _around(place, place.text[: found.start()])


def _around(place: Place, inside: str) -> list[str]:
    *_, near = PERIOD.split(place.before)
    attached = [*WORD.finditer(_last_sentence(near))][-1:]
    if attached:
        return [_remedy(attached[0])]
    return _following(_first_sentence(place.after)) or [_remedy(one) for one in [*WORD.finditer(inside)][-1:]]


def _following(text: str) -> list[str]:
    first, both = WORD.search(text), BOTH.search(text)
    if both and first and both.start() == first.start():
        return [REVIEW, SUIT]
    return [_remedy(first)] if first else []


def _remedy(found: re.Match[str]) -> str:
    return REVIEW if found["review"] else SUIT


def _first_sentence(text: str) -> str:
    return text.split("。", maxsplit=1)[0]


def _last_sentence(text: str) -> str:
    return text.rsplit("。", maxsplit=1)[-1]
