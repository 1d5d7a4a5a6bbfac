"""``python -m infra.local.mail --smtp-port N --http-port M``: keeps its mails below TODOKE_STATE_DIR."""

import argparse
import os
from pathlib import Path

from infra import wsgi
from infra.local.mail.box import Box
from infra.local.mail.catcher import server
from infra.local.mail.pages import create_app


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="infra.local.mail", description=__doc__)
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    ports = parser.parse_args()
    box = Box(Path(os.environ["TODOKE_STATE_DIR"]) / "mail")
    catcher = server(box, ports.smtp_port)
    wsgi.serve(lambda: create_app(box), ports.http_port, on_start=catcher.start, on_stop=catcher.stop)


if __name__ == "__main__":
    main()
