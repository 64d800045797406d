"""The doctor's look at what goes out: the mail server, the SMS gateway, and the messages that wait."""

from datetime import datetime, timedelta

from vps.cli.findings import LATE, Findings, ill, is_example, parts_of, well
from vps.kernel.clock import instant, micros
from vps.kernel.database import one, rows
from vps.kernel.refusals import N_
from vps.kernel.settings import Settings
from vps.post.gateway import CONSOLE, Gateway, texter
from vps.post.models import sms_is_down
from vps.post.template import BadTemplate

DAY = timedelta(hours=24)


def outbox(now: datetime) -> Findings:
    """The messages that wait, or waited too long."""
    stuck, oldest = one(STUCK, micros(now - LATE))
    failing = rows(FAILING)
    if stuck:
        yield ill(
            N_("Messages that nobody tried to send: %(n)s, the oldest of %(when)s. Is the worker running?"),
            n=stuck,
            when=f"{instant(oldest):%Y-%m-%d %H:%M} UTC",
        )
    for channel, n, error in failing:
        yield ill(COULD_NOT[channel], n=n, error=error)
    (lost,) = one(LOST, micros(now - DAY))
    if lost:
        yield ill(N_("Text messages of the last 24 hours that never went out before their codes expired: %(n)s"), n=lost)
    if sms_is_down(now):
        yield ill(N_("The SMS gateway has failed so often in a row that other ways are offered instead."))
    if not stuck and not failing and not lost:
        yield well(N_("No message waits longer than it should."))


def mail(settings: Settings) -> Findings:
    """How mail goes out."""
    url = parts_of(settings.mail_url)
    if not settings.mail_url:
        yield well(
            N_("VPS_MAIL_URL is not set: no mail is sent, messages are kept as files in %(path)s."), path=settings.data_dir / "outbox"
        )
    elif not url or url.scheme not in ("smtp", "smtps"):
        # Not shown: it holds a password.
        yield ill(N_("VPS_MAIL_URL must be like smtp://user:password@mail.example.com:587"))
    elif is_example(url):
        yield ill(N_("%(name)s is still the example of docs/run.md: %(host)s"), name="VPS_MAIL_URL", host=url.hostname)
    else:
        yield well(N_("Mail goes out by %(host)s."), host=url.hostname)


def sms(settings: Settings) -> Findings:
    """How text messages go out. Of the gateway's address only the host is shown: the rest holds a password."""
    try:
        way = texter(settings)
    except BadTemplate as refusal:
        yield ill(refusal.says, **refusal.facts)
        return
    if way is None:
        yield well(N_("VPS_SMS_URL is not set: no text message is sent, and codes by SMS are not offered."))
    elif not isinstance(way, Gateway):
        public = settings.public_url.startswith("https://")
        says = N_("VPS_SMS_URL is %(value)s: text messages, and the codes in them, are printed by the worker instead of being sent.")
        yield ill(says, value=CONSOLE) if public else well(says, value=CONSOLE)
    elif is_example(way.template.url):
        yield ill(N_("%(name)s is still the example of docs/run.md: %(host)s"), name="VPS_SMS_URL", host=way.template.host)
    elif not way.template.is_private:
        yield ill(N_("VPS_SMS_URL does not begin with https, so codes could be read on their way to %(host)s."), host=way.template.host)
    else:
        yield well(N_("Text messages go out by %(host)s."), host=way.template.host)


COULD_NOT = {
    "mail": N_("Messages that could not be sent: %(n)s. The last error: %(error)s"),
    "sms": N_("Text messages that could not be sent: %(n)s. The last error: %(error)s"),
}
STUCK = "SELECT count(*), min(due_at) FROM outbox WHERE sent_at IS NULL AND given_up_at IS NULL AND tries = 0 AND due_at < ?"
FAILING = (
    "SELECT channel, count(*), max(error) FROM outbox WHERE sent_at IS NULL AND given_up_at IS NULL AND tries > 0"
    " GROUP BY channel ORDER BY channel"
)
LOST = "SELECT count(*) FROM outbox WHERE channel = 'sms' AND made_at > ? AND given_up_at IS NOT NULL"
