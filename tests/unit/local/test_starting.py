"""The launcher starts each thing after what it needs, and no more than is wanted."""

import time

import pytest

from infra.local.program import NotReadyError, Program, Step, StepFailedError
from infra.local.starting import Plan, Start, StartError, chosen, in_order, wait_until_ready
from infra.local.supervising import ProcessState, Supervisor


class Keeper(Supervisor):
    """Pretends to run what it is told to."""

    def __init__(self, layout, ends_at_once: str = "") -> None:
        super().__init__(layout)
        self.started: list[str] = []
        self.ends_at_once = ends_at_once

    def processes(self) -> dict[str, ProcessState]:
        return {name: self._state(name) for name in PLAN}

    def start(self, name: str) -> None:
        self.started.append(name)

    def _state(self, name: str) -> ProcessState:
        runs = name in self.started and name != self.ends_at_once
        return ProcessState(name, "RUNNING" if runs else "EXITED", 1, 0, "")


def program(name: str, *after: str, ready=lambda: None) -> Program:
    return Program(name=name, command=("true",), ready=ready, after=after)


def never() -> None:
    raise NotReadyError("no answer")


PLAN: Plan = {
    item.name: item
    for item in (
        program("web", "tables"),
        Step(name="tables", act=lambda: None, after=("database",)),
        program("database"),
        Step(name="roles", act=lambda: None, after=("database",), attached_to="database"),
        program("broker"),
    )
}


def test_a_thing_comes_after_what_it_needs() -> None:
    order = in_order(PLAN)
    assert order.index("database") < order.index("tables") < order.index("web")


def test_only_what_is_wanted_and_what_that_needs_is_chosen() -> None:
    assert set(chosen(PLAN, ["web"])) == {"web", "tables", "database", "roles"}


def test_a_step_attached_to_a_program_goes_with_it() -> None:
    assert set(chosen(PLAN, ["database"])) == {"database", "roles"}


def test_everything_chosen_is_started_once_and_measured(layout) -> None:
    keeper = Keeper(layout)
    seconds = Start(chosen(PLAN, ["web", "broker"]), keeper, lambda *_: None).run()
    assert sorted(keeper.started) == ["broker", "database", "web"]
    assert set(seconds) == set(PLAN)


def test_one_failure_ends_the_waiting_for_all_others(layout) -> None:
    layout.log.mkdir(parents=True)
    plan: Plan = {item.name: item for item in (program("broker", ready=never), program("web", ready=never))}
    begun = time.monotonic()
    with pytest.raises(StartError, match="web is not ready"):
        Start(plan, Keeper(layout, ends_at_once="web"), lambda *_: None).run()
    assert time.monotonic() - begun < 5


def test_a_step_that_fails_names_its_log_which_holds_the_whole_trace(layout) -> None:
    layout.log.mkdir(parents=True)
    plan: Plan = {"tables": Step(name="tables", act=lambda: {}["no such key"])}
    with pytest.raises(StepFailedError, match=r"tables failed \(KeyError\); see .*tables.log"):
        Start(plan, Keeper(layout), lambda *_: None).run()
    assert "no such key" in (layout.log / "tables.log").read_text()


def test_a_program_that_ends_is_reported_with_the_end_of_its_log(layout) -> None:
    layout.log.mkdir(parents=True)
    (layout.log / "broker.log").write_text("first line\ncannot open the door\n")
    with pytest.raises(StartError, match=r"(?s)broker is not ready.*cannot open the door") as caught:
        wait_until_ready(program("broker", ready=never), Keeper(layout, ends_at_once="broker"))
    assert "no answer" in str(caught.value)
