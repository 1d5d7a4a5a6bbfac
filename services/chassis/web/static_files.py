"""The shelf's style sheets and scripts, under an address that changes with their content: browsers keep them."""

import hashlib
from pathlib import Path

from flask import Blueprint, Response, send_from_directory

FOLDER = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
HASH_DIGITS = 12


def content_hash(folder: Path = FOLDER) -> str:
    """One hash of all files: a style sheet may name its neighbours."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:HASH_DIGITS]


def static_files(prefix: str) -> tuple[Blueprint, str]:
    """The route ``<prefix>/static/<hash>/<file>`` and the address of its folder."""
    here = f"{prefix}/static/{content_hash()}"
    blueprint = Blueprint("shelf_static", __name__)

    @blueprint.get(f"{prefix}/static/<digest>/<path:name>")
    def get_file(digest: str, name: str) -> Response:
        response = send_from_directory(FOLDER, name)
        response.headers["Cache-Control"] = FOR_EVER if here.endswith(digest) else "no-cache"
        return response

    return blueprint, here
