"""While a run is booked, what it has credited already is nothing yet: not in lists, limits or dossiers."""

from datetime import timedelta

import pytest

from tests.cast import NOON, eur, give
from tests.commissions.network import AFTER, calculated, manager, run_of, worked
from tests.home.test_dossier import archive, make
from tests.trust.sets import only
from vps.commissions.actions import approve_run, booking, work_on_runs
from vps.company.actions import change_settings
from vps.kernel.authorisation import HOUSE
from vps.wallets.models import balances, purse


@pytest.fixture
def half(network, monkeypatch):
    """Dora has 90.00, and 19.96 of a run that is being booked."""
    for name, most in (("AT_ONCE", 1), ("PIECE", 1), ("AT_A_TIME", 0)):
        monkeypatch.setattr(booking, name, most)
    give(network.dora, 90_00)
    network.key = calculated(network)
    approve_run(network.key, actor=manager(network), at=AFTER)

    def until_hers():
        if run_of(network.key).upto >= network.dora.id:
            raise KeyboardInterrupt
        return AFTER

    with pytest.raises(KeyboardInterrupt):
        work_on_runs(now=until_hers)
    assert purse(network.dora.id, "EUR").booked == eur(90_00)
    return network


def test_lists_and_the_highest_balance_leave_it_out(half):
    assert balances([half.dora.id], "EUR") == {half.dora.id: eur(90_00)}
    change_settings({"trust_from": "2026-11-01"}, actor=HOUSE, at=NOON)
    only(most_balance=100_00)

    give(half.dora, 1_00)

    assert purse(half.dora.id, "EUR").reserved == 0


def test_a_dossier_leaves_it_out(half):
    found = archive(make(half, half.dora, at=AFTER + timedelta(minutes=1)))

    written = {name.rpartition("/")[2]: found.read(name).decode() for name in found.namelist() if name.endswith(".csv")}
    assert "19.96" not in "".join(written.values()) and "90.00" in written["wallets.csv"]
    worked(AFTER + timedelta(minutes=2))
    again = archive(make(half, half.dora, at=AFTER + timedelta(minutes=3)))
    assert "19.96" in "".join(again.read(name).decode() for name in again.namelist() if name.endswith("bookings.csv"))
