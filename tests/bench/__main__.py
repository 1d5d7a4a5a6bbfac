"""``python -m tests.bench``: several rounds in turn, then the table and var/bench/results.json."""

import json
import os
import time

from rich.console import Console

from infra.local.layout import REPOSITORY, Layout
from infra.local.system import System, running
from services.chassis.clock import now
from tests.bench import machine, rendering, report, signing
from tests.bench.broker import Reference
from tests.bench.hops import all_hops, cases_of, wait_for_calm, wait_for_notice
from tests.bench.report import CLIENTS, Measured
from tests.bench.residents import Residents, press_all
from tests.bench.staff import Staff

FOLDER = REPOSITORY / "var" / "bench"
PORT, BASE = int(os.environ.get("TODOKE_PORT") or 9070), int(os.environ.get("TODOKE_BASE") or 26080)
# On a slow machine the last rounds are left out; three have 30 notices.
ROUNDS, LEAST_ROUNDS, ENOUGH_SECONDS, WARM_UP = 5, 3, 150, 3
NOTICES, PINGS = 10, 20
ALONE, TOGETHER = 30, 80


class Bench:
    """One run on one instance."""

    def __init__(self, system: System, console: Console) -> None:
        self._system, self._console = system, console
        self._residents = Residents(system)
        self.measured = Measured()

    def run(self) -> None:
        """All rounds; the first presses and notices warm everything up and are not counted."""
        with Reference(self._system, "quorum") as quorum, Reference(self._system, "classic") as classic:
            references = {"quorum": quorum, "classic": classic}
            with Staff(self._system) as staff:
                self._warm_up(staff, references)
                begun = time.monotonic()
                while self.measured.rounds < LEAST_ROUNDS or self._goes_on(begun):
                    self._round(staff, references)
                    self.measured.rounds += 1
                    self._console.print(f"  round {self.measured.rounds} of {ROUNDS}: {time.monotonic() - begun:.0f} s")
        self._residents.close()

    def _goes_on(self, begun: float) -> bool:
        return self.measured.rounds < ROUNDS and time.monotonic() - begun < ENOUGH_SECONDS

    def _warm_up(self, staff: Staff, references: dict[str, Reference]) -> None:
        for resident in self._residents.prepare(WARM_UP):
            number, _ = resident.press()
            staff.decide(number)
            wait_for_notice(self._system, number)
        for reference in references.values():
            reference.measure(PINGS)
        press_all(self._residents.prepare(max(CLIENTS)), max(CLIENTS))
        wait_for_calm(self._system)

    def _round(self, staff: Staff, references: dict[str, Reference]) -> None:
        for resident in self._residents.prepare(NOTICES):
            number, _ = resident.press()
            staff.decide(number)
            wait_for_notice(self._system, number)
            self.measured.noticed.append(number)
            for kind, reference in references.items():
                self.measured.kombu[kind] += reference.measure(PINGS)
        for clients, count in zip(CLIENTS, (ALONE, TOGETHER), strict=True):
            residents = self._residents.prepare(count)
            wait_for_calm(self._system)
            self.measured.pressed[clients].append(press_all(residents, clients))
            wait_for_calm(self._system)


def main() -> None:
    """Measure on a fresh instance, write results.json, print the table."""
    console, begun, load = Console(), time.monotonic(), os.getloadavg()[0]
    System(Layout(FOLDER, PORT, BASE)).remove()
    console.print(f"starting a town of its own in {FOLDER.relative_to(REPOSITORY)}")
    with running(FOLDER, PORT, BASE) as system:
        bench = Bench(system, console)
        bench.run()
        noticed, pressed = (cases_of(system, each) for each in (bench.measured.noticed, bench.measured.numbers))
        results = report.results(bench.measured, all_hops(system), noticed, pressed)
        results |= {"memory": machine.peaks(system), "versions": machine.versions_of(system)}
    console.print("rendering notices on one core")
    results |= {"rendering": rendering.measure()}
    console.print("signing on one core")
    results |= {"signing": signing.measure()}
    results |= {"machine": machine.machine(load), "at": now().isoformat(timespec="seconds")}
    results["seconds"] = round(time.monotonic() - begun)
    (FOLDER / "results.json").write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n")
    report.show(results, console)


if __name__ == "__main__":
    main()
