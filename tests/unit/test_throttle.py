"""Attempts per address: counted, refused with an honest wait, forgotten in time, never without bound."""

from __future__ import annotations

import pytest

from app.errors import TooMany
from app.web.throttle import Throttle, address_key


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_attempt_after_the_limit_is_refused_with_the_time_to_wait() -> None:
    clock = Clock()
    throttle = Throttle(2, seconds=60, clock=clock)
    throttle.attempt("a")
    clock.now += 20
    throttle.attempt("a")
    with pytest.raises(TooMany) as refused:
        throttle.attempt("a")
    assert refused.value.retry_after == 40
    clock.now += 39
    with pytest.raises(TooMany):
        throttle.attempt("a")
    clock.now += 1
    throttle.attempt("a")


def test_the_window_slides_instead_of_starting_anew() -> None:
    clock = Clock()
    throttle = Throttle(2, seconds=60, clock=clock)
    for _ in range(2):
        throttle.attempt("a")
        clock.now += 50
    throttle.attempt("a")
    with pytest.raises(TooMany) as refused:
        throttle.attempt("a")
    assert refused.value.retry_after == 10


def test_one_address_does_not_use_up_anothers_attempts() -> None:
    throttle = Throttle(1, clock=Clock())
    throttle.attempt("a")
    throttle.attempt("b")
    with pytest.raises(TooMany):
        throttle.attempt("a")


def test_memory_is_bounded_and_the_longest_silent_is_forgotten_first() -> None:
    throttle = Throttle(1, most_keys=3, clock=Clock())
    for key in "abc":
        throttle.attempt(key)
    with pytest.raises(TooMany):
        throttle.attempt("a")
    throttle.attempt("d")
    assert len(throttle) == 3
    with pytest.raises(TooMany):
        throttle.attempt("a")
    throttle.attempt("b")


@pytest.mark.parametrize(
    ("client", "key"),
    [
        (("203.0.113.7", 1), "203.0.113.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("2001:db8:1:2::9", 1), "2001:db8:1:2::/64"),
        (("::ffff:203.0.113.7", 1), "203.0.113.7"),
        (("testclient", 1), "testclient"),
        (None, "unknown"),
    ],
)
def test_an_ipv6_subscriber_is_one_address(client: tuple[str, int] | None, key: str) -> None:
    assert address_key({"type": "http", "client": client}) == key
