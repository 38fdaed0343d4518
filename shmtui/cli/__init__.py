"""The command line: the same capabilities without the screen."""
