"""Somebody to send text messages to, for every test that asks for one."""

from collections.abc import Iterator

import pytest

from tests.post import gateways


@pytest.fixture
def gate() -> Iterator[gateways.Gate]:
    with gateways.gateway() as made:
        yield made


@pytest.fixture
def line() -> Iterator[gateways.Line]:
    with gateways.line() as made:
        yield made
