"""A small network with a plan in force and one green order, for the tests of runs and of what is taken back."""

import pytest

from tests.commissions.network import green_order, partner_under, plan_in_force


@pytest.fixture
def network(cast):
    plan_in_force()
    cast.carla = partner_under(cast.boris, "Carla Carlsen")
    cast.dora = partner_under(cast.carla, "Dora Dorn")
    cast.order = green_order(cast, cast.dora, quantity=2)
    return cast
