"""The web shelf: what the pages of all services share.

``create_web`` makes a service's Flask app; ``signed_in`` and ``person`` say who is there; ``Mistake`` and ``typed_of``
carry a refused form back to its page; a page that has found its case tells the log by ``about_case``.

Templates extend a frame (``base.html`` …) and use the macros of ``macros/``.
"""

from services.chassis.logging import about_case
from services.chassis.web.app import create_web, engine, settings
from services.chassis.web.forms import Mistake, typed_of
from services.chassis.web.signin import Person, person, person_or_none, sign_in_of_person, signed_in

__all__ = [
    "Mistake",
    "Person",
    "about_case",
    "create_web",
    "engine",
    "person",
    "person_or_none",
    "settings",
    "sign_in_of_person",
    "signed_in",
    "typed_of",
]
