"""Altered files: each attack that is known against signed PDFs, made on our own notices and contracts at every level."""
