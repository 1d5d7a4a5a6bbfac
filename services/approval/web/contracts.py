"""The desk's pages of contracts: the list, drafting a new one, the concluded files."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import uuid4

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.approval import queries
from services.approval.domain.case import Case
from services.approval.domain.contract import ContractKind, Contractor
from services.approval.domain.notice import propose
from services.approval.town import UnknownContractorError, UnknownProcedureError
from services.approval.use_cases.contracts import AlreadyDraftedError, DraftContract, draft_contract
from services.approval.web import contract_words, forms
from services.approval.web.contract_views import ContractRow
from services.approval.web.files import document
from services.approval.web.house import SERVICE, case_or_404, house, id_or_none, names, pages, ports, staff
from services.approval.web.refusals import REFUSALS, Refusal, refusal
from services.chassis.clock import now, today
from services.chassis.database import work_on
from services.chassis.web import Mistake, engine, signed_in, typed_of
from services.chassis.web.forms import Typed, not_picked

CHOICES = (("kind", "契約の種類"), ("contractor", "相手方"))


@dataclass(frozen=True)
class Choice:
    """What a new contract is about, and with whom."""

    kind: ContractKind
    contractor: Contractor


@pages.get("/desk/contracts")
@signed_in
def get_contracts() -> str:
    """The contracts that this person may read, the newest first."""
    viewer, page = staff().viewer, max(1, request.args.get("page", 1, type=int))
    with engine().connect() as connection:
        count = queries.count_contracts(connection, viewer)
        rows = queries.contracts(connection, viewer, page=page)
    return render_template(
        "approval/contracts.html",
        rows=[ContractRow(one, names()) for one in rows],
        kinds=kinds_of_mine(),
        page=page,
        pages=-(-count // queries.PER_PAGE),
    )


@pages.get("/desk/contracts/new")
@signed_in
def get_new_contract() -> ResponseReturnValue:
    """First the kind and the contractor, then the fields of that kind.  ``of``: a contract to begin from."""
    staff()
    before = case_or_404(request.args["of"]) if request.args.get("of") else None
    choice = chosen(before)
    if choice is None:
        return choice_page()
    return drafting_page(choice, offered(choice, before))


@pages.post("/desk/contracts/new")
@signed_in
def post_new_contract() -> ResponseReturnValue:
    """Draft it (起案).  The form's own id makes a second click the same contract."""
    actor, choice = staff().actor, chosen(None) or abort(HTTPStatus.BAD_REQUEST, contract_words.NOT_KNOWN)
    values, mistakes = forms.read_values(choice.kind.outcome, typed_of(request.form))
    if mistakes:
        return drafting_page(choice, typed_of(request.form), mistakes=mistakes)
    command = DraftContract(
        case_id=id_or_none(request.form.get("case_id", "")) or uuid4(),
        actor=actor,
        kind=choice.kind.procedure.id,
        contractor=choice.contractor.id,
        values=values,
    )
    return drafted(command, choice)


@pages.get("/desk/cases/<number>/contract.pdf")
@signed_in
def get_contract_file(number: str) -> Response:
    """The concluded contract."""
    case = case_or_404(number)
    return document(case.document or abort(HTTPStatus.NOT_FOUND), f"契約書_{number}.pdf")


@pages.get("/desk/cases/<number>/certificate.pdf")
@signed_in
def get_certificate_file(number: str) -> Response:
    """The certificate (合意締結証明書) of a concluded contract."""
    agreement = case_or_404(number).agreement
    certificate = (agreement.certificate if agreement else None) or abort(HTTPStatus.NOT_FOUND)
    return document(certificate, f"合意締結証明書_{number}.pdf")


def drafted(command: DraftContract, choice: Choice) -> ResponseReturnValue:
    """Do it, or say why not."""
    try:
        with work_on(engine(), SERVICE) as work:
            number = draft_contract(command, ports(work), now())
    except AlreadyDraftedError:
        return drafted_before(command, choice)
    except REFUSALS as error:
        return drafting_page(choice, typed_of(request.form), why_not=refusal(error, names().short))
    return redirect(url_for("approval.get_case", number=number, done="draft"), HTTPStatus.SEE_OTHER)


def drafted_before(command: DraftContract, choice: Choice) -> ResponseReturnValue:
    """A second click goes on to the contract; what was changed after the first is kept, and shown."""
    with engine().connect() as connection:
        before = queries.case_by_id(connection, command.case_id)
    if before is None or not before.agreement or before.drafts[0].drafted_by != command.actor.sub:
        abort(HTTPStatus.BAD_REQUEST, contract_words.NOT_KNOWN)
    if is_same(before, command):
        number = before.reception_number
        return redirect(url_for("approval.get_case", number=number, done="draft"), HTTPStatus.SEE_OTHER)
    return drafting_page(choice, typed_of(request.form), before=before.reception_number)


def is_same(before: Case, command: DraftContract) -> bool:
    """Whether the contract's first version says what this form says."""
    party = before.agreement.contractor if before.agreement else ""
    known = before.procedure_id, party, dict(before.drafts[0].values)
    return known == (command.kind, command.contractor, dict(command.values))


def kinds_of_mine() -> Sequence[ContractKind]:
    """The newest version of each kind of contract of this person's sections."""
    town, offices = house().town, staff().viewer.offices
    newest = (town.kind_on(one, today()) for one in sorted({known for known, since in town.kinds if since <= today()}))
    return [one for one in newest if one.procedure.section in offices]


def chosen(before: Case | None) -> Choice | None:
    """What was chosen, or what the contract of before was about; None while something is not chosen."""
    town, asked = house().town, request.values
    kind, contractor = asked.get("kind", ""), asked.get("contractor", "")
    if before and before.agreement:
        kind, contractor = before.procedure_id, before.agreement.contractor
    try:
        return Choice(town.kind_on(kind, today()), town.contractor(contractor))
    except (UnknownProcedureError, UnknownContractorError):
        return None


def offered(choice: Choice, before: Case | None) -> Typed:
    """What the form begins with."""
    if before and before.draft:
        return forms.offered(before.draft.values)
    return forms.offered(propose(choice.kind.procedure, choice.kind.outcome, {}))


def choice_page() -> ResponseReturnValue:
    """Which kind, and with whom; once something was sent, what is missing."""
    known = {"kind": {one.procedure.id for one in kinds_of_mine()}, "contractor": set(house().town.contractors)}
    missing = [(name, label) for name, label in CHOICES if request.args.get(name) not in known[name]]
    mistakes = [Mistake(name, not_picked(label)) for name, label in missing if "chosen" in request.args]
    page = render_template(
        "approval/contract_choice.html",
        kinds=kinds_of_mine(),
        contractors=house().town.contractors.values(),
        typed=typed_of(request.args),
        mistakes=mistakes,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK


def drafting_page(
    choice: Choice,
    typed: Typed,
    *,
    mistakes: Sequence[Mistake] = (),
    why_not: Refusal | None = None,
    before: str = "",
) -> ResponseReturnValue:
    """The fields of the kind, with what was typed.  ``before``: number of the contract that this form has made."""
    page = render_template(
        "approval/contract_new.html",
        choice=choice,
        outcome=choice.kind.outcome,
        case_id=id_or_none(request.form.get("case_id", "")) or uuid4(),
        typed=typed,
        mistakes=mistakes,
        refusal=why_not,
        before=before,
    )
    if why_not:
        return page, why_not.status
    wrong = HTTPStatus.CONFLICT if before else HTTPStatus.UNPROCESSABLE_ENTITY if mistakes else HTTPStatus.OK
    return page, wrong
