"""The kernel's System V shared memory, one file a subject. Usable as a library."""
