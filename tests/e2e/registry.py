"""Every page of the five services with its states, for the checklist: one line each.

A page that answers GET and is not here fails ``test_checklist.py``.  To add one, write a line into VISITS:

    Visit("intake.get_case", "taken back", RESIDENT, "/apply/cases/{withdrawn}"),

``address`` may name in braces what ``World.names`` knows; a state that needs more than opening an address has an act.
What answers GET and is no page stands in NO_PAGE with the reason.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

import pikepdf

from infra.console.journeys.contract import values as contract_values
from infra.local.gateway import FOLDER, town_words
from services.approval.domain.handover import Handover
from services.approval.domain.tally import Gap
from services.approval.queries import DelayRow, HandoverRow
from services.archive.queries import Totals
from services.archive.queries import Waiting as Held
from services.chassis.clock import now
from services.chassis.handling import Waiting
from services.signing.domain.editions import Edition
from tests.e2e.asked import answered, answered_case, corrected, late, late_case, overdue
from tests.e2e.browsing import Person
from tests.e2e.refusing import CHIEF, HEAD, KEEPER, OFFICER
from tests.e2e.world import RESIDENT, World

# Somebody who has applied for nothing; staff are residents too.
BUYER, BUYING_HEAD, VICE_MAYOR = "小松 恵", "黒田 恵美", "新沼 和夫"
NEWCOMER, OTHER, ARCHIVIST, NOBODY = "情野 亮", "髙橋 みのり", "情野 亮", ""
HOUSING_OFFICER = "菅野 沙織"
Act = Callable[[Person, World], None]


@dataclass(frozen=True)
class Visit:
    """``page``: the endpoint of Flask, or ``error``, ``gateway``, ``dev``.  ``sampled``: looked at in every run."""

    page: str
    state: str
    who: str
    address: str
    act: Act | None = None
    sampled: bool = False

    def __str__(self) -> str:
        return f"{self.page}, {self.state}"

    @property
    def is_of_residents(self) -> bool:
        """Whether words of the office are out of place."""
        return not self.address.startswith(("/desk", "/seal", "/archive", "/post"))

    @property
    def is_framed(self) -> bool:
        """Whether it stands in the frame of a service."""
        return self.page not in ("gateway", "dev")


def press(*buttons: str) -> Act:
    """Press one button after the other, with the fields as they stand."""

    def act(person: Person, _world: World) -> None:
        for words in buttons:
            person.press(words)

    return act


def see(person: Person, _world: World) -> None:
    """Staff choose a question and a ready sentence, and look before they send."""
    for name in ("ask", "ready"):
        person.page.locator(f"input[name={name}]").first.check()
    person.press("申請者に見える形を、先に見る")


def answer_nothing(person: Person, _world: World) -> None:
    """The asked questions are sent empty."""
    person.fill({"occupancy__location": "", "occupancy__size": ""})
    person.press("送る")


def permit_for_a_time(person: Person, _world: World) -> None:
    """The seal keeper permits a type of documents until March."""
    person.page.select_option("#type", "letter")
    person.page.fill("#basis", "軽易な文書のため")
    person.press("この種類の文書を承認する")


def end_the_permit(person: Person, world: World) -> None:
    """And wants to end it."""
    permit_for_a_time(person, world)
    person.page.get_by_role("link", name="この承認をやめる").first.click()


def end_without_reason(person: Person, world: World) -> None:
    """And says no reason."""
    end_the_permit(person, world)
    person.press("包括の承認をやめる")


def stopped_edition() -> Edition:
    """A document that was changed after it was signed."""
    return Edition(
        document_id=uuid4(), number=2, case_id=uuid4(), document_type="subsidy-grant", document_number="高建第12号",
        level="B-LTA", digest="sha256", sha256="ab" * 32, made_at=now(), state="refused", reason="NoLongerValidError",
    )  # fmt: skip


def documents_stand_still(person: Person, world: World) -> None:
    """Two documents are no longer what was signed."""
    stopped = [stopped_edition(), replace(stopped_edition(), reason="DamagedDocumentError")]
    world.show(
        person, "signing", "/seal/preservation", "s-satake", signing__web__pages_preservation__stopped=stopped
    )


def one_stands_still(person: Person, world: World) -> None:
    """One of them."""
    one = stopped_edition()
    address = f"/seal/preservation/{one.document_id}"
    world.show(person, "signing", address, "s-satake", signing__web__pages_preservation__stopped_one=one)


def verify(pdf: Callable[[World], bytes]) -> Act:
    """Choose a file at the verifier."""

    def act(person: Person, world: World) -> None:
        person.attach("pdf", "通知書.pdf", "application/pdf", pdf(world))
        person.press("確かめる")

    return act


def unsigned(_world: World) -> bytes:
    """A PDF that nobody has signed."""
    out, document = io.BytesIO(), pikepdf.new()
    document.add_blank_page()
    document.save(out)
    return out.getvalue()


def send_wrong_file(person: Person, _world: World) -> None:
    """A file that is neither a photo nor a PDF."""
    person.attach("photos", "メモ.docx", "application/msword", b"PK\3\4 not a photo")
    person.tap("保存して次へ進む")
    person.page.get_by_role("alert").wait_for()


def sign_out_while_typing(person: Person, _world: World) -> None:
    """The session ends before the form is sent."""
    person.context.clear_cookies(name="todoke-intake-session")
    person.press("保存して次へ進む")


def kept_form(person: Person, world: World) -> None:
    """Sign in again: what was typed has come back."""
    sign_out_while_typing(person, world)
    person.follow("サインインして続ける")
    person.pick_myself()


def pick_person(person: Person, _world: World) -> None:
    """The stand-in of the sign-in asks who one is."""
    person.page.goto(person.base + "/inbox/")


def search(words: str) -> Act:
    """Search at the desk."""

    def act(person: Person, _world: World) -> None:
        person.page.get_by_label("案件をさがす").fill(words)
        person.press("検索")

    return act


def delays() -> list[DelayRow]:
    """Work of two services waits for two servers."""
    return [
        DelayRow(service="signing", server="tsa", count=12, since=now() - timedelta(hours=2)),
        DelayRow(service="delivery", server="mail", count=200, since=now() - timedelta(minutes=4)),
    ]


def servers_away(person: Person, world: World) -> None:
    """Nothing is parked, but work waits for servers."""
    world.show(person, "approval", "/desk/handovers", "s-konno", approval__queries__delayed=delays())


def list_while_servers_are_away(person: Person, world: World) -> None:
    """One's own list says that work waits."""
    world.show(person, "approval", "/desk/", "s-konno", approval__queries__delayed=delays())


def case_that_waits(person: Person, world: World) -> None:
    """A case whose seal waits for its timestamp."""
    world.show(
        person, "approval", f"/desk/cases/{world.names['decided']}", "s-konno", approval__queries__delayed=delays()[:1]
    )


def handovers(person: Person, world: World) -> None:
    """Parked work: waiting, sent again just now, failed again, resolved."""
    at = now() - timedelta(hours=5)
    one = Handover(
        parking_id=uuid4(), case_id=uuid4(), service="signing", fact="jp.todoke.approval.decision_made.v1",
        error="GlyphMissingError", parked_at=at,
    )  # fmt: skip
    asked = replace(one, asked_by="s-konno", asked_at=now() - timedelta(seconds=20))
    rows = [
        HandoverRow(handover=one, reception_number=world.names["decided"], failed_again=False),
        HandoverRow(handover=asked, reception_number=None, failed_again=False),
        HandoverRow(handover=asked, reception_number=None, failed_again=True),
        HandoverRow(
            handover=replace(asked, asked_at=at), reception_number=world.names["decided"], failed_again=False
        ),
    ]
    world.show(
        person, "approval", "/desk/handovers?asked=1", "s-konno",
        approval__queries__parked=rows, approval__queries__count_parked=1, approval__queries__delayed=delays(),
    )  # fmt: skip


def sum_is_wrong(person: Person, world: World) -> None:
    """A number is missing, and an application that is no case."""
    gap = Gap(first="R8-000003", last="R8-000004")
    world.show(
        person, "approval", "/desk/sum", "s-konno", approval__tallies__gaps=[gap], approval__tallies__open_now={"": 1}
    )


def sum_is_empty(person: Person, world: World) -> None:
    """Nothing was received yet."""
    world.show(
        person, "approval", "/desk/sum", "s-konno", approval__tallies__counts=[], approval__tallies__open_now={}
    )


def sites(address: str, **answers: bool) -> Act:
    """The archive while sites do not answer."""

    def act(person: Person, world: World) -> None:
        held = Held(count=2, since=now() - timedelta(hours=1))
        world.show(
            person, "archive", address, "s-seino",
            archive__web__pages__probed=answers, archive__queries__waiting=held,
        )  # fmt: skip

    return act


def empty_archive(person: Person, world: World) -> None:
    """Before the first document."""
    world.show(
        person, "archive", "/archive/", "s-seino", archive__queries__documents=[],
        archive__queries__totals=Totals(documents=0, lost=0, repaired=0, gone=0, due=0, due_soon=0),
    )  # fmt: skip


def gone_documents(person: Person, world: World) -> None:
    """No site has a document whole."""
    totals = Totals(documents=9, lost=2, repaired=3, gone=1, due=1, due_soon=2)
    world.show(person, "archive", "/archive/", "s-seino", archive__queries__totals=totals)


def outage(person: Person, world: World) -> None:
    """A server that the page needs is away."""
    world.show(person, "intake", "/apply/cases", "r-watanabe", intake__queries__own_cases=Waiting("store"))


def fault(person: Person, world: World) -> None:
    """A mistake of ours."""
    world.show(person, "intake", "/apply/cases", "r-watanabe", intake__queries__own_cases=RuntimeError("of a test"))


def desk_fault(person: Person, world: World) -> None:
    """A mistake of ours at the desk."""
    world.show(person, "approval", "/desk/", "s-konno", approval__queries__rows=RuntimeError("of a test"))


def gateway(name: str) -> Act:
    """A page that the gateway has of its own, with the words that it fills in."""

    def act(person: Person, world: World) -> None:
        html = (FOLDER / "files" / f"{name}.html").read_text("utf-8")
        for variable, text in town_words().items():
            html = html.replace(f'{{{{ env "{variable}" }}}}', text)
        world.show_html(person, f"/gateway/{name}", html)

    return act


def draft_contract(person: Person, _world: World) -> None:
    """Fill in the form of a contract, and draft."""
    person.fill({f"field-{name}": value for name, value in contract_values().items()})
    person.press("起案する")


def draft_twice(person: Person, world: World) -> None:
    """Go back after drafting, change something, and draft once more."""
    draft_contract(person, world)
    person.page.go_back()
    person.fill({"field-amount": "50000"})
    person.press("起案する")


def empty_draft(person: Person, _world: World) -> None:
    """Leave a field empty."""
    person.fill({"field-goods": ""})
    person.press("起案する")


NEW_CONTRACT = "/desk/contracts/new?kind=school-lunch-ingredients&contractor=okitama-seika"
HOUSING, ROAD = "/apply/housing-reform", "/apply/road-occupancy"
NEXT = "保存して次へ進む"
VISITS: tuple[Visit, ...] = (
    # Residents: before and while they apply.
    Visit("intake.get_start", "nobody signed in", NOBODY, "/", sampled=True),
    Visit("intake.get_start", "signed in, an unread notice", RESIDENT, "/apply/"),
    Visit("intake.get_about", "how", NOBODY, "/apply/about/how"),
    Visit("intake.get_about", "privacy", NOBODY, "/apply/about/privacy"),
    Visit("intake.get_about", "accessibility", NOBODY, "/apply/about/accessibility"),
    Visit("intake.get_procedures", "all", NOBODY, "/apply/procedures"),
    Visit("intake.get_procedures", "found", NOBODY, "/apply/procedures?q=屋根"),
    Visit("intake.get_procedures", "nothing found", NOBODY, "/apply/procedures?q=ほげほげ"),
    Visit("intake.get_procedure", "a subsidy", NOBODY, HOUSING),
    Visit("intake.get_procedure", "a permit", NOBODY, ROAD),
    Visit("intake.get_topic", "applicant", RESIDENT, f"{HOUSING}/applicant"),
    Visit("intake.get_topic", "house", RESIDENT, f"{HOUSING}/house"),
    Visit("intake.get_topic", "work", RESIDENT, f"{HOUSING}/work"),
    Visit("intake.get_topic", "work, nothing filled in", RESIDENT, f"{HOUSING}/work", press(NEXT), sampled=True),
    Visit("intake.get_topic", "house, nothing filled in", RESIDENT, f"{HOUSING}/house", press(NEXT)),
    Visit("intake.get_topic", "occupancy, nothing filled in", RESIDENT, f"{ROAD}/occupancy", press(NEXT)),
    Visit("intake.get_topic", "files", RESIDENT, f"{HOUSING}/files"),
    Visit("intake.get_topic", "files, one refused", RESIDENT, f"{HOUSING}/files", send_wrong_file),
    Visit("intake.get_topic", "account", RESIDENT, f"{HOUSING}/account"),
    Visit("intake.get_topic", "delivery", RESIDENT, f"{HOUSING}/delivery"),
    Visit("intake.get_check", "not complete", RESIDENT, f"{HOUSING}/check"),
    Visit("intake.get_done", "the number", RESIDENT, f"{ROAD}/done/{{accepted}}"),
    # Residents: their cases and notices.
    Visit("intake.get_cases", "none", NEWCOMER, "/apply/cases"),
    Visit("intake.get_cases", "many", RESIDENT, "/apply/cases"),
    Visit("intake.get_case", "accepted", RESIDENT, "/apply/cases/{accepted}"),
    Visit("intake.get_case", "examining", RESIDENT, "/apply/cases/{examining}"),
    Visit("intake.get_case", "the office asks something", RESIDENT, "/apply/cases/{asked}"),
    Visit("intake.get_correction", "what is asked", RESIDENT, "/apply/cases/{asked}/correction", sampled=True),
    Visit("intake.get_correction", "a wrong answer", RESIDENT, "/apply/cases/{asked}/correction", answer_nothing),
    Visit("intake.get_correction", "after the day", RESIDENT, "/apply/cases/{asked}/correction", late),
    Visit("intake.get_correction", "answered", RESIDENT, "/apply/cases/{asked}/correction", answered),
    Visit("intake.get_case", "asked, after the day", RESIDENT, "/apply/cases/{asked}", late_case),
    Visit("intake.get_case", "the answer is there", RESIDENT, "/apply/cases/{asked}", answered_case),
    Visit("intake.get_correction", "nothing is asked", RESIDENT, "/apply/cases/{accepted}/correction"),
    Visit("intake.get_case", "in approval", RESIDENT, "/apply/cases/{drafted}"),
    Visit("intake.get_case", "decided", RESIDENT, "/apply/cases/{decided}"),
    Visit("intake.get_case", "notice there", RESIDENT, "/apply/cases/{refused}"),
    Visit("intake.get_case", "withdrawn", RESIDENT, "/apply/cases/{withdrawn}"),
    Visit("intake.get_case", "notice read", OTHER, "/apply/cases/{granted}"),
    Visit("intake.get_withdraw", "asked once more", RESIDENT, "/apply/cases/{accepted}/withdraw"),
    Visit("intake.get_withdraw", "too late", RESIDENT, "/apply/cases/{decided}/withdraw"),
    Visit("intake.get_sent", "what was sent", RESIDENT, "/apply/cases/{accepted}/sent"),
    Visit("delivery.get_inbox", "empty", NEWCOMER, "/inbox/"),
    Visit("delivery.get_inbox", "unread first", RESIDENT, "/inbox/"),
    Visit("delivery.get_notice", "granted", OTHER, "/inbox/{granted_notice}"),
    Visit("delivery.get_notice", "refused", RESIDENT, "/inbox/{refused_notice}", sampled=True),
    Visit("delivery.get_settings", "none", NEWCOMER, "/inbox/settings"),
    Visit("delivery.get_settings", "some", RESIDENT, "/inbox/settings"),
    Visit("delivery.get_choice", "can be changed", RESIDENT, "/inbox/settings/{accepted}"),
    Visit("delivery.get_choice", "too late", RESIDENT, "/inbox/settings/{refused}"),
    Visit("posting.get_papers", "none", OFFICER, "/post/"),
    Visit("posting.get_papers", "one to post", HOUSING_OFFICER, "/post/"),
    Visit("posting.get_paper", "to post", HOUSING_OFFICER, "/post/{paper_document}", sampled=True),
    Visit("posting.get_paper", "no number", HOUSING_OFFICER, "/post/{paper_document}", press("送ったことを記録する")),
    Visit("contractor.get_contracts", "none", NEWCOMER, "/sign/"),
    # Anybody.
    Visit("verifier.get_verify", "choose a file", NOBODY, "/verify/"),
    Visit("verifier.get_code", "of a notice", NOBODY, "/verify/q/{code}", sampled=True),
    Visit("error", "no such code", NOBODY, "/verify/q/nobody-has-this"),
    Visit("verifier.post_verify", "no file", NOBODY, "/verify/", press("確かめる")),
    Visit("verifier.post_verify", "genuine", NOBODY, "/verify/", verify(lambda world: world.pdf)),
    Visit("verifier.post_verify", "altered", NOBODY, "/verify/", verify(lambda world: world.pdf + b"\n%")),
    Visit("verifier.post_verify", "unsigned", NOBODY, "/verify/", verify(unsigned), sampled=True),
    Visit("verifier.post_verify", "unreadable", NOBODY, "/verify/", verify(lambda _: b"hello")),
    # The desk.
    Visit("approval.get_cases", "my turn", OFFICER, "/desk/", sampled=True),
    Visit("approval.get_cases", "of the department", OFFICER, "/desk/?tab=department"),
    Visit("approval.get_cases", "waiting for others", OFFICER, "/desk/?tab=waiting"),
    Visit("approval.get_cases", "done", OFFICER, "/desk/?tab=done"),
    Visit("approval.get_cases", "nothing left when narrowed", OFFICER, "/desk/?procedure=x"),
    Visit("approval.get_cases", "none", NEWCOMER, "/desk/"),
    Visit("approval.get_cases", "servers away", OFFICER, "/desk/", list_while_servers_are_away),
    Visit("approval.get_case", "accepted", OFFICER, "/desk/cases/{accepted}"),
    Visit("approval.get_case", "to draft", OFFICER, "/desk/cases/{examining}?outcome=refused"),
    Visit(
        "approval.get_case", "drafted without reasons", OFFICER, "/desk/cases/{examining}?outcome=refused",
        press("起案する"),
    ),
    Visit("approval.get_case", "waits for a correction", OFFICER, "/desk/cases/{asked}"),
    Visit("approval.get_case", "nobody has answered in time", OFFICER, "/desk/cases/{asked}", overdue),
    Visit("approval.get_case", "corrected", OFFICER, "/desk/cases/{asked}", corrected),
    Visit("approval.get_correction", "asks what", OFFICER, "/desk/cases/{examining}/correction"),
    Visit(
        "approval.get_correction", "nothing picked", OFFICER, "/desk/cases/{examining}/correction",
        press("補正を求める"), sampled=True,
    ),
    Visit("approval.get_correction", "as it will be read", OFFICER, "/desk/cases/{examining}/correction", see),
    Visit("approval.get_case", "to approve", CHIEF, "/desk/cases/{drafted}"),
    Visit("approval.get_case", "to decide", HEAD, "/desk/cases/{approved}", sampled=True),
    Visit("approval.get_case", "others' turn", OFFICER, "/desk/cases/{drafted}"),
    Visit("approval.get_case", "sent back", OFFICER, "/desk/cases/{sent_back}"),
    Visit("approval.get_case", "decided", OFFICER, "/desk/cases/{decided}"),
    Visit("approval.get_case", "delivered", OFFICER, "/desk/cases/{refused}"),
    Visit("approval.get_case", "it waits for a server", OFFICER, "/desk/cases/{decided}", case_that_waits),
    Visit("approval.get_case", "withdrawn", OFFICER, "/desk/cases/{withdrawn}"),
    Visit("approval.get_case", "contract to approve", BUYING_HEAD, "/desk/cases/{contract_drafted}", sampled=True),
    Visit("approval.get_case", "contract to decide", VICE_MAYOR, "/desk/cases/{contract_approved}"),
    Visit("approval.get_case", "contract on its route", BUYER, "/desk/cases/{contract_drafted}"),
    Visit("approval.get_case", "contract sent back", BUYER, "/desk/cases/{contract_sent_back}"),
    Visit(
        "approval.get_case", "contract drafted anew with nothing in it", BUYER, "/desk/cases/{contract_sent_back}",
        empty_draft,
    ),
    Visit("approval.get_case", "contract before the contractor", BUYER, "/desk/cases/{contract_offered}"),
    Visit("approval.get_case", "contract declined", BUYER, "/desk/cases/{contract_declined}"),
    Visit("approval.get_case", "contract before the seal", BUYER, "/desk/cases/{contract_consented}"),
    Visit("approval.get_case", "contract without the seal", BUYER, "/desk/cases/{contract_not_sealed}"),
    Visit("approval.get_case", "contract concluded", BUYER, "/desk/cases/{contract_concluded}"),
    Visit("approval.get_contracts", "in every state", BUYER, "/desk/contracts", sampled=True),
    Visit("approval.get_contracts", "none", NEWCOMER, "/desk/contracts"),
    Visit("approval.get_new_contract", "nothing chosen yet", BUYER, "/desk/contracts/new"),
    Visit("approval.get_new_contract", "nothing chosen", BUYER, "/desk/contracts/new", press("内容を入力する")),
    Visit("approval.get_new_contract", "no kind of this section", NEWCOMER, "/desk/contracts/new"),
    Visit("approval.get_new_contract", "the fields", BUYER, NEW_CONTRACT),
    Visit("approval.get_new_contract", "not filled in", BUYER, NEW_CONTRACT, press("起案する"), sampled=True),
    Visit("approval.get_new_contract", "drafted before", BUYER, NEW_CONTRACT, draft_twice),
    Visit("approval.get_new_contract", "of another section", CHIEF, NEW_CONTRACT, draft_contract),
    Visit("approval.get_new_contract", "begun from a contract", BUYER, "/desk/contracts/new?of={contract_declined}"),
    Visit("approval.get_send_back", "a contract", BUYING_HEAD, "/desk/cases/{contract_drafted}/send-back"),
    Visit("approval.get_send_back", "asks why", CHIEF, "/desk/cases/{drafted}/send-back"),
    Visit("approval.get_send_back", "no reason", CHIEF, "/desk/cases/{drafted}/send-back", press("差し戻す")),
    Visit("approval.get_search", "nothing typed", OFFICER, "/desk/search"),
    Visit("approval.get_search", "found", OFFICER, "/desk/", search("わたなべ")),
    Visit("approval.get_search", "nothing found", OFFICER, "/desk/", search("どこにもない")),
    Visit("approval.get_handovers", "none", OFFICER, "/desk/handovers"),
    Visit("approval.get_handovers", "servers away", OFFICER, "/desk/handovers", servers_away),
    Visit("approval.get_handovers", "in every state", OFFICER, "/desk/handovers", handovers),
    Visit("approval.get_sum", "it holds", OFFICER, "/desk/sum"),
    Visit("approval.get_sum", "it does not hold", OFFICER, "/desk/sum", sum_is_wrong),
    Visit("approval.get_sum", "empty", OFFICER, "/desk/sum", sum_is_empty),
    Visit("approval.get_keys", "the keys", OFFICER, "/desk/keys"),
    # The seal.
    Visit("standing.get_permits", "none", KEEPER, "/seal/standing", sampled=True),
    Visit("standing.post_permit", "nothing typed", KEEPER, "/seal/standing", press("この種類の文書を承認する")),
    Visit("standing.get_permits", "one in force", KEEPER, "/seal/standing", permit_for_a_time),
    Visit("standing.get_withdraw", "why", KEEPER, "/seal/standing", end_the_permit),
    Visit("standing.post_withdraw", "no reason", KEEPER, "/seal/standing", end_without_reason),
    Visit("preservation.get_preservation", "all go on", KEEPER, "/seal/preservation"),
    Visit(
        "preservation.get_preservation", "two stand still", KEEPER, "/seal/preservation", documents_stand_still,
        sampled=True,
    ),
    Visit("preservation.get_release", "why", KEEPER, "/seal/preservation", one_stands_still),
    Visit("seal_book.get_ledger", "this month", KEEPER, "/seal/ledger", sampled=True),
    Visit("seal_book.get_ledger", "an empty month", KEEPER, "/seal/ledger?month=2020-01"),
    Visit("seal_book.get_ledger", "the record is whole", KEEPER, "/seal/ledger?check=1"),
    Visit("signing.get_documents", "one waits", KEEPER, "/seal/"),
    Visit("signing.get_document", "to permit", KEEPER, "/seal/{waiting_document}"),
    Visit("signing.get_refuse", "asks why", KEEPER, "/seal/{waiting_document}/refuse"),
    Visit(
        "signing.get_refuse", "no reason", KEEPER, "/seal/{waiting_document}/refuse", press("公印の使用を認めない")
    ),
    # The archive.
    Visit("archive.get_archive", "both sites", ARCHIVIST, "/archive/"),
    Visit("archive.get_archive", "empty", ARCHIVIST, "/archive/", empty_archive),
    Visit("archive.get_archive", "documents gone", ARCHIVIST, "/archive/", gone_documents),
    Visit("archive.get_archive", "one site away", ARCHIVIST, "/archive/", sites("/archive/", a=True, b=False)),
    Visit("archive.get_continuity", "both sites", ARCHIVIST, "/archive/continuity"),
    Visit(
        "archive.get_continuity", "one site away", ARCHIVIST, "/archive/continuity",
        sites("/archive/continuity", a=True, b=False),
    ),
    Visit(
        "archive.get_continuity", "both away", ARCHIVIST, "/archive/continuity",
        sites("/archive/continuity", a=False, b=False),
    ),
    # What goes wrong.
    Visit("error", "not found", NOBODY, "/apply/nothing-here"),
    Visit("error", "another's case", OTHER, "/apply/cases/{accepted}"),
    Visit("error", "not staff", OTHER, "/desk/"),
    Visit("error", "not the keeper", OTHER, "/seal/"),
    Visit("error", "not an archivist", OTHER, "/archive/"),
    Visit("error", "a server is away", RESIDENT, "/apply/cases", outage),
    Visit("error", "a mistake of ours", RESIDENT, "/apply/cases", fault),
    Visit("error", "a mistake of ours at the desk", OFFICER, "/desk/", desk_fault),
    Visit("error", "signed out while typing", RESIDENT, f"{HOUSING}/house", sign_out_while_typing),
    Visit("signin.get_kept_form", "what was typed is back", RESIDENT, f"{HOUSING}/house", kept_form),
    Visit("gateway", "maintenance", NOBODY, "/gateway/maintenance", gateway("maintenance")),
    Visit("gateway", "maintenance, something was sent", NOBODY, "/gateway/not-sent", gateway("not-sent")),
    Visit("gateway", "too large", NOBODY, "/gateway/too-large", gateway("too-large")),
)  # fmt: skip

# What answers GET and shows no page of its own.
IN_SIGNING = "visited in tests/integration/signing/test_contractor_checklist.py, which makes contracts"
NO_PAGE = {
    "contractor.get_contract": IN_SIGNING,
    "contractor.get_consent": IN_SIGNING,
    "contractor.get_decline": IN_SIGNING,
    "contractor.get_pack": IN_SIGNING,
    "contractor.get_contract_pdf": "a PDF",
    "contractor.get_pack_file": "a PDF",
    "posting.get_copy": "a PDF",
    "shelf_static.get_file": "style sheets and scripts",
    "shelf.get_health": "for the supervisor",
    "signin.get_sign_in": "leads to the provider",
    "signin.get_signed_in": "comes from the provider and leads on",
    "intake.get_file": "a file",
    "intake.get_thumbnail": "a picture",
    "approval.get_act": "leads back to the case",
    "approval.get_file": "a file",
    "approval.get_picture": "a picture",
    "approval.get_preview": "a PDF",
    "approval.get_contract_file": "a PDF",
    "approval.get_certificate_file": "a PDF",
    "approval.get_notice": "a PDF",
    "signing.get_notice_pdf": "a PDF",
    "seal_book.get_ledger_file": "a file",
    "delivery.get_notice_pdf": "a PDF",
}
