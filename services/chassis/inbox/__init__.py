"""Hearing facts: each takes effect once, whatever is repeated, late, out of order or killed."""

from services.chassis.inbox.entrypoint import hears
from services.chassis.inbox.worker import Tool, Worker

__all__ = ["Tool", "Worker", "hears"]
