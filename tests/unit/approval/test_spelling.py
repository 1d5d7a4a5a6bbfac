"""A name is found however a keyboard writes it."""

import pytest

from services.approval.domain.spelling import FOLDED, LEFT_OUT, folded


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("髙橋 みのり", "高橋"),
        ("渡邉　正", "渡辺正"),
        ("辻\U000e0100 \U00020bb7子", "辻吉子"),
        ("齋藤", "斉藤"),
        ("R8-000412", "Ｒ８－０００４１２"),
    ],
)
def test_variants_and_widths_are_folded(stored: str, typed: str) -> None:
    assert folded(typed) in folded(stored)


def test_what_is_folded_is_folded_for_good() -> None:
    assert all(folded(one) == one.lower() for one in FOLDED.values())
    assert all(len(one) == 1 for one in (*FOLDED, *FOLDED.values()))
    assert folded(LEFT_OUT) == ""
