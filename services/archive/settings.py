"""What archive needs to know: only what every service does."""

from typing import ClassVar

from services.chassis import settings


class ArchiveSettings(settings.Settings):
    """Nothing of its own yet."""

    service: ClassVar[str] = "archive"


def load() -> ArchiveSettings:
    """Raises pydantic.ValidationError, which names each missing or wrong variable."""
    return settings.load(ArchiveSettings)
