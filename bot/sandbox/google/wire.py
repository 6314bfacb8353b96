"""The few words that the twin's files share for what travels over the wire."""

from typing import Any

Json = dict[str, Any]
"""One JSON object as Google's REST documents name its keys."""
