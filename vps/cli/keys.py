"""Changing the key with which secrets are encrypted, while the house runs."""

from dataclasses import replace
from pathlib import Path

import click
from cryptography.fernet import Fernet

from vps.cli import house, main, say, say_number, told_why
from vps.company.actions import keys_changed, remember_keys
from vps.kernel.clock import clock
from vps.kernel.keys import Keys, changing_keys, keys, replace_keys
from vps.kernel.refusals import N_, Refused
from vps.kernel.vault import census, renew_secrets


class StillNeeded(Refused):
    """Facts: n."""

    says = N_("Secrets that need an older key: %(n)s. Nothing was dropped. Type first: vps keys rotate")


@main.group("keys")
def keys_group() -> None:
    """The key file."""


@keys_group.command()
@click.option("--finish", is_flag=True, help="Drop the older keys, which nothing needs any more.")
def rotate(finish: bool) -> None:
    """Make a new key for secrets and encrypt all of them anew; nothing has to be stopped or restarted. Then, with --finish, drop the old key.

    Broken off, it goes on where it stood when it is typed again.
    """
    settings = house()
    path = settings.key_file
    remember_keys(at=clock())
    with told_why(path), changing_keys(path) as present:
        if finish:
            _finish(path, present)
        else:
            _rotate(path, present)


def _rotate(path: Path, present: Keys) -> None:
    # The file first: who finds a secret encrypted with a new key looks for that there. Two keys in it: the last time was broken off.
    if len(present.fernet) == 1:
        _exchange(path, present, Fernet.generate_key().decode(), *present.fernet)
    count = renew_secrets()
    click.echo(say_number("%(n)s secret was encrypted anew.", "%(n)s secrets were encrypted anew.", count))
    click.echo(say(N_("The key file %(path)s has changed; its check is now %(check)s."), path=path, check=keys().check))
    click.echo(say(N_("Print it and put it away, as you did when it was made. Then drop the older key: vps keys rotate --finish")))


def _finish(path: Path, present: Keys) -> None:
    older = census().older
    if older:
        raise StillNeeded(n=older)
    if len(present.fernet) == 1:
        click.echo(say(N_("There is no older key to drop.")))
        return
    _exchange(path, present, present.fernet[0])
    click.echo(say(N_("The key file %(path)s holds the newest key only; its check is now %(check)s."), path=path, check=keys().check))
    click.echo(
        say(N_("Keep the print that holds the older key for as long as there are backups from before: only it opens the secrets in them."))
    )


def _exchange(path: Path, present: Keys, *fernet: str) -> None:
    replace_keys(path, replace(present, fernet=fernet))
    keys_changed(before=present.check, at=clock())
