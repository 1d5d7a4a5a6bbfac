"""What the pages of the stand-ins have in common: frame, style sheet, and the headers that the gateway would add."""

import logging
from pathlib import Path

from flask import Flask, Response, render_template
from flask.typing import ResponseReturnValue
from jinja2 import ChoiceLoader, FileSystemLoader

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
log = logging.getLogger(__name__)


def application(import_name: str, name: str) -> Flask:
    """A Flask application whose pages lie below ``/dev/<name>``, with its own templates in ``<name>/``."""
    log.warning("%s is a stand-in: never for production", name)
    prefix = f"/dev/{name}"
    app = Flask(import_name, static_folder=str(HERE / "static"), static_url_path=f"{prefix}/static")
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(Path(app.root_path) / "templates"), FileSystemLoader(HERE / "templates")]
    )
    app.jinja_env.globals.update(frame=f"{name}/frame.html", first_page=f"{prefix}/")
    app.register_error_handler(404, _say_nothing_is_there)
    app.after_request(_protect)
    return app


def _say_nothing_is_there(_error: Exception) -> ResponseReturnValue:
    return render_template("practice/nothing.html"), 404


def _protect(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
    return response
