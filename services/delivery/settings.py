"""What delivery needs to know beside what every service does."""

from typing import ClassVar

from services.chassis import settings


class DeliverySettings(settings.Settings):
    """``mail_from``: the address that the town's mails come from."""

    service: ClassVar[str] = "delivery"

    smtp_host: str = "127.0.0.1"
    smtp_port: int = 25
    mail_from: str


def load() -> DeliverySettings:
    """Raises pydantic.ValidationError, which names each missing or wrong variable."""
    return settings.load(DeliverySettings)
