"""What points are worth and when commissions are calculated, in the office."""

import pytest

from tests.web.client import plain
from tests.web.refusing import reading, refused
from vps.company.models import company
from vps.kernel.rates import RateOfZero


@pytest.fixture
def office(house):
    """Elena manages, and reads English."""
    house.elenas = reading(house.elena, "en")
    return house


def test_the_worth_of_a_point_is_set_with_its_days_and_never_zero(office):
    points, typed = "/office/commissions/points", {"currency": "EUR", "rate": "0.5", "valid_from": "2020-01-01"}
    refused(office.elenas.post(points, typed | {"rate": "0"}), RateOfZero.says, "en")
    refused(office.elenas.post(points, typed | {"valid_to": "2019-01-01"}), "The last day is before the first.", "en")
    assert office.elenas.post(points, typed).status_code == 303

    page = plain(reading(office.clara, "de").get(points).text)

    assert "0,5 EUR" in page and office.elena.name in page and "<form" not in page.partition("<main")[2]


def settings():
    return {"commission_when": "month", "withdrawal_days": "30", "delivery_days": "7"}


def test_settings_of_commissions_are_changed_by_who_manages(office):
    path = "/office/commissions/settings"
    refused(office.elenas.post(path, settings() | {"commission_when": "never"}), "Please choose one of the list.", "en")
    assert office.elenas.post(path, settings()).status_code == 303

    ours = company()
    assert (ours.commission_when, ours.withdrawal_days, ours.delivery_days, ours.plans_alone) == ("month", 30, 7, 0)
    office.elenas.post(path, settings() | {"plans_alone": "y"})
    assert company().plans_alone == 1
    read = plain(reading(office.clara, "en").get(path).text)
    assert "when a month is over" in read and "<dd>30</dd>" in read and 'name="delivery_days"' not in read
