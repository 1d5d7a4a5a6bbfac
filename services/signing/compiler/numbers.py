"""Numbers as people write them: in digits of either width, in kanji (三十一, 三一, 六拾) or mixed (3十)."""

import re
import unicodedata

DIGITS = {kanji: value for value, kanji in enumerate("〇一二三四五六七八九")} | {"零": 0, "壱": 1, "弐": 2}
POWERS = {"十": 10, "拾": 10, "百": 100, "千": 1000}
# Signs of no width, and selectors of a variant.
UNSEEN = ("Cf", "Mn")
NUMBER = re.compile(rf"[0-9{''.join(DIGITS)}{''.join(POWERS)}]+")


def plain(text: str) -> str:
    """Every number in half-width digits, every sign in its usual form; to compare, never to keep."""
    seen = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) not in UNSEEN)
    return NUMBER.sub(lambda found: _in_digits(found[0]), seen)


def _in_digits(written: str) -> str:
    digits = "".join(str(DIGITS.get(one, one)) for one in written)
    return digits if digits.isdecimal() else str(_value(digits))


def _value(written: str) -> int:
    """Of digits with powers of ten between: 3十1 is 31, 十 is 10."""
    parts = re.findall(r"([0-9]*)(\D?)", written)
    return sum(int(count or 1) * POWERS[power] if power else int(count or 0) for count, power in parts)
