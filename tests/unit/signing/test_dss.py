"""Validation data after the last signature stand in one form: what differs from it by one byte is not read."""

import io
from collections.abc import Iterator
from datetime import date

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.signing.dss import Dss, DssFormError, append_dss, read_dss
from services.signing.rendering import Issue, Order, Renderer
from tests.unit.signing import glyphs, notices

FIRST = Dss((b"\x30\x03one", b"\x30\x03two"), (b"\x30\x04list",))
SECOND = Dss((b"\x30\x05three",), (b"\x30\x05later",))
DATA = st.lists(st.binary(min_size=1, max_size=60), max_size=3).map(tuple)


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    renderer = Renderer(tmp_path_factory.mktemp("press"), glyphs.FONT_DIRS)
    return renderer.render(Order(notices.grant(), None, Issue("高建第1号", date(2026, 12, 9), b"{}", notices.ADDRESS)))


def revisions(pdf: bytes) -> Iterator[tuple[bytes, bytes, Dss]]:
    """Before, after, and what was added: the first time, and once more."""
    first = append_dss(pdf, FIRST)
    yield pdf, first, FIRST
    yield first, append_dss(first, SECOND), SECOND


def test_a_reader_of_pdf_finds_the_data_of_both_revisions(pdf: bytes) -> None:
    *_, (_, whole, _) = revisions(pdf)
    with pikepdf.open(io.BytesIO(whole)) as read:
        found = {
            name: [item.read_raw_bytes() for item in read.Root.DSS[name]] for name in ("/Certs", "/CRLs")
        }
        assert found == {
            "/Certs": [*FIRST.certificates, *SECOND.certificates],
            "/CRLs": [*FIRST.crls, *SECOND.crls],
        }
        assert read.Root.Lang == "ja-JP"
        assert not read.check_pdf_syntax()


def test_what_was_there_stays_byte_for_byte(pdf: bytes) -> None:
    for before, after, added in revisions(pdf):
        assert after.startswith(before)
        assert read_dss(after, len(before)) == added


def test_one_changed_bit_is_in_the_data_or_is_refused(pdf: bytes) -> None:
    for before, after, added in revisions(pdf):
        refused = 0
        for place in range(len(before), len(after)):
            altered = after[:place] + bytes([after[place] ^ 1]) + after[place + 1 :]
            try:
                assert read_dss(altered, len(before)) != added
            except DssFormError:
                refused += 1
        assert refused == len(after) - len(before) - sum(len(data) for data in sum(added.lists, ()))


@pytest.mark.parametrize("change", [lambda end: end[:-1], lambda end: end + b"\n", lambda end: end * 2, lambda _: b""])
def test_a_cut_or_longer_revision_is_refused(pdf: bytes, change: object) -> None:
    assert callable(change)
    for before, after, _ in revisions(pdf):
        with pytest.raises(DssFormError):
            read_dss(before + change(after[len(before) :]), len(before))


@given(lists=st.tuples(DATA, DATA).filter(any))
def test_whatever_is_added_is_read_again(pdf: bytes, lists: tuple[tuple[bytes, ...], ...]) -> None:
    added = Dss(*lists)
    assert read_dss(append_dss(pdf, added), len(pdf)) == added


def test_a_revision_that_adds_nothing_is_refused(pdf: bytes) -> None:
    with pytest.raises(DssFormError):
        read_dss(append_dss(pdf, Dss()), len(pdf))


@given(junk=st.binary(max_size=200))
def test_what_is_no_file_of_ours_is_refused_by_name(junk: bytes) -> None:
    with pytest.raises(DssFormError):
        append_dss(junk, FIRST)
    with pytest.raises(DssFormError):
        read_dss(junk, 0)
