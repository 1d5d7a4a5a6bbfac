"""A town with a case in every state, for looking at pages; and pages in states that a whole town seldom shows."""

import io
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from unittest.mock import patch

import pikepdf
from flask import Flask
from rich.console import Console

from infra.console import applying, correcting, deciding
from infra.console.houses import settings_of
from infra.console.journeys import Paper
from infra.console.steps import until
from infra.console.visitor import Visitor
from infra.local.layout import HOST, SERVICES, Layout
from tests.e2e import bargaining, refusing
from tests.e2e.browsing import Person
from tests.web_support import sign_in_as

STATES = ("accepted", "examining", "asked", "drafted", "approved", "sent_back", "decided", "refused", "withdrawn")
RESIDENT, KANA, MAIL = "渡邉 正", "わたなべ ただし", "tadashi@example.jp"


@dataclass
class World:
    """``names``: what an address may name in braces: the number of a case in each state, ids of documents."""

    layout: Layout
    names: dict[str, str] = field(default_factory=dict)
    apps: dict[str, Flask] = field(default_factory=dict)

    @classmethod
    def of(cls, layout: Layout, granted: str, pdf: bytes) -> "World":
        """``granted``: the number of a case that went the whole way, whose notice is ``pdf``."""
        world = cls(layout, {"granted": granted, "code": code_on(pdf)})
        world.pdf = pdf
        for state in STATES:
            world.names[state] = number = refusing.file(layout.url, RESIDENT, KANA, MAIL)
            getattr(world, f"_{state}")(number)
        world._on_paper()
        world.names |= bargaining.in_every_state(layout)
        return world

    pdf: bytes = b""

    def app(self, service: str) -> Flask:
        """The pages of a service, in this process, over the databases of the town."""
        if service not in self.apps:
            pages = import_module(f"services.{service}.web.pages")
            self.apps[service] = pages.create_app(settings_of(service, self.layout))
        return self.apps[service]

    def show(self, person: Person, service: str, address: str, sub: str, **instead: Any) -> None:
        """The page as it is while ``instead`` answers: dotted names of functions, with a result or an exception."""
        app = self.app(service)
        client = app.test_client()
        sign_in_as(app, client, sub, person.name, host=HOST)
        with ExitStack() as stack:
            for name, answer in instead.items():
                raised = isinstance(answer, Exception)
                how = {"side_effect": answer} if raised else {"return_value": answer}
                stack.enter_context(patch(f"services.{name.replace('__', '.')}", **how))
            html = client.get(address, base_url=self.layout.url).text
        self.show_html(person, address, html)

    def show_html(self, person: Person, address: str, html: str) -> None:
        """A page as the browser gets it, with the style sheets of the town."""
        url = self.layout.url + address
        person.page.route(url, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        person.page.goto(url)
        person.page.unroute(url)

    def endpoints(self) -> dict[str, set[str]]:
        """Every page that the five services answer, with the methods."""
        found: dict[str, set[str]] = {}
        for service in SERVICES:
            for rule in self.app(service).url_map.iter_rules():
                found.setdefault(rule.endpoint, set()).update(rule.methods or ())
        return found

    def _accepted(self, number: str) -> None:
        deciding.open_case(refusing.staff(self.layout.url, refusing.OFFICER), number)

    def _examining(self, number: str) -> None:
        deciding.examine(refusing.staff(self.layout.url, refusing.OFFICER), number)

    def _asked(self, number: str) -> None:
        self._examining(number)
        officer = refusing.staff(self.layout.url, refusing.OFFICER)
        questions = ["occupancy.location", "occupancy.size", "files.photos"]
        notes = {"occupancy__size": "歩道に残る幅が分かりません。"}
        correcting.ask(officer, number, questions, "場所の地図とちがいます。", **notes)

    def _drafted(self, number: str) -> None:
        refusing.draft(self.layout.url, number)

    def _approved(self, number: str) -> None:
        self._drafted(number)
        refusing.approve(self.layout.url, number)

    def _sent_back(self, number: str) -> None:
        self._drafted(number)
        chief = refusing.staff(self.layout.url, refusing.CHIEF)
        deciding.open_case(chief, number)
        chief.submit(button="差し戻す")
        chief.submit({"comment": "道路の幅を書いてください。"}, button="差し戻す")

    def _decided(self, number: str) -> None:
        document_number = refusing.refuse(self.layout.url, number)
        keeper = Visitor(self.layout.url, refusing.KEEPER)
        applying.sign_in(keeper, "/seal/")
        found = until(lambda: document_number in keeper.open("/seal/").text or None, "the document at the seal")
        assert found
        self.names["waiting_document"] = keeper.follow(document_number).url.rsplit("/", 1)[-1]

    def _refused(self, number: str) -> None:
        document_number = refusing.refuse(self.layout.url, number)
        refusing.deliver(self.layout.url, number, document_number, RESIDENT)
        self.names["refused_notice"] = self._notice(RESIDENT, number)
        self.names["granted_notice"] = self._notice("髙橋 みのり", self.names["granted"])

    def _on_paper(self) -> None:
        """A signed notice that the office has to post."""
        journey = Paper(self.layout, Console(quiet=True))
        for act in journey.acts()[: Paper.SIGNED]:
            act()
        self.names["paper_document"] = journey.said("delivery_failed").envelope.data["document_id"]

    def _withdrawn(self, number: str) -> None:
        resident = Visitor(self.layout.url, RESIDENT)
        applying.sign_in(resident, f"/apply/cases/{number}/withdraw")
        resident.submit(button="申請を取り下げる")

    def _notice(self, name: str, number: str) -> str:
        reader = Visitor(self.layout.url, name)
        applying.sign_in(reader, "/inbox/")
        page = reader.open("/inbox/")
        return page.row_link(number).rsplit("/", 1)[-1]


def code_on(pdf: bytes) -> str:
    """The id that the QR code of a notice gives."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (address,) = {str(note.A.URI) for note in document.pages[-1].Annots if note.Subtype == "/Link"}
    return address.rsplit("/", 1)[-1]
