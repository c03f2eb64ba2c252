"""The table of right slots by kind and confidence."""

from benchmarks.confidence import Found, by_kind, kind_of


def test_a_row_for_each_kind_and_one_for_all() -> None:
    found = [
        Found("place", 0.5, is_right=True),
        Found("place", 0.69, is_right=False),
        Found("date", 1.0, is_right=True),
    ]
    head, _, *rows = by_kind({"mine": found}).splitlines()
    assert head.endswith("| 0.0 to 0.5 | 0.5 to 0.7 | 0.7 to 0.9 | 0.9 to 1.0 |")
    assert [row.split(" | ")[1] for row in rows] == ["place", "date", "time", "other", "all"]
    assert rows[0].endswith("| 0 of 0 | 1 of 2 | 0 of 0 | 0 of 0 |")
    assert rows[-1].endswith("| 0 of 0 | 1 of 2 | 0 of 0 | 1 of 1 |")


def test_kinds_are_the_parts_of_frames() -> None:
    names = ("toloc.city_name", "city_name", "depart_date.day_name", "return_time.time", "airline_name")
    assert [kind_of(name) for name in names] == ["place", "place", "date", "time", "other"]
