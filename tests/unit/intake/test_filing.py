"""A whole form at once becomes one application, whoever sends it again."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from services.intake.domain.calendar import Calendar
from services.intake.domain.draft import Attachment, Draft, IncompleteDraftError, ProcedureClosedError
from services.intake.domain.procedure import Period, Procedure
from services.intake.use_cases import FileApplication, Submission, file_application, read
from services.messages import ApplicationSubmitted
from tests.holidays import HOLIDAYS
from tests.unit.intake.conftest import NOW, TODAY
from tests.unit.intake.memory import Memory

Fields = dict[str, dict[str, list[str]]]
OFFICE = Calendar(HOLIDAYS.is_open)


@pytest.fixture
def command(procedure: Procedure, fields: Fields, draft: Draft) -> FileApplication:
    photo = Attachment(
        id=uuid.uuid4(), question="photos", name="屋根.jpg", media_type="image/jpeg", size=9, sha256="a" * 64
    )
    draft.attachments.append(photo)
    values = {
        topic.id: read(topic, fields[topic.id], TODAY, draft.count_files()).values for topic in procedure.form.topics
    }
    return FileApplication(draft=draft, values=values, claims={}, shown=lambda _: [])


def send(command: FileApplication, procedure: Procedure, memory: Memory) -> Submission:
    return file_application(command, procedure, OFFICE, memory.ports(), NOW)


def test_it_is_recorded_with_consent_and_said(command: FileApplication, procedure: Procedure) -> None:
    memory = Memory()
    sent = send(command, procedure, memory)
    (fact,) = memory.said
    assert isinstance(fact, ApplicationSubmitted)
    assert (fact.reception_number, fact.digital, len(fact.attachments)) == (str(sent.number), True, 1)
    assert memory.standing == {("r-tsuji", "housing-reform"): NOW}
    assert memory.kept[command.draft.case_id].submitted


def test_sent_again_it_gives_the_number_it_got(command: FileApplication, procedure: Procedure) -> None:
    memory = Memory()
    first = send(command, procedure, memory)
    again = send(replace(command, draft=replace(command.draft, submitted=False)), procedure, memory)
    assert again == Submission(first.number, again=True)
    assert len(memory.said) == 1


def test_a_form_that_lacks_an_answer_is_no_application(command: FileApplication, procedure: Procedure) -> None:
    memory = Memory()
    lacking = replace(command, values=dict(command.values) | {"house": {}})
    with pytest.raises(IncompleteDraftError):
        send(lacking, procedure, memory)
    assert not memory.said


def test_a_closed_procedure_takes_none(command: FileApplication, procedure: Procedure) -> None:
    closed = replace(procedure, period=Period(TODAY - timedelta(days=9), TODAY - timedelta(days=1)))
    with pytest.raises(ProcedureClosedError):
        send(command, closed, Memory())
