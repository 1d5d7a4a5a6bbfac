"""Who keeps a seal (公印管守者), and the town that the seal is of."""

from http import HTTPStatus

from flask import abort

from services.chassis.clock import today
from services.chassis.web import person, settings
from services.signing.domain import Keeper
from services.signing.town import Town, read_town
from services.signing.web import forms


def keeper() -> Keeper:
    """The person with the keeper's posts of today; anyone else is told that the page is not theirs."""
    held = town().organisation.posts_of(person().sub, today()) & town().keepers
    if not held:
        abort(HTTPStatus.FORBIDDEN, forms.KEEPER_ONLY)
    return Keeper(subject=person().sub, posts=held)


def town() -> Town:
    """Seals, types of documents, posts."""
    return read_town(settings().town_dir)
