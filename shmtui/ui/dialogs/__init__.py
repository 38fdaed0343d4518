"""Dialogs: they ask, and return a value or nothing."""
