"""Altered files: each attack known against signed PDFs, made on our own notices and contracts at every level."""
