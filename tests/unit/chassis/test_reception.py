import uuid
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from services.chassis.clock import now
from services.chassis.handling import NotYet, PermanentError, Waiting
from services.chassis.inbox.reception import TRIES, database_is_down, envelope_of, judge, next_try
from services.messages import DecodingError, Envelope

ENVELOPE = Envelope(
    id=uuid.uuid4(), source="intake", type="jp.todoke.intake.application_submitted.v1", subject=str(uuid.uuid4()),
    time=datetime(2026, 11, 24, tzinfo=UTC), correlationid="c", sequence=1, ledgerhead="", data={},
)  # fmt: skip


def test_an_outage_is_never_counted_as_a_failure() -> None:
    assert judge(Waiting("tsa"), 10_000).state == "waiting"


def test_a_fact_before_its_cause_is_held_and_never_parked() -> None:
    assert judge(NotYet(), 10_000).state == "held"


def test_a_permanent_error_is_parked_at_once() -> None:
    assert judge(PermanentError(), 1).state == "parked"


def test_an_unknown_error_is_tried_some_times_then_parked() -> None:
    assert [judge(ValueError(), tries).state for tries in (1, TRIES - 1, TRIES)] == ["failing", "failing", "parked"]


def test_the_reason_is_the_errors_name_and_never_its_text() -> None:
    assert judge(ValueError("髙橋 みのり"), TRIES).reason == "ValueError"


@pytest.mark.parametrize("tries", [0, 3, 6, 7, 1_000_000])
def test_tries_are_at_most_a_minute_apart(tries: int) -> None:
    assert next_try(tries) - now() <= timedelta(seconds=60)


def test_only_our_own_database_counts_as_down() -> None:
    assert database_is_down(sa.exc.OperationalError("", {}, Exception()))
    assert not database_is_down(ConnectionError())


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", '{"specversion": "1.0"}', {"specversion": "0.3"}, 7])
def test_what_is_no_message_of_ours_is_refused(body: object) -> None:
    with pytest.raises(DecodingError):
        envelope_of(body)


def test_a_message_comes_back_from_its_json() -> None:
    assert envelope_of(ENVELOPE.to_json().encode()) == ENVELOPE
