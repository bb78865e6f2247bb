"""The map's geometry: fitted, to scale, north up; nothing stands on anything else where there is room."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reports.map import (
    LEAST_METRES,
    METRES_IN_DEGREE,
    NARROW,
    SMALL,
    TAP,
    WIDE,
    Corner,
    Feature,
    Place,
    Size,
    draw,
    fit,
    middle_of,
    nice_length,
)

SON, HUYNH = (108.0139, 15.5378), (108.0252, 15.5282)
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW, SMALL])
CORNERS = st.tuples(st.floats(102, 110), st.floats(8, 24))


def features(*corners: Corner) -> list[Feature]:
    return [Feature(n, "construction", [corner]) for n, corner in enumerate(corners, start=1)]


@SIZES
def test_north_is_up_and_east_is_right(size: Size) -> None:
    frame = fit([SON, HUYNH], size)
    (x, y), (far_x, far_y) = frame.spot(SON), frame.spot(HUYNH)
    assert x < far_x
    assert y < far_y


@SIZES
def test_a_metre_is_as_long_eastward_as_northward(size: Size) -> None:
    frame = fit([SON, HUYNH], size)
    (x, y), (east, _), (_, north) = (
        frame.spot(c) for c in (SON, (SON[0] + 0.01, SON[1]), (SON[0], SON[1] + 0.01))
    )
    shrink = math.cos(math.radians((SON[1] + HUYNH[1]) / 2))
    assert (east - x) / (y - north) == pytest.approx(shrink, rel=0.01)
    assert (y - north) * frame.metres == pytest.approx(0.01 * METRES_IN_DEGREE, rel=0.01)


@SIZES
@given(corners=st.lists(CORNERS, min_size=1, max_size=8))
def test_everything_stands_within_the_margins_and_fills_them(size: Size, corners: list[Corner]) -> None:
    frame = fit(corners, size)
    spots = [frame.spot(corner) for corner in corners]
    for x, y in spots:
        assert size.left - 0.1 <= x <= size.width - size.right + 0.1
        assert size.top - 0.1 <= y <= size.height - size.bottom + 0.1
    wide, high = (max(part) - min(part) for part in zip(*spots, strict=True))
    room = (size.width - size.left - size.right, size.height - size.top - size.bottom)
    assert wide >= room[0] - 0.2 or high >= room[1] - 0.2 or frame.metres * min(room) <= LEAST_METRES + 1


def test_a_single_point_stands_in_the_middle_of_some_surroundings() -> None:
    frame = fit([SON], WIDE)
    room = min(WIDE.width - WIDE.left - WIDE.right, WIDE.height - WIDE.top - WIDE.bottom)
    assert frame.metres * room == pytest.approx(LEAST_METRES)
    assert frame.spot(SON) == (
        (WIDE.left + WIDE.width - WIDE.right) / 2,
        (WIDE.top + WIDE.height - WIDE.bottom) / 2,
    )


@pytest.mark.parametrize("corner", [(0.0, 90.0), (0.0, -90.0), (180.0, 0.0), (-180.0, 12.0)])
def test_the_ends_of_the_earth_are_drawn_too(corner: Corner) -> None:
    drawn = draw(features(corner), [], NARROW)
    assert drawn.bar_metres > 0
    assert math.isfinite(drawn.marks[0].x + drawn.marks[0].y)


@pytest.mark.parametrize(
    ("most", "length"), [(0.4, 1), (1, 1), (4.9, 2), (9, 5), (240, 200), (999, 500), (1000, 1000), (7e4, 50_000)]
)  # fmt: skip
def test_the_distance_shown_is_a_round_one(most: float, length: int) -> None:
    assert nice_length(most) == length


@SIZES
@given(corners=st.lists(CORNERS, min_size=1, max_size=5))
def test_the_bar_is_as_long_as_it_says(size: Size, corners: list[Corner]) -> None:
    drawn = draw(features(*corners), [], size)
    assert drawn.bar * fit(corners, size).metres == pytest.approx(drawn.bar_metres, rel=0.01)
    assert size.width * 0.1 <= drawn.bar <= size.width * 0.3


@SIZES
@given(corners=st.lists(CORNERS, min_size=1, max_size=5))
def test_degrees_stand_where_they_say_in_even_steps(size: Size, corners: list[Corner]) -> None:
    drawn, frame = draw(features(*corners), [], size), fit(corners, size)
    for ticks, axis in ((drawn.meridians, 0), (drawn.parallels, 1)):
        assert len(ticks) <= 5
        for tick in ticks:
            at = (float(tick.degrees), frame.lat) if axis == 0 else (frame.lon, float(tick.degrees))
            assert frame.spot(at)[axis] == tick.at
        steps = {b.degrees - a.degrees for a, b in pairwise(ticks)}
        assert len(steps) <= 1
        assert all(step.scaleb(-step.adjusted()).normalize() in (1, 2, 5) for step in steps)


def test_degrees_are_exact_decimals() -> None:
    drawn = draw(features(SON, HUYNH), [], WIDE)
    assert [tick.degrees for tick in drawn.parallels] == [Decimal("15.530"), Decimal("15.535")]


# --- markers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spots", "middle"),
    [
        ([(3.0, 4.0)], (3.0, 4.0)),
        ([(0.0, 0.0), (10.0, 0.0)], (5.0, 0.0)),
        ([(0.0, 0.0), (0.0, 2.0), (0.0, 2.0), (8.0, 2.0)], (3.0, 2.0)),
        ([(5.0, 5.0), (5.0, 5.0)], (5.0, 5.0)),
    ],
)
def test_a_marker_stands_half_way_along_its_line(
    spots: list[tuple[float, float]], middle: tuple[float, float]
) -> None:
    assert middle_of(spots) == middle


def test_a_line_is_drawn_through_its_corners_and_a_point_has_none() -> None:
    line, point = draw(
        [Feature(1, "late", [SON, (108.02, 15.53), HUYNH]), Feature(2, "settled", [SON])], [], WIDE
    ).marks
    frame = fit([SON, HUYNH], WIDE)
    drawn = [tuple(map(float, pair.split(","))) for pair in line.line.split()]
    assert drawn == [frame.spot(SON), frame.spot((108.02, 15.53)), frame.spot(HUYNH)]
    assert point.line == ""


def test_markers_far_apart_stand_where_they_are_with_room_for_a_thumb() -> None:
    drawn = draw(features(SON, HUYNH), [], NARROW)
    assert not any(mark.moved for mark in drawn.marks)
    assert {mark.hit for mark in drawn.marks} == {TAP}


@SIZES
def test_markers_at_one_place_stand_beside_each_other(size: Size) -> None:
    count = 12 if size is SMALL else 60
    drawn = draw(features(*[SON] * count), [], size)
    assert [mark.number for mark in drawn.marks] == list(range(1, count + 1))
    assert not drawn.marks[0].moved
    assert all(mark.moved for mark in drawn.marks[1:])
    for a, b in combinations(drawn.marks, 2):
        assert max(abs(a.x - b.x), abs(a.y - b.y)) >= (a.hit + b.hit) / 2 >= size.step
    for mark in drawn.marks:
        assert size.step / 2 <= mark.x <= size.width - size.step / 2 - 10  # with its number
        assert size.step / 2 <= mark.y <= size.height - size.step / 2
        assert mark.at == drawn.marks[0].at


def test_more_than_there_is_room_for_are_drawn_all_the_same() -> None:
    drawn = draw(features(*[SON] * 300), [], SMALL)
    assert len(drawn.marks) == 300
    assert min(mark.hit for mark in drawn.marks) == SMALL.step


@settings(max_examples=30)
@given(corners=st.lists(st.tuples(st.floats(108, 108.03), st.floats(15.5, 15.53)), min_size=1, max_size=40))
def test_what_can_be_pressed_is_large_enough_and_never_overlaps(corners: list[Corner]) -> None:
    marks = draw(features(*corners), [], NARROW).marks
    assert all(24 <= mark.hit <= TAP for mark in marks)
    for a, b in combinations(marks, 2):
        assert max(abs(a.x - b.x), abs(a.y - b.y)) >= (a.hit + b.hit) / 2 - 0.2


# --- names of places ---------------------------------------------------------------------------------------


def test_names_stand_within_the_picture_and_apart() -> None:
    places = [Place(f"Thôn {n}", str(n), (108.0139 + n / 600, 15.5378 - n / 1000)) for n in range(1, 6)]
    drawn = draw(features(SON, HUYNH), places, WIDE)
    assert [label.name for label in drawn.labels] == [place.name for place in places]
    for label in drawn.labels:
        left, top, right, bottom = label.box
        assert left >= 0
        assert top >= 0
        assert right <= WIDE.width
        assert bottom <= WIDE.height
    for a, b in combinations([label.box for label in drawn.labels], 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    assert all(label.shown and label.free for label in drawn.labels)


def test_a_name_that_finds_no_room_is_left_out_but_not_its_dot() -> None:
    crowd = features(*[SON] * 60)
    (label,) = draw(crowd, [Place("Thôn Trà Sơn", "1", SON)], NARROW).labels
    assert label.dot == fit([SON], NARROW).spot(SON)
    assert not label.shown
    assert not label.free


def test_a_name_that_a_thumb_might_miss_is_read_but_not_pressed() -> None:
    near = Place("Thôn Trà Sơn", "1", (SON[0] + 0.0001, SON[1]))
    (label,) = draw(features(SON), [near], WIDE).labels
    assert label.shown
    assert not label.free


def test_only_places_within_the_picture_are_named() -> None:
    far = Place("Hà Nội", "1", (105.83, 21.03))
    assert draw(features(SON, HUYNH), [far], WIDE).labels == []
    stretched = draw(features(SON, HUYNH), [Place("Hà Nội", "1", far.at, within=True)], WIDE)
    assert [label.name for label in stretched.labels] == ["Hà Nội"]
