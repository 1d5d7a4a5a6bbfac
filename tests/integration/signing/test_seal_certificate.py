"""The key is asked for nothing outside its certificate's time, however long a batch takes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from services.signing.press.jobs import _sealed
from services.signing.press.machine import Machine
from services.signing.press.orders import CertifyOrder, PressRefusedError
from services.signing.town import read_town
from tests.integration.signing.cases import Case, House


@pytest.mark.parametrize("moment", [datetime(2036, 1, 1, 0, 0, 1, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)])
def test_after_its_end_and_before_its_begin_nothing_is_signed(
    house: House, case: Case, unsigned: bytes, moment: datetime, tmp_path: Path
) -> None:
    kind = read_town(house.settings.town_dir).type("letter")
    machine = Machine(house.settings, tmp_path, None)  # type: ignore[arg-type]  # it is not reached
    order = CertifyOrder(case.document_id, kind.id, unsigned, moment)
    with time_machine.travel(moment), pytest.raises(PressRefusedError, match="SealCertificateError"):
        _sealed(machine, lambda: order.pdf, kind, order)
