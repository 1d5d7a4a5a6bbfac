"""The settings of a service as the launcher wrote them, read by whoever acts in its place."""

import importlib

from infra.local.layout import Layout
from services.chassis.settings import Settings, load


def settings_of(service: str, layout: Layout) -> Settings:
    """Raises FileNotFoundError before the first start."""
    path = layout.run / f"{service}.env"
    if not path.exists():
        raise FileNotFoundError(path)
    (kind,) = [
        found
        for found in vars(importlib.import_module(f"services.{service}.settings")).values()
        if isinstance(found, type) and issubclass(found, Settings) and found.service == service
    ]
    return load(kind, _env_file=path)
