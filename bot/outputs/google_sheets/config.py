"""What the operator sets for Google."""

from dataclasses import dataclass
from pathlib import Path

SHEETS_URL = "https://sheets.googleapis.com"
DRIVE_URL = "https://www.googleapis.com"


@dataclass(frozen=True, slots=True)
class GoogleConfig:
    """Who may call Google, and where it is; addresses are scheme, host and port, no path.

    `token_file` holds the OAuth owner that creates files; `None` or an absent file means that the
    service accounts create them. `threads` bounds the calls in flight; each ends within
    `call_seconds`, whatever comes of it (Google itself gives up after 180). A table whose figures
    take more than `largest_body_bytes` goes over a hidden tab in parts (Google's limit is 10 MB).
    """

    credentials_files: tuple[Path, ...] = ()
    token_file: Path | None = None
    folder_id: str | None = None
    sheets_url: str = SHEETS_URL
    drive_url: str = DRIVE_URL
    gzip: bool = True
    threads: int = 16
    call_seconds: float = 200.0
    largest_body_bytes: int = 8_000_000
