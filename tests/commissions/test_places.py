"""Who stands where in a tree of so many legs."""

from array import array

import pytest

from vps.commissions.plans.network import Network
from vps.commissions.plans.places import NoLegFree, NoSuchLeg, ParentsInCircle, PlaceTaken, place, walk

TOP = -1


def network(sponsors, parents=None, legs=None):
    """Partners A, B, C …, each with the index of his sponsor."""
    keys = [chr(ord("A") + place) for place in range(len(sponsors))]
    return Network(keys, array("q", sponsors), parents=parents and array("q", parents), legs=legs and array("q", legs))


def drawn(places):
    """Who stands below whom, in words: 'A: B C' ('-' for a free place)."""
    name = [chr(ord("A") + place) for place in range(len(places.parents))]
    below = [places.seats[v * places.width :][: places.width] for v in range(len(name))]
    return {name[v]: " ".join(name[each] if each >= 0 else "-" for each in seats) for v, seats in enumerate(below) if max(seats) >= 0}


def test_the_first_ones_stand_directly_below_their_sponsor_from_the_left():
    assert drawn(place(network([TOP, 0, 0, 0]), 3)) == {"A": "B C D"}


def test_who_finds_no_place_there_stands_on_the_leftmost_one_of_the_next_level():
    assert drawn(place(network([TOP, 0, 0, 0, 0, 0, 0, 0]), 2)) == {"A": "B C", "B": "D E", "C": "F G", "D": "H -"}


def test_a_near_place_on_the_right_goes_before_a_far_one_on_the_left():
    built_deep_on_the_left = [TOP, 0, 0, 1, 1, 3, 3]
    assert drawn(place(network([*built_deep_on_the_left, 0]), 2)) == {"A": "B C", "B": "D E", "C": "H -", "D": "F G"}


def test_nobody_is_placed_outside_of_what_stands_below_his_sponsor():
    assert drawn(place(network([TOP, 0, 0, 1, 1, 1]), 2)) == {"A": "B C", "B": "D E", "D": "F -"}


def test_a_sponsor_who_is_listed_below_is_placed_first():
    assert drawn(place(network([2, 2, 3, TOP]), 2)) == {"D": "C -", "C": "A B"}


def test_everybody_without_a_sponsor_has_a_tree_of_his_own():
    assert drawn(place(network([TOP, TOP, 0, 1]), 2)) == {"A": "C -", "B": "D -"}


def test_given_places_are_kept_and_the_others_fill_up_what_is_free():
    given = network([TOP, 0, 0, 0, 0], parents=[TOP, 0, 1, TOP, TOP], legs=[TOP, 1, TOP, TOP, TOP])
    assert drawn(place(given, 2)) == {"A": "D B", "B": "C -", "D": "E -"}


def test_given_places_without_a_leg_are_filled_from_the_left():
    assert drawn(place(network([TOP, 0, 0], parents=[TOP, 0, 0], legs=[TOP, TOP, 0]), 2)) == {"A": "C B"}
    assert drawn(place(network([TOP, 0, 0], parents=[TOP, 0, 0]), 2)) == {"A": "B C"}


def test_who_stands_above_his_sponsor_stays_at_the_top():
    upside_down = network([2, 0, TOP, 1], parents=[TOP, 0, 3, 1], legs=[TOP, 0, 0, 0])
    assert drawn(place(upside_down, 2)) == {"A": "B -", "B": "D -", "D": "C -"}


@pytest.mark.parametrize(
    ("parents", "legs", "refusal", "facts"),
    [
        ([TOP, 0, 0], [TOP, 1, 1], PlaceTaken, {"partner": "C", "parent": "A", "leg": 1 + 1}),
        ([TOP, 0, 0], [TOP, 0, 2], NoSuchLeg, {"partner": "C", "parent": "A", "leg": 2 + 1, "width": 2}),
        ([TOP, 0, 0, 0], [TOP, TOP, TOP, TOP], NoLegFree, {"partner": "D", "parent": "A", "width": 2}),
        ([TOP, 3, 1, 2], [TOP, 0, 0, 0], ParentsInCircle, {"partner": "B"}),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_impossible_places_are_refused_by_name(parents, legs, refusal, facts):
    with pytest.raises(refusal) as refused:
        place(network([TOP, *[0] * (len(parents) - 1)], parents, legs), 2)
    assert refused.value.facts == facts


def test_the_walk_goes_level_by_level():
    places = place(network([TOP, 0, 0, 2, 1, 1]), 2)
    assert [chr(ord("A") + v) for v in walk(places)] == ["A", "B", "C", "E", "F", "D"]
