"""An instance that exists on paper only."""

from pathlib import Path

import pytest

from infra.local.layout import Layout


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "state", 9999, 39000)
