"""Trying the way text messages take."""

from datetime import timedelta

import click

from vps.cli import house, language, main, say
from vps.kernel.clock import clock, micros
from vps.kernel.refusals import N_
from vps.post.actions import post_sms
from vps.post.sms import number

STALE = timedelta(hours=1)
"""Whoever tries the gateway does not want the message of yesterday."""


@main.group("sms")
def sms_group() -> None:
    """Text messages."""


@sms_group.command("test")
@click.argument("phone")
def try_sms(phone: str) -> None:
    """Send a message to a phone number (+49…), as the worker sends all others."""
    house()
    to, at = number(phone), clock()
    post_sms("sms_test", key=f"sms_test:{micros(at)}", number=to, language=language(), facts={}, person=None, at=at, expires_at=at + STALE)
    click.echo(
        say(
            N_("The message to %(number)s waits for the worker, who sends it within seconds. “vps doctor” says if he could not."), number=to
        )
    )
