"""``python -m services.intake.web.api`` writes docs/openapi.json anew."""

from services.intake.web.api.contract import COPY, text

COPY.write_text(text(), "utf-8")
