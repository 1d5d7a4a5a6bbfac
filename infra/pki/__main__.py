"""``python -m infra.pki init|serve|crls``: see README.md."""

import argparse
import os
from pathlib import Path

from infra import wsgi
from infra.pki import seal_token
from infra.pki.authority import Authority, fresh_crls
from infra.pki.responder import Responder


def main() -> None:
    """Read the command line."""
    options = _options()
    if options.command == "serve":
        wsgi.serve(lambda: Responder(options.state), options.port)
    elif options.command == "crls":
        for path in fresh_crls(options.to, Authority(options.state).architecture()):
            print(path)
    else:
        key = seal_token.make(options.softhsm, os.environ["TODOKE_PKCS11_PIN"], os.environ["TODOKE_PKCS11_SO_PIN"])
        Authority(options.state).establish(options.base_url, key)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="infra.pki", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    init = commands.add_parser("init", help="make keys, token and certificates where they are missing")
    init.add_argument("--softhsm", type=Path, required=True)
    init.add_argument("--base-url", required=True)
    serve = commands.add_parser("serve", help="answer OCSP, CRL and timestamp requests")
    serve.add_argument("--port", type=int, required=True)
    crls = commands.add_parser("crls", help="write fresh revocation lists of every authority")
    crls.add_argument("--to", type=Path, required=True)
    for command in (init, serve, crls):
        command.add_argument("--state", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
