"""How a handler says why it could not finish.  Any other exception is unknown: tried a few times, then parked."""


class NotYet(Exception):
    """The fact precedes its cause.  It is kept and applied after the next fact of the same case."""


class Waiting(Exception):
    """An outside server is down.  The work is kept and tried for ever, at most 60 s apart; never counted as a failure.

    ``server``: store, tsa, crl, clock, mail, signer, pin, token_full, font, press, identity, database or
    broker.
    """

    def __init__(self, server: str) -> None:
        super().__init__(server)
        self.server = server


class PermanentError(Exception):
    """Trying again does not help: parked at once, for a person.  Services derive their own from it.

    ``code``: what the person is told, where it says more than the error's name.
    """

    code: str = ""
