"""Lines of handlers that run at the same time each name their own case, where a fact is said and where it is heard."""

import json
from collections.abc import Iterator
from typing import Any

from tests.integration.chassis.conftest import Toy, eventually


def lines(toy: Toy, event: str) -> Iterator[dict[str, Any]]:
    for text in toy.log.read_text().splitlines():
        if text.startswith("{"):
            line = json.loads(text)
            if line["event"] == event:
                yield line


def test_handlers_side_by_side_do_not_mix_their_cases(sayer: Toy, hearer: Toy) -> None:
    cases = {str(case) for case in sayer.say("waiting", count=30)}
    eventually(lambda: {line["case_id"] for line in lines(hearer, "fact_kept")} == cases)
    assert all(line["correlation_id"] == line["case_id"] for line in lines(hearer, "fact_kept"))


def test_a_message_has_the_same_case_where_it_is_said_and_where_it_is_heard(sayer: Toy, hearer: Toy) -> None:
    cases = {str(case) for case in sayer.say(count=30)}
    eventually(lambda: len(list(lines(hearer, "fact_handled"))) == 30)
    said, heard = (
        {line["message_id"]: line["correlation_id"] for line in lines(toy, event)}
        for toy, event in ((sayer, "fact_published"), (hearer, "fact_handled"))
    )
    assert said == heard
    assert set(said.values()) == cases


def test_each_line_says_which_service_it_is_of_in_every_green_thread(sayer: Toy, hearer: Toy) -> None:
    sayer.say()
    eventually(lambda: any(lines(hearer, "fact_handled")))
    (line,) = lines(hearer, "fact_handled")
    assert (line["service"], line["process"]) == ("archive", "worker")
