"""The shelf of machinery: settings, database, outbox, inbox, objects, ledger, logging, health, web.

Nothing here knows a word of the trade.
"""
