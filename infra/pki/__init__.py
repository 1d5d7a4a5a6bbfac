"""The stand-in for the certification and time-stamping authorities that a town buys from: never in production."""
