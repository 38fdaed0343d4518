"""Bytes to lines of spans. Pure functions, one file a view."""
