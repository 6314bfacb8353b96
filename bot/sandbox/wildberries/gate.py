"""What stands before every method: whose key it is, what it opens, how often."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.wildberries import problems
from bot.sandbox.wildberries.answers import Answer
from bot.sandbox.wildberries.behaviour import Behaviour
from bot.sandbox.wildberries.buckets import Buckets
from bot.sandbox.wildberries.keys import ANALYTICS, STATISTICS, KeyFacts, KeyKind, read_key
from bot.sandbox.wildberries.limits import Host, Profile, Rule
from bot.sandbox.wildberries.world import Shop, World

_PING_RIGHTS: Mapping[Host, int] = {Host.ANALYTICS: ANALYTICS, Host.STATISTICS: STATISTICS}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and by which kind of key."""

    shop: Shop
    key: KeyFacts
    profile: Profile
    with_secret: bool

    @property
    def bucket_owner(self) -> str:
        """Whose bucket a call drains: the seller's per kind of key, and per service."""
        service = self.key.service_id or ""
        return f"{self.key.sid}/{self.profile}/{service}"


class Gate:
    """Keys, closed methods and limits."""

    def __init__(
        self, world: World, buckets: Buckets, behaviour: Behaviour, secrets: AbstractSet[str]
    ) -> None:
        self._world = world
        self._buckets = buckets
        self._behaviour = behaviour
        self._secrets = secrets
        self._withdrawn: set[str] = set()
        self.refused_by_limits = 0

    def withdraw(self, key: str) -> None:
        """Let a key be dead from now on, as if the seller had deleted it in his cabinet."""
        facts = read_key(key)
        if facts is not None:
            self._withdrawn.add(facts.key_id)

    def identify(
        self, headers: Mapping[str, str], rule: Rule, host: Host | None, now: datetime
    ) -> Caller | Answer:
        """Return who calls, or the 401 that he gets."""
        facts = read_key(headers.get("Authorization", "").removeprefix("Bearer ").strip())
        if facts is None:
            return problems.unauthorized(now, "token is missing or malformed")
        shop = self._world.shops.get(facts.sid)
        dead = self._dead(facts, now)
        if dead or shop is None:
            return problems.unauthorized(now, dead or "token is withdrawn")
        right = rule.right or (_PING_RIGHTS.get(host) if host else None)
        if right and not facts.rights & right:
            return problems.unauthorized(now, "token scope not allowed for this API route")
        with_secret = headers.get("X-Client-Secret") in self._secrets
        return Caller(shop, facts, _profile(facts, with_secret=with_secret), with_secret)

    def closed(self, caller: Caller, rule: Rule, now: datetime) -> Answer | None:
        """Return the 403 of a method that this kind of key does not open.

        A Service key needs the secret of its service, where the twin knows any.
        """
        if caller.profile is Profile.SERVICE and self._secrets and not caller.with_secret:
            return problems.forbidden(now, problems.REQUIREMENTS)
        if rule.limit(caller.profile) is None:
            detail = problems.NO_SECRET_CLOSED if rule.secret_opens else problems.BASE_CLOSED
            return problems.forbidden(now, detail)
        return None

    def admit(self, caller: Caller, rule: Rule, now: datetime) -> dict[str, str] | Answer:
        """Debit the call; return the headers of its answer, or the 429 that it gets."""
        limit = rule.limit(caller.profile)
        if limit is None or not self._behaviour.limits_on:
            return {"X-Ratelimit-Remaining": "1000"}
        all_limit = self._behaviour.global_limit
        if all_limit and not self._buckets.take(f"*/{caller.key.sid}", all_limit).allowed:
            self.refused_by_limits += 1
            return problems.globally_limited(now, caller.key.sid)
        debit = self._buckets.take(f"{rule.name}/{caller.bucket_owner}", limit)
        if debit.allowed:
            return debit.headers()
        self.refused_by_limits += 1
        return problems.too_many(now, debit.headers())

    def _dead(self, facts: KeyFacts, now: datetime) -> str | None:
        if facts.expires_at <= now:
            return "token is expired"
        if facts.test:
            return "test token is allowed in the sandbox only"
        return "token is withdrawn" if facts.key_id in self._withdrawn else None


def _profile(facts: KeyFacts, *, with_secret: bool) -> Profile:
    if facts.kind is KeyKind.PERSONAL:
        return Profile.PERSONAL
    if facts.kind is KeyKind.SERVICE:
        return Profile.SERVICE
    return Profile.BASE_WITH_SECRET if with_secret else Profile.BASE
