"""``python -m infra.local.signin --port N``: see settings.py for the environment."""

import argparse

from infra import wsgi
from infra.local.signin.pages import create_app
from infra.local.signin.settings import load


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="infra.local.signin", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    settings = load()
    wsgi.serve(lambda: create_app(settings), port)


if __name__ == "__main__":
    main()
