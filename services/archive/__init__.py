"""Archive (保存): keeps the signed documents on both sites, whole, for as long as the town's records rules ask.

Decides whether a site's copy is whole and locked long enough, and when a document counts as archived.
Hears document_signed, contract_concluded, paper_posted (a paper is the original then), replica_lost (its own: the
repair) and retry_requested.
Says document_archived, replica_lost and replica_repaired.
"""
