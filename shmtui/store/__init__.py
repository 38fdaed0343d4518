"""Files of the program: where they are, settings, logs. Atomic, 0600."""
