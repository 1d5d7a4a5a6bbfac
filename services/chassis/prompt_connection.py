"""A connection to PostgreSQL that does not wait for ever for a server that is silent.

libpq has no time-out for reading, and ``statement_timeout`` is kept by the server, which a hung server does not do; its
kernel goes on acknowledging what we send, so that neither ``tcp_user_timeout`` nor keep-alives notice anything.
"""

from typing import Any

import psycopg

CONNECT_SECONDS = 2
STATEMENT_SECONDS = 30
GRACE_SECONDS = 1  # a living server ends a long statement itself, a little earlier


class PromptConnection(psycopg.Connection[Any]):
    """Closes itself and raises psycopg.OperationalError when the server is silent in the middle of a statement."""

    _silence = float(STATEMENT_SECONDS + GRACE_SECONDS)

    def be_patient_for(self, seconds: float) -> None:
        """How long a statement may take."""
        self._silence = seconds + GRACE_SECONDS

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """As psycopg's own, but never without an end."""
        if timeout is not None:  # waiting for a notice, not for an answer
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self._silence)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                self.pgconn.finish()  # what the server makes of the statement is not known: nobody uses this again
            raise
