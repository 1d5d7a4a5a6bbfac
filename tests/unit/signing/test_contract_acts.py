"""What signing decides of contracts: who, until when, with which code."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from services.signing.domain.contracts import (
    Code,
    Contract,
    NotThePartyError,
    OfferClosedError,
    OfferExpiredError,
    OtherDocumentError,
    TooManyCodesError,
    TooSoonError,
    require_not_too_often,
)

NOW = datetime(2026, 12, 9, 3, 0, tzinfo=UTC)
TODAY = date(2026, 12, 9)


def contract() -> Contract:
    return Contract(
        document_id=uuid4(), case_id=uuid4(), draft_version=1, document_type="goods-contract",
        contract_number="R8-C000001", party="okitama-seika", subject="c-okitama", decider="construction-head",
        authority="別表第2の14", decided_at=NOW, answer_by=TODAY, offered_sha256="ab" * 32, offered_size=1000,
        offered_at=NOW, certificate_id=uuid4(),
    )  # fmt: skip


def code(**changes: object) -> Code:
    values = {"code_id": uuid4(), "document_id": uuid4(), "requested_at": NOW, "digest": "d", "sent_at": NOW}
    return Code(**values | changes)  # type: ignore[arg-type]


def test_only_the_person_of_the_contractor_answers() -> None:
    contract().require_party("c-okitama")
    with pytest.raises(NotThePartyError):
        contract().require_party("r-tsuji")


def test_a_consent_on_the_last_day_counts_and_the_day_after_it_does_not() -> None:
    given = contract()
    given.give("ab" * 32, TODAY, NOW)
    assert (given.state, given.given_at) == ("given", NOW)
    with pytest.raises(OfferExpiredError):
        contract().give("ab" * 32, TODAY + timedelta(days=1), NOW)


def test_a_consent_is_to_the_offered_document_only() -> None:
    with pytest.raises(OtherDocumentError):
        contract().give("cd" * 32, TODAY, NOW)


def test_an_answer_is_given_once() -> None:
    declined = contract()
    declined.decline(" 数量がちがう。 ", TODAY, NOW)
    assert declined.reason == "数量がちがう。"
    with pytest.raises(OfferClosedError) as closed:
        declined.give("ab" * 32, TODAY, NOW)
    assert closed.value.state == "declined"


def test_an_offer_expires_once_and_never_after_an_answer() -> None:
    late, answered = contract(), contract()
    answered.give("ab" * 32, TODAY, NOW)
    after = TODAY + timedelta(days=1)
    assert [late.expire(TODAY, NOW), late.expire(after, NOW), late.expire(after, NOW)] == [False, True, False]
    assert not answered.expire(after, NOW)


def test_a_code_is_right_once() -> None:
    found = code()
    assert [found.check("d", True, NOW), found.check("d", True, NOW)] == ["right", "spent"]


def test_a_code_lasts_ten_minutes_from_its_mail() -> None:
    assert code().check("d", True, NOW + timedelta(minutes=10)) == "right"
    assert code().check("d", True, NOW + timedelta(minutes=10, seconds=1)) == "expired"


def test_a_code_is_tried_five_times() -> None:
    found = code()
    assert [found.check("d", False, NOW) for _ in range(5)] == ["wrong"] * 4 + ["spent"]
    assert found.check("d", True, NOW) == "spent"


def test_a_code_that_was_not_sent_is_never_right() -> None:
    assert code(sent_at=None, digest="").check("", True, NOW) == "unsent"


def test_codes_are_a_minute_apart_and_five_an_hour() -> None:
    with pytest.raises(TooSoonError):
        require_not_too_often([code()], NOW + timedelta(seconds=59))
    asked = [code(requested_at=NOW - timedelta(minutes=2 * n)) for n in range(1, 6)]
    with pytest.raises(TooManyCodesError):
        require_not_too_often(asked, NOW)
    require_not_too_often(asked, NOW + timedelta(hours=1))
