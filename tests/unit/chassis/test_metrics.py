"""What Prometheus is told of a worker's backlog."""

from prometheus_client import CollectorRegistry

from services.chassis import metrics
from services.chassis.backlog import Backlog, Pile

NOW = 1_000_000.0
NOTHING = Backlog(NOW)


def registry(backlog: Backlog = NOTHING, alive: float = NOW, relay: str = "running") -> CollectorRegistry:
    found = CollectorRegistry()
    found.register(metrics.Backlogs(lambda: backlog, lambda: alive, lambda: {"relay": relay}, lambda: NOW))
    return found


def test_an_age_counts_on_although_nothing_is_read_any_more() -> None:
    found = registry(Backlog(read_at=NOW - 90, unpublished=Pile(2, NOW - 300)))
    assert found.get_sample_value("todoke_outbox_unpublished") == 2
    assert found.get_sample_value("todoke_outbox_unpublished_oldest_seconds") == 300
    assert found.get_sample_value("todoke_backlog_age_seconds") == 90


def test_where_nothing_waits_the_age_is_zero() -> None:
    assert registry().get_sample_value("todoke_documents_unstored_oldest_seconds") == 0


def test_kept_facts_are_told_by_state_and_reason() -> None:
    kept = {("waiting", "tsa"): Pile(3, NOW - 60), ("parked", "ValueError"): Pile(1, NOW - 5)}
    found = registry(Backlog(NOW, kept=kept))
    waiting = {"state": "waiting", "reason": "tsa"}
    assert found.get_sample_value("todoke_inbox_kept", waiting) == 3
    assert found.get_sample_value("todoke_inbox_kept_oldest_seconds", waiting) == 60
    assert found.get_sample_value("todoke_inbox_kept", {"state": "parked", "reason": "ValueError"}) == 1


def test_debts_are_told_by_site_and_messages_by_queue() -> None:
    found = registry(Backlog(NOW, debts={("b",): Pile(4, NOW - 7)}, queues={"archive.dead": 2}))
    assert found.get_sample_value("todoke_repair_debts", {"site": "b"}) == 4
    assert found.get_sample_value("todoke_queue_messages", {"queue": "archive.dead"}) == 2


def test_the_state_of_the_relay_and_the_age_of_the_sign_of_life_are_told() -> None:
    found = registry(alive=NOW - 12, relay="standing by")
    assert found.get_sample_value("todoke_thread_state", {"thread": "relay", "state": "standing by"}) == 1
    assert found.get_sample_value("todoke_sign_of_life_age_seconds") == 12


def test_an_address_that_is_no_page_makes_no_label_of_its_own() -> None:
    metrics.answered(None, 404, 0.01)
    page = b"".join(metrics.wsgi_app()({"REQUEST_METHOD": "GET", "PATH_INFO": "/metrics"}, lambda *_: None))  # type: ignore
    assert b'todoke_requests_total{page="none",status="404"}' in page
