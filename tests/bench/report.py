"""The results: as JSON for programs, as tables for people."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.table import Table

from tests.bench import rendering, signing
from tests.bench.figures import Figures, percentile, rate, ratio, summary
from tests.bench.hops import Hop, decision_to_inbox
from tests.bench.residents import Pressed

CLIENTS = (1, 8)


@dataclass
class Measured:
    """What the rounds gave: presses by clients, plain kombu by kind of queue, cases that went their way alone."""

    pressed: dict[int, list[Pressed]] = field(default_factory=lambda: {clients: [] for clients in CLIENTS})
    kombu: dict[str, list[float]] = field(default_factory=lambda: {"quorum": [], "classic": []})
    noticed: list[str] = field(default_factory=list)
    rounds: int = 0

    @property
    def numbers(self) -> list[str]:
        """Of what was sent in a row, by one or by many."""
        return [number for blocks in self.pressed.values() for block in blocks for number in block.numbers]


def results(
    measured: Measured, hops: Collection[Hop], noticed: Collection[UUID], pressed: Collection[UUID]
) -> Figures:
    """All figures of a run.

    ``noticed``: the cases that went their whole way alone; ``pressed``: those that were sent in a row.
    """
    alone = [hop for hop in hops if hop.case_id in noticed]
    submit = {f"clients_{clients}": submitting(blocks) for clients, blocks in measured.pressed.items()}
    kombu = {kind: summary(seconds) for kind, seconds in measured.kombu.items()}
    hop, notice = summary([one.seconds for one in alone]), summary(decision_to_inbox(alone))
    one, many = list(submit.values())
    return {
        "pipeline": {
            "submit_p50_ms": one["p50_ms"],
            "submit_p99_ms": one["p99_ms"],
            "submit_per_second": many["per_second"],
            "hop_p50_ms": hop["p50_ms"],
            "hop_p99_ms": hop["p99_ms"],
            "hop_of_kombu": ratio(hop["p50_ms"], kombu["quorum"]["p50_ms"]),
            "decision_to_inbox_p99_ms": notice["p99_ms"],
        },
        "submit": submit,
        "hops": {
            "alone": hop,
            "by_fact": by_fact(alone),
            "under_load": by_fact([one for one in hops if one.case_id in pressed]),
        },
        "kombu": kombu | {"hop_of_classic": ratio(hop["p50_ms"], kombu["classic"]["p50_ms"])},
        "decision_to_inbox": notice,
        "rounds": measured.rounds,
    }


def submitting(blocks: list[Pressed]) -> Figures:
    """Of all rounds together; the rate is the median of the rounds'."""
    rates = [rate(len(block.numbers), block.lasted) for block in blocks]
    seconds = [took for block in blocks for took in block.seconds]
    return summary(seconds) | {"per_second": round(percentile(rates, 0.5), 1), "per_second_of_rounds": rates}


def by_fact(hops: Collection[Hop]) -> Figures:
    """Each hop by itself: ``fact → hearer``."""
    found: dict[str, list[float]] = {}
    for hop in sorted(hops, key=lambda one: one.committed_at):
        found.setdefault(f"{hop.fact} → {hop.hearer}", []).append(hop.seconds)
    return {name: summary(seconds) for name, seconds in found.items()}


def show(found: Figures, console: Console) -> None:
    """The same for people."""
    table = Table("what", "p50 ms", "p99 ms", "per second", "n", title="make bench")
    for name, one in found["submit"].items():
        table.add_row(f"submit, {name.replace('_', ' ')}", *cells(one, str(one["per_second"])))
    table.add_row("decision → inbox", *cells(found["decision_to_inbox"]))
    table.add_row("hop, all of a case alone", *cells(found["hops"]["alone"]))
    for kind in ("quorum", "classic"):
        table.add_row(f"plain kombu, {kind} queue", *cells(found["kombu"][kind]))
    table.add_section()
    for name, one in found["hops"]["by_fact"].items():
        table.add_row(f"  {name}", *cells(one))
    console.print(table)
    documents = Table("one core", "documents/s", "ratio")
    for row in rendering.rows(found["rendering"]):
        documents.add_row(*map(str, row))
    for row in signing.rows(found["signing"]):
        documents.add_row(*map(str, row))
    console.print(documents)
    memory = Table("process", "peak MB", "processes")
    for name, one in found["memory"].items():
        memory.add_row(name, str(one["peak_mb"]), str(one["processes"]))
    console.print(memory)
    console.print(f"hop of kombu: {found['pipeline']['hop_of_kombu']}; machine: {found['machine']}")
    console.print(f"{found['seconds']} s in all; everything is in var/bench/results.json")


def cells(one: dict[str, Any], per_second: str = "") -> tuple[str, ...]:
    """Of one row."""
    return f"{one['p50_ms']:.1f}", f"{one['p99_ms']:.1f}", per_second, str(one["n"])
