"""The trade does not depend on the framework: eventlet is deprecated and must be replaceable in a week."""

import subprocess
import sys

import pytest

SERVICES = ("intake", "approval", "signing", "delivery", "archive")
HEAVY = ("eventlet", "nameko", "kombu", "flask", "sqlalchemy", "minio", "pyhanko", "typst")


@pytest.mark.parametrize("service", SERVICES)
def test_domain_and_use_cases_load_without_framework_database_or_store(service: str) -> None:
    code = (
        f"import sys, services.{service}.domain, services.{service}.use_cases\n"
        f"print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == ""
