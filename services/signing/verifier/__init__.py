"""The verifier's parts: what is known here, how a stranger's file is examined, and what our own reader finds in it."""
