"""How long to wait before trying again what failed without naming a time."""

from datetime import datetime
from random import Random

FIRST_SECONDS = 60.0
LONGEST_SECONDS = 1800.0


def backoff_seconds(
    since: datetime, now: datetime, random: Random, *, time_scale: float = 1.0
) -> float:
    """Return about as long as we have been trying already: a minute to half an hour, jittered.

    `since` is when the trying began; `time_scale` divides the wait.
    """
    age_seconds = (now - since).total_seconds() * time_scale
    longest = min(max(age_seconds, FIRST_SECONDS), LONGEST_SECONDS)
    return random.uniform(longest / 2, longest) / time_scale
