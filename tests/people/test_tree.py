"""The tree of sponsors: by day, without a circle on any of them, and never changed backwards."""

from datetime import date, timedelta

import pytest

from tests.at_once import at_once
from tests.cast import NOON
from tests.people.forest import DAY, TODAY, brought, line, move, sponsors
from vps.company.models import LANGUAGES
from vps.hypermedia.languages import Words
from vps.jobs.rendering import render
from vps.kernel.authorisation import HOUSE, Actor
from vps.kernel.database import IntegrityError, database, one, rows, run
from vps.kernel.settings import Settings
from vps.people.actions import HAPPENED, close_person, plan_move
from vps.people.actions.register import NoSuchSponsor
from vps.people.actions.tree import (
    MOVE,
    ClosedSponsor,
    HisOwnSponsor,
    NoReasonForMove,
    NotBackThen,
    SponsorAlready,
    SponsorBelow,
)
from vps.people.models import Person
from vps.people.models.team import branch, count_below, moves_of, upline
from vps.people.models.tree import is_in_downline, level_between, sponsor_of
from vps.post.actions import due

PERSON = "INSERT INTO person (id, sponsor_id, username, skeleton, name, bank_name, language, zone, email, phone, joined_at) VALUES "


def raw(person, sponsor, since=TODAY):
    """A move past the rules, for the database to judge."""
    with database.atomic():
        run(MOVE, person.id, sponsor and sponsor.id, since.isoformat(), "raw", 1, None)


def test_who_the_sponsor_is_depends_on_the_day_and_what_was_written_last(cast):
    uma, vera, zora = line("Uma", "Vera", "Zora")
    move(zora, uma, TODAY + 10 * DAY)
    move(zora, None, TODAY + 20 * DAY)

    def by_day():
        found = [sponsor_of(zora.id, TODAY + n * DAY) for n in (-1, 9, 10, 19, 20, 99)]
        assert [sponsors(TODAY + n * DAY)[zora.id] for n in (-1, 9, 10, 19, 20, 99)] == [each and each.id for each in found]
        return [each.name if each else "" for each in found]

    assert by_day() == ["Vera", "Vera", "Uma", "Uma", "", ""]

    move(zora, uma, TODAY + 5 * DAY)  # takes back what was to come later

    assert by_day() == ["Vera", "Uma", "Uma", "Uma", "Uma", "Uma"]
    assert Person.get_by_id(zora.id).sponsor_id == vera.id
    assert [(each.since, each.name, each.reason) for each in moves_of(zora.id)] == [
        (TODAY + 5 * DAY, "Uma", "asked for"),
        (TODAY + 20 * DAY, "", "asked for"),
        (TODAY + 10 * DAY, "Uma", "asked for"),
    ]


def test_a_team_comes_along_and_is_found_where_it_stands_now(cast):
    uma, vera, zora, yana = line("Uma", "Vera", "Zora", "Yana")
    (rosa,) = brought(uma, "Rosa")
    move(zora, rosa)

    assert [each.name for each in upline(yana.id, TODAY, 9)] == ["Zora", "Rosa", "Uma"]
    assert [each.name for each in upline(yana.id, TODAY - DAY, 2)] == ["Zora", "Vera"]
    assert [(each.name, each.direct) for each in branch(uma.id, TODAY).below] == [("Vera", 0), ("Rosa", 1)]
    assert [(each.name, each.direct) for each in branch(rosa.id, TODAY).below] == [("Zora", 1)]
    assert branch(vera.id, TODAY).below == [] and branch(vera.id, TODAY - DAY).top.direct == 1
    assert count_below(uma.id, TODAY) == (4, False) and count_below(vera.id, TODAY) == (0, False)
    assert count_below(uma.id, TODAY, most=3) == (3, True)
    assert [level_between(uma.id, each.id, TODAY, 3) for each in (uma, rosa, zora, yana)] == [0, 1, 2, 3]
    assert level_between(uma.id, yana.id, TODAY, 2) is None and level_between(vera.id, yana.id, TODAY, 9) is None
    assert is_in_downline(uma.id, yana.id, 3, TODAY) and not is_in_downline(uma.id, yana.id, 2, TODAY)
    assert not is_in_downline(uma.id, uma.id, 3, TODAY)


def test_a_page_of_a_team_begins_after_the_one_before_and_a_long_line_is_not_counted_to_its_end(cast):
    (uma,) = brought(None, "Uma")
    team = brought(uma, *(f"Nr {n}" for n in range(27)))
    (zora,) = brought(None, "Zora")
    move(zora, uma)

    first = branch(uma.id, TODAY)
    second = branch(uma.id, TODAY, after=first.onward)

    assert [each.id for each in (*first.below, *second.below)] == [each.id for each in (*team, zora)]
    assert (len(first.below), second.onward, first.top.direct) == (25, None, 28)
    above, *_ = line(*(f"L {n}" for n in range(14)))
    assert count_below(above.id, TODAY) == (12, True)


def test_two_moves_on_different_days_close_no_circle(cast):
    """Vera goes under Uma on day 5; so from then on Uma cannot go under Vera, though she could before."""
    (uma,), (vera,), (zora,) = brought(None, "Uma"), brought(None, "Vera"), brought(None, "Zora")
    move(vera, zora, TODAY + 5 * DAY)
    move(zora, uma, TODAY + 8 * DAY)

    for since in (TODAY, TODAY + 5 * DAY, TODAY + 9 * DAY):
        with pytest.raises(SponsorBelow) as refused:
            move(uma, vera, since)
        assert refused.value.facts == {"circle": " → ".join(each.number for each in (uma, vera, zora, uma))}
        with pytest.raises(IntegrityError, match="going up leads in a circle"):
            raw(uma, vera, since)
    assert one("SELECT count(*) FROM sponsor_move")[0] == 2

    move(vera, None, TODAY + 6 * DAY)
    raw(uma, vera, TODAY + 6 * DAY)
    in_the_end = sponsors(TODAY + 30 * DAY)
    assert [in_the_end[each.id] for each in (uma, vera, zora)] == [vera.id, None, uma.id]


def test_the_database_itself_keeps_the_tree_a_tree(cast):
    uma, vera, zora = line("Uma", "Vera", "Zora")
    for person, sponsor in ((uma, zora), (uma, vera), (uma, uma)):
        with pytest.raises(IntegrityError):
            raw(person, sponsor)
    with pytest.raises(IntegrityError, match="circle"), database.atomic():
        run(f"{MOVE}, (?, ?, ?, ?, ?, ?)", vera.id, None, "2026-12-01", "r", 1, None, uma.id, zora.id, "2026-11-30", "r", 1, None)
    raw(vera, None)
    for change in (
        "UPDATE sponsor_move SET since = '2020-01-01'",
        "DELETE FROM sponsor_move",
        "UPDATE person SET sponsor_id = NULL",
        "DELETE FROM person",
    ):
        with pytest.raises(IntegrityError, match="immutable"), database.atomic():
            run(change)
    for circle in ("({id}, {id}, {rest})", "({id}, {id} + 1, {rest}), ({id} + 1, {id}, {rest})"):
        with pytest.raises(IntegrityError, match=r"(?i)check constraint"), database.atomic():
            run(PERSON + circle.format(id=999, rest="'x' || random(), 'x' || random(), 'X', 'X', 'de', 'UTC', '', '', 1"))


def test_of_two_who_go_below_each_other_at_once_one_is_refused(cast):
    pair = [*brought(None, "Uma"), *brought(None, "Vera")]

    made = at_once(2, lambda n: move(pair[n], pair[1 - n]))

    assert sorted(type(answer).__name__ for answer in made) == ["SponsorBelow", "int"]


def test_what_cannot_be_is_refused_and_nothing_written(cast):
    uma, vera = line("Uma", "Vera")
    (gone,) = brought(None, "Gone")
    close_person(gone, actor=HOUSE, at=NOON)
    typed = {"sponsor": "", "since": TODAY, "reason": "r", "at": NOON}
    for refusal, wrong in (
        (NoSuchSponsor, {"sponsor": "12"}),
        (ClosedSponsor, {"sponsor": gone.number}),
        (HisOwnSponsor, {"sponsor": vera.number}),
        (SponsorAlready, {"sponsor": uma.number}),
        (NotBackThen, {"since": TODAY - DAY}),
        (NoReasonForMove, {"reason": "  "}),
    ):
        with pytest.raises(refusal):
            plan_move(vera, **typed | wrong)
    assert one("SELECT count(*) FROM sponsor_move")[0] == 0

    planned = plan_move(vera, **typed)
    assert (planned.before.id, planned.after, planned.along, planned.more) == (uma.id, None, 0, False)


def test_today_is_the_companys_day(cast):
    uma, vera = line("Uma", "Vera")
    late = NOON.replace(hour=23, minute=30)  # half past midnight in Berlin
    with pytest.raises(NotBackThen):
        plan_move(vera, sponsor="", since=TODAY, reason="r", at=late)
    assert plan_move(vera, sponsor="", since=TODAY + DAY, reason="r", at=late).before.id == uma.id


def test_a_move_sent_twice_is_one_and_its_owner_reads_of_it(cast):
    uma, vera = line("Uma", "Vera")
    run("UPDATE person SET email = 'vera@example.com' WHERE id = ?", vera.id)
    elena = Actor(cast.elena.id)

    assert move(vera, cast.anna, actor=elena) == move(vera, cast.anna, actor=elena)

    assert rows("SELECT before, after FROM event WHERE verb = 'sponsor moved'") == [
        (f"{uma.number} Uma", f"{cast.anna.number} Anna Bauer · 2026-11-20")
    ]
    assert rows("SELECT kind, address FROM outbox WHERE kind = 'sponsor'") == [("sponsor", "vera@example.com")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_partner_reads_of_it_in_his_language(house, tmp_path, language):
    run("UPDATE person SET email = 'boris@example.com', language = ? WHERE id = ?", language, house.boris.id)
    (vera,) = brought(None, "Vera Vogt")
    for sponsor in (vera, None):
        move(house.boris, sponsor, TODAY + DAY, actor=Actor(house.elena.id))

    mails = [render(Settings(tmp_path, "", tmp_path / "keys.json"), kind, key=key, address=address, language=spoken, facts=facts)
             for _, key, kind, address, spoken, facts in due(NOON, limit=9) if kind == "sponsor"]  # fmt: skip

    told, at_the_top = (mail.get_content() for mail in mails)
    assert "Vera Vogt" in told and vera.number in told and "Vera" not in at_the_top
    assert all("21" in text and "2026" in text and "%(" not in text for text in (told, at_the_top))
    assert all(Words(language).say(HAPPENED["sponsor moved"]) in mail["Subject"] for mail in mails)


def test_ids_far_apart_make_no_long_list(cast):
    run(f"{PERSON}(?, ?, 'far', 'far', 'Far', 'Far', 'de', 'UTC', '', '', 1)", 10**15, cast.boris.id)
    run("UPDATE person SET number = 'far' WHERE id = ?", 10**15)

    assert sponsors(TODAY) == {cast.anna.id: None, cast.boris.id: cast.anna.id, 10**15: cast.boris.id}
    assert sponsors(date(2000, 1, 1)) == sponsors(TODAY + timedelta(1)), "who brought whom counts from the beginning"
