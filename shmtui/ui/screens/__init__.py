"""Screens over the list: what is about the machine, not about one segment."""
