"""What tests of acts share with those of the verdicts that they rely on."""

from tests.monitor.conftest import creator

__all__ = ["creator"]
