"""Caught mails as pages below ``/dev/mail``."""

import math
import re

import flask
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from infra.local import practice
from infra.local.mail.box import Box

MAILS_PER_PAGE = 50
ADDRESS = re.compile(r"""(https?://[^\s<>"'\x7f-\U0010ffff]*[\w/=&#%-])""", re.ASCII)
LINK = Markup('<a href="{0}">{0}</a>')


def create_app(box: Box) -> flask.Flask:
    """The whole application."""
    app = practice.application(__name__, "mail")
    pages = Pages(box)
    app.add_template_filter(linked)
    app.add_url_rule("/dev/mail/", "list", pages.get_list)
    app.add_url_rule("/dev/mail/<name>", "mail", pages.get_mail)
    return app


class Pages:
    """Over one box."""

    def __init__(self, box: Box) -> None:
        self._box = box

    def get_list(self) -> ResponseReturnValue:
        """Newest first, by pages."""
        names = self._box.names()
        last = max(1, math.ceil(len(names) / MAILS_PER_PAGE))
        page = flask.request.args.get("page", 1, type=int)
        if not 1 <= page <= last:
            flask.abort(404)
        shown = names[(page - 1) * MAILS_PER_PAGE : page * MAILS_PER_PAGE]
        mails = [mail for mail in map(self._box.find, shown) if mail]
        return flask.render_template("mail/list.html", mails=mails, count=len(names), page=page, last=last)

    def get_mail(self, name: str) -> ResponseReturnValue:
        """One mail."""
        mail = self._box.find(name)
        if mail is None:
            flask.abort(404)
        return flask.render_template("mail/mail.html", mail=mail)


def linked(text: str) -> Markup:
    """The text with its web addresses as links."""
    parts = ADDRESS.split(text)  # every second part is an address
    return Markup("").join(LINK.format(part) if place % 2 else escape(part) for place, part in enumerate(parts))
