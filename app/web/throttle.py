"""How often one address may try to log in or to get a token.

Kept in memory: each process counts for itself, and a restart forgets. The lock of an account after wrong
passwords stands in the database and does not depend on this.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Lock
from typing import Final

from starlette.requests import Request
from starlette.types import Scope

from app.errors import TooMany
from app.i18n import N_
from app.settings import settings

_TOO_OFTEN: Final = N_("Quá nhiều lần thử. Đợi {seconds:number} giây rồi thử lại.")
# The part of an IPv6 address that one subscriber usually has to himself.
_IPV6_PREFIX: Final = 64


class Throttle:
    """At most `limit` attempts in any `seconds` for one key; remembers at most `most_keys` keys.

    A refused attempt does not count, so that `retry_after` stays true.
    """

    def __init__(
        self,
        limit: int,
        *,
        seconds: float = 60.0,
        most_keys: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limit = limit
        self.seconds = seconds
        self.most_keys = most_keys
        self.clock = clock
        self._attempts: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def attempt(self, key: str) -> None:
        """Counts one attempt; raises TooMany when there were too many lately."""
        now = self.clock()
        with self._lock:
            times = self._attempts.setdefault(key, deque())
            self._attempts.move_to_end(key)
            while times and times[0] <= now - self.seconds:
                times.popleft()
            if len(times) >= self.limit:
                wait = max(1, math.ceil(times[0] + self.seconds - now))
                raise TooMany(_TOO_OFTEN, retry_after=wait, seconds=wait)
            times.append(now)
            if len(self._attempts) > self.most_keys:
                self._attempts.popitem(last=False)

    def take_back(self, key: str) -> None:
        """An attempt that turned out right does not count."""
        with self._lock:
            if times := self._attempts.get(key):
                times.pop()

    def __len__(self) -> int:
        return len(self._attempts)


def count_login(request: Request) -> None:
    """Counts an attempt to log in, or to get a token, by the caller's address; raises TooMany."""
    state = request.app.state
    if not hasattr(state, "logins"):
        state.logins = Throttle(settings().login_per_minute)
    state.logins.attempt(address_key(request.scope))


def secrets(request: Request) -> Throttle:
    """Counts wrong secrets in addresses that need no log-in; one for each application."""
    state = request.app.state
    if not hasattr(state, "secrets"):
        state.secrets = Throttle(settings().login_per_minute)
    found: Throttle = state.secrets
    return found


def address_key(scope: Scope) -> str:
    """Who calls: the address, or for IPv6 its network; behind a proxy the server has already put it right."""
    client = scope.get("client")
    if not client:
        return "unknown"
    try:
        address = ip_address(client[0])
    except ValueError:
        return str(client[0])
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(IPv6Network((int(address), _IPV6_PREFIX), strict=False))
    return str(address)
