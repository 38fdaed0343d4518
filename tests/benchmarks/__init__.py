"""Figures, printed side by side; never a timed test."""
