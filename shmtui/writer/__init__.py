"""Processes that write into a segment: the program, its patterns, and the fleet."""
