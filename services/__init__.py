"""Todoke's five services and the two shelves they share."""
