"""How Todoke is run: one folder per server, the town as data, the console."""
