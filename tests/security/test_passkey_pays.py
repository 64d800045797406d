"""A payment that a passkey signed: what is signed is exactly what was shown, and it is worth one payment."""

import pytest

from tests.cast import NOON, eur
from tests.security.authenticator import Authenticator
from tests.security.dialogs import move
from tests.security.test_passkeys import SITE, add
from vps.kernel.authorisation import Actor
from vps.kernel.database import one, run
from vps.security.actions import Snapshot, ask, confirm, request_options, snapshot
from vps.security.actions.refusals import NotThisPasskey
from vps.security.models import PASSKEY, suffices


@pytest.fixture
def anna(cast):
    """She has a passkey on her phone, and recovery codes."""
    cast.anna.phone = Authenticator(counts=1)
    add(cast.anna, cast.anna.phone)
    run("INSERT INTO recovery_sheet (person_id, stop_code, made_at) VALUES (?, ?, 1)", cast.anna.id, b"x")
    return cast.anna


def shown(person, *, subject="1001", amount=49_90) -> Snapshot:
    return snapshot("order payment", subject, amount=eur(amount), payee="Alpenkraut GmbH", ask=ask(person.id, at=NOON, level=4), at=NOON)


def signed(person, dialog) -> str:
    return person.phone.get(request_options(person.id, SITE, dialog.digest, at=NOON), origin=SITE.origin)


def answer(person, dialog, said, *, site=SITE):
    return confirm(dialog, code=said, site=site, actor=Actor(person.id), at=NOON)


def test_a_passkey_alone_suffices_at_every_level_and_pays(anna):
    dialog = shown(anna)
    assert dialog.ways == (PASSKEY,) and all(suffices(level, dialog.ways) for level in (1, 2, 3, 4))

    move(answer(anna, dialog, signed(anna, dialog)))

    assert one("SELECT way, tries FROM challenge WHERE used_at IS NOT NULL") == ("passkey", 0)


def test_what_was_signed_for_one_payment_pays_no_other(anna):
    first = shown(anna)
    said = signed(anna, first)

    for other in (shown(anna), first._replace(amount=eur(49_91)), first._replace(payee="Mule")):
        with pytest.raises(NotThisPasskey):
            answer(anna, other, said)
    assert one("SELECT count(*) FROM intent")[0] == 0, "and nobody locks himself out by it"


def test_nonsense_and_a_page_that_knows_no_site_are_refused(anna):
    dialog = shown(anna)
    for said, site in (("", SITE), ("{}", SITE), (signed(anna, dialog), None)):
        with pytest.raises(NotThisPasskey):
            answer(anna, dialog, said, site=site)


def test_a_counter_that_went_back_pays_nothing(anna):
    dialog = shown(anna)
    by = answer(anna, dialog, signed(anna, dialog))
    run("UPDATE passkey SET sign_count = 1000")

    with pytest.raises(NotThisPasskey):
        move(by)
    assert one("SELECT count(*) FROM intent")[0] == 0


def test_a_resend_finds_the_payment(anna):
    dialog = shown(anna)
    said = signed(anna, dialog)
    move(answer(anna, dialog, said))

    again = answer(anna, dialog, said)
    assert again.passkey is None and again.snapshot == dialog
