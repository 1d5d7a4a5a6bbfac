"""What intake needs to know: only what every service does."""

from typing import ClassVar

from services.chassis import settings


class IntakeSettings(settings.Settings):
    """Nothing of its own yet."""

    service: ClassVar[str] = "intake"


def load() -> IntakeSettings:
    """Raises pydantic.ValidationError, which names each missing or wrong variable."""
    return settings.load(IntakeSettings)
