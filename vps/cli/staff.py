"""The last administrator's way back in."""

import click

from vps.cli import house, main, say
from vps.kernel.authorisation import HOUSE
from vps.kernel.clock import clock
from vps.kernel.database import one
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import identity
from vps.people.actions import end_networks, invite
from vps.people.models import Person
from vps.security.actions import remove_app


class NoSuchPerson(Refused):
    """Facts: name."""

    says = N_("There is neither a member of staff called %(name)s nor a partner with this number.")


class NoSuchStaff(Refused):
    """Facts: name."""

    says = N_("There is no member of staff called %(name)s.")


@main.group("staff")
def staff_group() -> None:
    """Members of staff."""


@staff_group.command("recover")
@click.argument("name")
def recover(name: str) -> None:
    """A new link to set a password and enrol an app, for somebody who lost both. Stands in the trail."""
    settings = house()
    row = one(STAFF, identity(name))
    if row is None:
        raise NoSuchStaff(name=name)
    person = Person.get_by_id(row[0])
    token = invite(person, purpose="password", actor=HOUSE, at=clock())
    remove_app(person.id, actor=HOUSE, at=clock())
    click.echo(say(N_("Open this address within 72 hours:")))
    click.echo(f"{settings.public_url or 'http://127.0.0.1:8000'}/welcome/{token}")


@staff_group.command("unlock-ip")
@click.argument("name")
def unlock_ip(name: str) -> None:
    """End the whole list of internet addresses of a member of staff, or of the partner with this number. Stands in the trail."""
    house()
    row = one(STAFF, identity(name)) or one("SELECT id FROM person WHERE number = ?", name.strip())
    if row is None:
        raise NoSuchPerson(name=name)
    ended = end_networks(row[0], actor=HOUSE, at=clock())
    click.echo(say(N_("Entries that were in force until now: %(n)s"), n=ended))


STAFF = "SELECT p.id FROM person p WHERE p.username = ? AND EXISTS (SELECT 1 FROM person_right r WHERE r.person_id = p.id)"
