"""The web process of a service: a Flask app behind the town's gateway."""

from collections.abc import Sequence
from typing import Any, Literal

import sqlalchemy as sa
from flask import Blueprint, Flask, Response
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from services.chassis import database, logging
from services.chassis.clock import today
from services.chassis.settings import Settings
from services.chassis.web import filters
from services.chassis.web.error_pages import answer_errors
from services.chassis.web.provider import Provider
from services.chassis.web.request_log import keep_log
from services.chassis.web.shelf import engine, settings, shelf
from services.chassis.web.signin import person_or_none, post_signed_out_elsewhere, signin
from services.chassis.web.static_files import static_files
from services.chassis.web.town import read_town

__all__ = ["create_web", "engine", "settings"]
UPLOAD_BYTES = 110_000_000
# A page says within ten seconds that the database is away: this, and the time to find no new connection either.
PATIENCE_SECONDS = 5
FILTERS = (
    filters.wareki, filters.wareki_time, filters.clock, filters.wareki_text, filters.yen, filters.phrases,
    filters.plain_name, filters.file_size, filters.fullwidth, filters.notice_date, filters.lines,
    filters.unbroken,
)  # fmt: skip
Frame = Literal["resident", "desk"]


def create_web(
    values: Settings,
    *,
    blueprints: Sequence[Blueprint],
    prefix: str,
    frame: Frame = "resident",
    source: sa.Engine | None = None,
    upload_bytes: int = UPLOAD_BYTES,
) -> Flask:
    """The app of one service.

    ``prefix``: the first part of the service's addresses; static files, sign-in and health live under it.
    ``frame``: whose frame error pages take.  ``source``: the database, else made from the settings.
    Raises OSError when the town's folder has no ``town.toml``.
    """
    logging.configure(values.service, "web")
    app = Flask(values.service, static_folder=None, template_folder=None)
    app.config.update(_configuration(values, upload_bytes))
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    app.extensions["todoke.settings"] = values
    app.extensions["todoke.engine"] = source or database.engine(values, patience=PATIENCE_SECONDS)
    app.extensions["todoke.prefix"] = prefix
    app.extensions["todoke.provider"] = Provider(app, values)
    keep_log(app)
    _protect_forms(app)
    static_address = _mount(app, blueprints, prefix)
    _prepare_templates(app, values, static_address, prefix, frame)
    answer_errors(app)
    app.after_request(_keep_private)
    return app


def _configuration(values: Settings, upload_bytes: int) -> dict[str, Any]:
    is_https = values.public_url.startswith("https:")
    return {
        "SECRET_KEY": values.secret_key.get_secret_value(),
        "SESSION_COOKIE_NAME": f"{'__Host-' if is_https else ''}todoke-{values.service}-form",
        "SESSION_COOKIE_SECURE": is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": upload_bytes,
        "WTF_CSRF_TIME_LIMIT": None,  # a form may stay open for a day
    }


def _protect_forms(app: Flask) -> None:
    protection = CSRFProtect(app)
    protection.exempt(post_signed_out_elsewhere)  # the provider's server sends it, and signs it


def _mount(app: Flask, blueprints: Sequence[Blueprint], prefix: str) -> str:
    files, address = static_files(prefix)
    app.register_blueprint(files)
    app.register_blueprint(shelf, url_prefix=prefix)
    app.register_blueprint(signin, url_prefix=prefix)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    return address


def _prepare_templates(app: Flask, values: Settings, static_address: str, prefix: str, frame: Frame) -> None:
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.i18n")
    environment.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update({each.__name__: each for each in FILTERS})
    environment.globals.update(
        town=read_town(values.town_dir),
        static=lambda name: f"{static_address}/{name}",
        shelf_prefix=prefix,
        error_frame="desk_base.html" if frame == "desk" else "base.html",
        home="/desk/" if frame == "desk" else "/",
    )
    app.context_processor(lambda: {"signed_in_person": person_or_none(), "today": today()})


def _keep_private(response: Response) -> Response:
    """Pages speak of a person: no cache keeps them.  Static files have said otherwise before."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response
