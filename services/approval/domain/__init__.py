"""What approval knows of its trade: the town's organisation and by-laws, cases, drafts, routes and notices."""
