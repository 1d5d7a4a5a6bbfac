"""What a refused form carries back to its page, and the sentences for fields that staff and residents share.

The questions of a procedure are read by intake; these are for the small forms of all services.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import FileStorage, MultiDict

FULL_WIDTH = {code: code - 0xFEE0 for code in range(ord("！"), ord("～") + 1)} | {ord("　"): " "}
# A one-time code is typed anew: neither a kept form nor a page that comes back holds it.
ONE_TIME_CODE = "one_time_code"
NOT_TYPED = frozenset({"csrf_token", ONE_TIME_CODE})
Typed = dict[str, list[str]]
REIWA_BEFORE = 2018


@dataclass(frozen=True)
class Mistake:
    """One thing to repair.  ``field``: the name its macro got; ``at``: the id of the input the summary links to."""

    field: str
    text: str
    at: str = ""
    headline: str = ""

    @property
    def target(self) -> str:
        """The id to jump to."""
        return self.at or self.field

    @property
    def summary(self) -> str:
        """The first sentence, as the summary shows it."""
        return self.headline or self.text.split("。", 1)[0]


def typed_of(form: "Mapping[str, str]") -> Typed:
    """Everything that was typed, as lists by name (``request.form``)."""
    lists: Mapping[str, Sequence[str]] = form.to_dict(flat=False) if hasattr(form, "to_dict") else {}
    return {name: list(values) for name, values in lists.items() if name not in NOT_TYPED}


def day_fields(name: str, day: date) -> Typed:
    """A day as the macro ``date_field`` shows it, in 令和."""
    parts = {"y": day.year - REIWA_BEFORE, "m": day.month, "d": day.day}
    return {f"{name}-{part}": [str(value)] for part, value in parts.items()}


def day_of(typed: Typed, name: str) -> date | None:
    """The day that was typed there; None when there is none such."""
    year, month, day = (folded_digits("".join(typed.get(f"{name}-{part}", [])[:1])) for part in "ymd")
    try:
        return date(int(year) + REIWA_BEFORE, int(month), int(day))
    except ValueError:
        return None


def has_files(files: MultiDict[str, FileStorage]) -> bool:
    """Whether a file was chosen (``request.files``): a browser sends a part for an empty field too."""
    return any(one.filename for _, one in files.items(multi=True))


def folded_digits(text: str) -> str:
    """Full-width letters, digits and signs as ASCII, commas and spaces left out: for numbers, never for names."""
    return text.translate(FULL_WIDTH).replace(",", "").replace(" ", "")


def empty(label: str) -> str:
    """Nothing was typed."""
    return f"{label}を入力してください。"


def not_picked(label: str) -> str:
    """Nothing was chosen."""
    return f"{label}を選んでください。"


def number(label: str) -> str:
    """Not a number."""
    return f"{label}は、数字だけで入力してください。"


def amount_range(label: str, least: int, most: int) -> str:
    """Money out of range."""
    return f"{label}は、{least:,}円から{most:,}円までで入力してください。"


def too_long(label: str, most: int, text: str) -> str:
    """More characters than fit."""
    return f"{label}は{most}文字までです。いま{len(text)}文字あります。"
