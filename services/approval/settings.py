"""What approval needs to know: only what every service does."""

from typing import ClassVar

from services.chassis import settings


class ApprovalSettings(settings.Settings):
    """Nothing of its own yet."""

    service: ClassVar[str] = "approval"


def load() -> ApprovalSettings:
    """Raises pydantic.ValidationError, which names each missing or wrong variable."""
    return settings.load(ApprovalSettings)
