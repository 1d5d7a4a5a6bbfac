"""Stands in for the town's mail server: takes every mail, sends none, and shows each to whoever asks."""
