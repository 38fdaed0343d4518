"""shmtui: the htop of System V shared memory."""

__version__ = "0.1.0"
