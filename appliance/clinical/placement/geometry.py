"""Plane geometry of pads on the reference figure. Lengths in mm, angles in degrees."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

SAMPLE_MM = 2.5
"""Distance of the points at which an edge or a path is compared with a zone."""


class Point(NamedTuple):
    """A point of the figure; x grows to the patient's right, y downwards."""

    x: float
    y: float


Polygon: TypeAlias = tuple[Point, ...]


def rectangle(centre: Point, width: float, height: float, turn: float) -> Polygon:
    """Return the corners of a rectangle turned clockwise as seen by `turn` degrees."""
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    halves = ((right * width / 2, down * height / 2) for right, down in corners)
    return tuple(
        Point(centre.x + x * cos - y * sin, centre.y + x * sin + y * cos) for x, y in halves
    )


def mirrored(points: Sequence[Point]) -> Polygon:
    """Return points mirrored at the midline."""
    return tuple(Point(-x, y) for x, y in points)


def contains(polygon: Polygon, point: Point) -> bool:
    """Return whether a polygon contains a point (even-odd rule; its border counts by side)."""
    inside = False
    for start, end in edges(polygon):
        if (start.y > point.y) != (end.y > point.y):
            crossing = start.x + (point.y - start.y) / (end.y - start.y) * (end.x - start.x)
            if point.x < crossing:
                inside = not inside
    return inside


def edges(polygon: Polygon) -> Iterator[tuple[Point, Point]]:
    """Yield the edges of a closed polygon."""
    yield from zip(polygon, (*polygon[1:], polygon[0]), strict=True)


def along(start: Point, end: Point) -> Iterator[Point]:
    """Yield points of a line, both ends among them, at most `SAMPLE_MM` apart."""
    steps = max(1, math.ceil(math.dist(start, end) / SAMPLE_MM))
    for step in range(steps + 1):
        part = step / steps
        yield Point(start.x + (end.x - start.x) * part, start.y + (end.y - start.y) * part)


def border(polygon: Polygon) -> Iterator[Point]:
    """Yield points of the border of a polygon, at most `SAMPLE_MM` apart."""
    for start, end in edges(polygon):
        yield from along(start, end)


def overlap(first: Polygon, second: Polygon) -> bool:
    """Return whether two polygons share a point, to the sampling of their borders."""
    if not _boxes_meet(first, second):
        return False
    return any(contains(second, point) for point in border(first)) or any(
        contains(first, point) for point in border(second)
    )


def _boxes_meet(first: Polygon, second: Polygon) -> bool:
    """Return whether the rectangles around two polygons share a point."""
    return all(
        min(point[axis] for point in first) <= max(point[axis] for point in second)
        and min(point[axis] for point in second) <= max(point[axis] for point in first)
        for axis in (0, 1)
    )


def distance_mm(first: Polygon, second: Polygon) -> float:
    """Return the shortest distance from edge to edge of two polygons, 0 where they overlap."""
    if overlap(first, second):
        return 0.0
    corners = (
        (corner, polygon)
        for corners, polygon in ((first, second), (second, first))
        for corner in corners
    )
    return min(_to_edge(corner, *edge) for corner, polygon in corners for edge in edges(polygon))


def _to_edge(point: Point, start: Point, end: Point) -> float:
    """Return the distance of a point from a line between two different points."""
    along_x, along_y = end.x - start.x, end.y - start.y
    part = ((point.x - start.x) * along_x + (point.y - start.y) * along_y) / (
        along_x**2 + along_y**2
    )
    part = min(max(part, 0.0), 1.0)
    return math.dist(point, (start.x + part * along_x, start.y + part * along_y))
