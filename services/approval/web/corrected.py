"""What was asked of the applicant and what came back (補正), as the page of a case shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import url_for

from services.approval.domain.case import Case
from services.approval.domain.correction import Answer, Change, Correction, changes, label_of


@dataclass(frozen=True)
class Round:
    """One request and its answer, if there is one.  ``place``: from 1; ``of``: how many there are."""

    case: Case
    correction: Correction
    answer: Answer | None
    place: int

    @property
    def title(self) -> str:
        """補正; with its place when the applicant was asked more than once."""
        return f"補正（{self.place}回め）" if len(self.case.corrections) > 1 else "補正"

    @property
    def asked(self) -> Sequence[tuple[str, str]]:
        """Label and note of each question."""
        one = self.correction
        return [(label_of(one.application, asked), asked.note) for asked in one.questions]

    @property
    def changes(self) -> Sequence[Change]:
        """What the answer says otherwise than the application before."""
        return list(changes(self.correction.application, self.answer.application)) if self.answer else []

    @property
    def is_waited_for(self) -> bool:
        """Whether the case waits for just this answer."""
        return self.case.waits_until is not None and self.correction is self.case.corrections[-1]

    @property
    def files(self) -> Iterator[tuple[str, str]]:
        """Name and address of each file that was there before."""
        for one in self.correction.application.attachments:
            number = self.case.reception_number
            yield one["name"], url_for("approval.get_file", number=number, file_id=one["id"], before=self.place)


def rounds(case: Case) -> list[Round]:
    """All of a case, the newest first."""
    answers = {one.correction_id: one for one in case.answers}
    numbered = enumerate(case.corrections, 1)
    return [Round(case, one, answers.get(one.correction_id), place) for place, one in numbered][::-1]
