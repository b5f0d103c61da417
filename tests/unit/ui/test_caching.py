"""Results kept by what was asked: computed once for equal values, apart for all others, copied for each."""

from dataclasses import dataclass, field

import pytest

from dashboard.ui.caching import comparable, remembered

CALLS = []


@dataclass(frozen=True)
class Asked:
    name: str
    words: dict[str, str] = field(default_factory=dict)
    note: str = field(default="", compare=False)


@remembered(entries=5)
def _first(asked, *, times=1):
    CALLS.append(("first", asked.name))
    return [asked.name] * times


@remembered(entries=5)
def _second(asked):
    CALLS.append(("second", asked.name))
    return [asked.name.upper()]


@pytest.fixture(autouse=True)
def calls():
    CALLS.clear()


def test_equal_values_are_computed_once():
    assert _first(Asked("a", {"x": "1"})) == _first(Asked("a", {"x": "1"}, note="other")) == ["a"]
    assert CALLS == [("first", "a")]


def test_other_values_other_options_and_other_functions_are_computed_apart():
    assert _first(Asked("b", {"x": "1"})) == ["b"]
    assert _first(Asked("b", {"x": "2"})) == ["b"]
    assert _first(Asked("b", {"x": "1"}), times=2) == ["b", "b"]
    assert _second(Asked("b", {"x": "1"})) == ["B"]
    assert CALLS == [("first", "b")] * 3 + [("second", "b")]


def test_what_a_caller_does_to_its_result_reaches_nobody_else():
    _first(Asked("c")).append("changed")
    assert _first(Asked("c")) == ["c"]


def test_parts_without_a_hash_are_compared_in_their_order():
    assert comparable(Asked("d", {"x": "1"})) == comparable(Asked("d", {"x": "1"}))
    assert comparable([1, {"x": [2]}]) != comparable([1, {"x": [3]}])
    assert comparable((1, 2)) == (1, 2)


def test_what_has_no_values_to_compare_is_refused():
    with pytest.raises(TypeError, match="by a set"):
        _first({"a"})
