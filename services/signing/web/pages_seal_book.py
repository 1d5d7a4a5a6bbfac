"""公印使用簿: each use of the seal to read, to print and to take along, and whether its record is whole."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, Response, render_template, request

from services.chassis import ledger
from services.chassis.clock import TOKYO, today
from services.chassis.web import engine, signed_in
from services.signing.queries.seal_uses import MOST, Use, uses
from services.signing.web import forms
from services.signing.web.keeping import keeper, town

blueprint = Blueprint("seal_book", __name__, template_folder="templates")
OF_THE_DECISION = ("決裁した職", "決裁の日時")
COLUMNS = ("番号", "日時", "文書番号", "文書", *OF_THE_DECISION, "行ったこと", "行った人", "理由", "ハッシュ値")
BOM = "\ufeff"  # so that a spreadsheet reads it as UTF-8


@dataclass(frozen=True)
class Month:
    """``first``: its first day."""

    first: date

    @classmethod
    def asked(cls) -> "Month":
        """The one in the address; this one, when it is none."""
        try:
            found = date.fromisoformat(f"{request.args.get('month', '')}-01")
        except ValueError:
            found = today().replace(day=1)
        return cls(min(found, today().replace(day=1)))

    @property
    def last(self) -> date:
        """Its last day."""
        return self.following.first - timedelta(days=1)

    @property
    def following(self) -> "Month":
        """The next one."""
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def before(self) -> "Month":
        """The one before."""
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def is_over(self) -> bool:
        """Whether there is a next one to look at."""
        return self.following.first <= today()

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True)
class Check:
    """Of the whole ledger.  ``rows``: how many follow from each other; ``broken``: the first that does not, or 0."""

    rows: int = 0
    broken: int = 0


@blueprint.get("/seal/ledger")
@signed_in
def get_ledger() -> str:
    """One month's uses."""
    month = Month.asked()
    found = uses_of(month)
    check = checked() if "check" in request.args else None
    return render_template(
        "signing/ledger.html", month=month, uses=found, most=MOST, check=check, seals=town(), words=forms
    )


@blueprint.get("/seal/ledger.csv")
@signed_in
def get_ledger_file() -> Response:
    """The same for a spreadsheet (RFC 4180), with the hash of each row."""
    month = Month.asked()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(line(one) for one in uses_of(month))
    headers = {"Content-Disposition": f'attachment; filename="seal-ledger-{month}.csv"', "Cache-Control": "no-store"}
    return Response(BOM + text.getvalue(), mimetype="text/csv; charset=utf-8", headers=headers)


def uses_of(month: Month) -> Sequence[Use]:
    """Under the seals that this person keeps."""
    with engine().connect() as connection:
        return uses(connection, keeper().posts, month.first, month.last)


def checked() -> Check:
    """Walk the chain from its first row."""
    with engine().connect() as connection:
        try:
            return Check(rows=ledger.verify(connection))
        except ledger.BrokenChainError as error:
            return Check(broken=error.seq)


def line(one: Use) -> tuple[str, ...]:
    """In the order of COLUMNS."""
    names, organisation = town(), town().organisation
    return (
        str(one.seq),
        f"{one.at.astimezone(TOKYO):%Y-%m-%d %H:%M:%S}",
        one.document_number,
        names.type(one.document_type).title,
        organisation.posts.get(one.decider, one.decider),
        f"{one.decided_at.astimezone(TOKYO):%Y-%m-%d %H:%M:%S}",
        forms.act(one.act),
        forms.actor(one.actor, organisation.members),
        one.reason if one.act == forms.REFUSED else "",
        one.hash,
    )
