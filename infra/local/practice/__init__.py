"""What the pages of the stand-ins have in common: frame, style sheet, and the headers that the gateway would add."""

from pathlib import Path

from flask import Flask, Response
from jinja2 import ChoiceLoader, FileSystemLoader

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def application(import_name: str, prefix: str) -> Flask:
    """A Flask application whose pages lie below ``prefix``; its own templates come first."""
    app = Flask(import_name, static_folder=str(HERE / "static"), static_url_path=f"{prefix}/static")
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(Path(app.root_path) / "templates"), FileSystemLoader(HERE / "templates")]
    )
    app.after_request(_protect)
    return app


def _protect(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
    return response
