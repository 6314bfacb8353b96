"""The last gate before a line leaves us: secrets and personal data become what they were.

A line is scrubbed as the finished text, whoever made it: vendors' libraries and tracebacks
quote addresses, headers and answers as they like. Patterns take too much rather than too
little, but leave alone what an operator searches for: product numbers, Telegram ids, instants.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

_BASE64URL: Final = "[A-Za-z0-9_-]"
_QUOTE: Final = r"(?:\\*[\"'])?"
_NAMES: Final = (
    "authorization|x-client-secret|x-api-key|client_secret|private_key|refresh_token"
    "|access_token|id_token|api_key|password|passwd"
)

_PATTERNS: Final = (
    # A private key as text or as a JSON string, whole or cut off.
    (
        re.compile(
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----[A-Za-z0-9+/=\s\\]*"
            r"(?:-----END [A-Z ]*PRIVATE KEY-----)?"
        ),
        "[private key]",
    ),
    # scheme://user:password@host, to the last @ of the word: a password may hold one too.
    (
        re.compile(
            r"((?<![a-z0-9+.-])[a-z][a-z0-9+.-]*://[^\s:/@\"'<>]{0,128}):[^\s\"'<>]{1,256}@",
            re.IGNORECASE,
        ),
        r"\1:[password]@",
    ),
    # A bot's token, also inside the path of an address.
    (re.compile(rf"(?<!\d)\d+(?::|%3A){_BASE64URL}{{30,}}"), "[bot token]"),
    # A JSON Web Token or the beginning of one: {"…, { "… and {\n… in base64.
    (re.compile(rf"ey[JAK]{_BASE64URL}{{10,}}(?:\.{_BASE64URL}*){{0,2}}"), "[jwt]"),
    # Our sealed envelopes, bare Fernet tokens, and keys of Fernet (32 bytes in base64).
    (re.compile(rf"\bv1:[^\s:\"']{{1,64}}:{_BASE64URL}{{10,}}={{0,2}}"), "[sealed]"),
    (re.compile(rf"gAAAA{_BASE64URL}{{10,}}={{0,2}}"), "[sealed]"),
    (re.compile(rf"(?<!{_BASE64URL}){_BASE64URL}{{43}}=(?![\w=-])"), "[key]"),
    # Google's access and refresh tokens and client secrets.
    (re.compile(r"\b(?:ya29\.|1//|GOCSPX-)[A-Za-z0-9._/-]{8,}"), "[google token]"),
    # Name and value of a secret header or field, in any notation of pairs.
    (
        re.compile(
            rf"\b({_NAMES})({_QUOTE}\s*[:=]\s*b?{_QUOTE}|\\*[\"']\s*,\s*b?\\*[\"'])"
            r"(?:(?:bearer|basic|token)\s+)?(?!\[)[^\s\"'\\,;)}\]]+",
            re.IGNORECASE,
        ),
        r"\1\2[secret]",
    ),
    (re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE), r"\1 [secret]"),
    # An e-mail, Cyrillic ones too, plain or percent-encoded.
    (re.compile(r"(?<![\w.+%-])[\w.+%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    # A phone with its plus, or a Russian one of eleven digits without it; not a part of a word,
    # of a longer number or of a fraction.
    (re.compile(r"\+\d(?:[ \u00a0().-]{0,2}\d){9,14}(?!\d)"), "[phone]"),
    (
        re.compile(
            r"(?<![\w.])[78][ \u00a0(-]{0,2}[3-9]\d{2}[ \u00a0)-]{0,2}\d{3}"
            r"[ \u00a0-]?\d{2}[ \u00a0-]?\d{2}(?!\w|\.\d)"
        ),
        "[phone]",
    ),
)


def scrub(text: str) -> str:
    """Return `text` with secrets and personal data replaced by what they were."""
    for pattern, stand_in in _PATTERNS:
        text = pattern.sub(stand_in, text)
    return text


def scrubber(secrets: Iterable[str]) -> Callable[[str], str]:
    """Return a `scrub` that also knows these values, whatever they look like.

    Values under 8 characters are left to the patterns: they would tear words apart.
    """
    known = sorted({secret for secret in secrets if len(secret) >= 8}, key=len, reverse=True)  # noqa: PLR2004 - said above
    exact = re.compile("|".join(map(re.escape, known))) if known else None

    def scrub_all(text: str) -> str:
        return scrub(exact.sub("[secret]", text) if exact else text)

    return scrub_all
