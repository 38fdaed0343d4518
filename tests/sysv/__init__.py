"""Tests of sysv."""
