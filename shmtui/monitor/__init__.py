"""Time: polls, what changed between them, verdicts, and a window read again and again."""
