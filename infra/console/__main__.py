"""``todoke``: the command line of Todoke."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from infra.local.layout import Layout

app = typer.Typer(
    name="todoke",
    help="Todoke (届): applications filed online, decided electronically, delivered as signed documents.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console()
JSON = Annotated[bool, typer.Option("--json", help="print JSON")]


@app.command()
def status(as_json: JSON = False) -> None:
    """Show processes, servers, queues, dead letters, sites, cases by state and the sum that must hold."""
    from infra.console.status import status as ask

    document = ask(Layout.of_environment())
    if as_json:
        print(json.dumps(document, ensure_ascii=False, indent=1, default=str))
    else:
        show_status(document)
    if not document["processes"]:
        raise typer.Exit(1)


@app.command()
def verify(
    files: Annotated[list[Path], typer.Argument(help="PDF files")],
    trust: Annotated[Path | None, typer.Option(help="PEM file with root certificates to trust")] = None,
    towns: Annotated[Path | None, typer.Option(help="folder with towns.toml and the roots of other towns")] = None,
    report: Annotated[Path | None, typer.Option(help="write a validation report (ETSI TS 119 102-2, XML)")] = None,
    as_json: JSON = False,
) -> None:
    """Say of each FILE whether it is valid, invalid or indeterminate, and why.  Exit 0 only if all are valid."""
    from infra.console.verify import verify_files, write_report

    if report and len(files) != 1:
        raise typer.BadParameter("a report is about one file", param_hint="--report")
    verdicts = verify_files(files, trust, Layout.of_environment(), towns)
    if report and "sha256" in verdicts[0]:
        write_report(verdicts[0], report)
    if as_json:
        print(json.dumps(verdicts, ensure_ascii=False, indent=1))
    else:
        for verdict in verdicts:
            show_verdict(verdict)
    raise typer.Exit(0 if verdicts and all(v["verdict"] == "valid" for v in verdicts) else 1)


@app.command()
def trace(
    number: Annotated[str, typer.Argument(help="of a case, such as R8-000001")],
    as_json: JSON = False,
) -> None:
    """Show one case's way through all services: when each fact was said, published and handled, and by whom."""
    from infra.console import trace as way

    try:
        document = way.trace(number, Layout.of_environment())
    except way.UnknownNumberError as error:
        print(f"todoke: {error}", file=sys.stderr)
        raise typer.Exit(1) from error
    if as_json:
        print(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        console.print(way.table_of(document))


@app.command()
def demo() -> None:
    """Run the journey on the running system and write var/demo."""
    from infra.console.demo import DemoError, run

    try:
        run(Layout.of_environment(), console)
    except DemoError as error:
        print(f"todoke: {error}", file=sys.stderr)
        raise typer.Exit(1) from error


def show_status(document: dict[str, Any]) -> None:
    """The status as tables."""
    if not document["processes"]:
        console.print("Nothing runs. `make up` starts everything.")
        return
    console.print(f"[bold]{document['url']}[/bold]  servers: {document['servers']}")
    processes = Table("process", "pid", "state")
    for one in document["processes"]:
        processes.add_row(one["name"], str(one["pid"]), one["state"])
    console.print(processes)
    waiting = Table("service", "unpublished", "unstored", "debts", "kept")
    for name, one in document["services"].items():
        waiting.add_row(name, *(_with_age(one, key) for key in ("unpublished", "unstored", "repair_debts", "kept")))
    console.print(waiting)
    queues = document["queues"]
    depths = {name: one["messages"] for name, one in queues.items() if isinstance(one, dict) and one.get("messages")}
    console.print(f"queues with messages: {depths or 'none'}; dead letters: {document['dead_letters']}")
    console.print(f"sites: {document['sites']}")
    console.print(f"metrics, by port: {document['metrics']}")
    console.print(f"cases: {document['cases']}")


def show_verdict(verdict: dict[str, Any]) -> None:
    """Whose it is, since when, until when; or why not."""
    print(f"{verdict['verdict']}: {verdict['file']}")
    if verdict["verdict"] == "valid":
        print(f"  signed by {verdict['signer']} ({verdict['town']}), {verdict['signed_at']}, unchanged since")
        print(f"  can be checked until {verdict['valid_until']}")
    for reason in verdict["reasons"]:
        print(f"  {reason}")


def _with_age(service: dict[str, Any], key: str) -> str:
    since = service.get("since", {}).get(key)
    return f"{service.get(key, '?')} since {since}" if since else str(service.get(key, "?"))


if __name__ == "__main__":
    app()
