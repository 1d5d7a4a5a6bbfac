"""A member of the staff at a browser without scripts."""

import re
from collections.abc import Callable
from html import unescape
from typing import Protocol

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

FORM = re.compile(r'<form[^>]*action="([^"]+)" method="post"[^>]*>(.*?)</form>', re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
INPUT = re.compile(r'<input class="input" id="(field-\w+)"[^>]*? value="([^"]*)"')
AREA = re.compile(r'<textarea class="input" id="([\w-]+)"[^>]*>\n(.*?)</textarea>', re.DOTALL)


class Numbered(Protocol):
    """A case that was filed."""

    number: str


class Desk:
    """One member of the staff at a browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, path: str) -> TestResponse:
        return self.client.get(path)

    def case(self, filed: Numbered, query: str = "") -> str:
        answer = self.open(f"/desk/cases/{filed.number}{query}")
        assert answer.status_code == 200
        return answer.text

    def fields(self, page: str, ending: str) -> tuple[str, dict[str, str]]:
        """Address and fields of the form whose address ends so, as they stand."""
        action, inside = next(found for found in FORM.findall(page) if found[0].endswith(ending))
        found = (*HIDDEN.findall(inside), *INPUT.findall(inside), *AREA.findall(inside))
        return action, {name: unescape(value) for name, value in found}

    def press(self, page: str, ending: str, **typed: str) -> TestResponse:
        """Fill in a form of the page and press its button."""
        action, fields = self.fields(page, ending)
        return self.client.post(action, data=fields | {name.replace("_", "-", 1): one for name, one in typed.items()})

    def act(self, filed: Numbered, ending: str, **typed: str) -> str:
        """Open the case, press, and follow to the page that comes after."""
        answer = self.press(self.case(filed), ending, **typed)
        assert answer.status_code == 303, answer.text
        return self.open(answer.location).text


Browse = Callable[[str], Desk]
