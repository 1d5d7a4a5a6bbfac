"""Starts everything on one machine without Docker: ``python -m infra.local up``."""
