"""Looking at what is really stored."""

from tests.storage.conftest import rows_of

__all__ = ["rows_of"]
