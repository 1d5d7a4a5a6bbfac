"""``make bench``: how fast the whole is, on an instance of its own, and next to it what the broker alone takes."""
