"""One of many at once: sends as anybody, to anybody, twice, too much, with a wrong proof, and hangs up in the middle of a request."""

import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from http.client import HTTPConnection, HTTPException
from random import Random
from typing import NamedTuple
from urllib.parse import urlencode

from tests.storm.attempts import Answer, Attempt, Log
from tests.storm.house import Partner

PATIENCE = 60
SHOWN = re.compile(r'name="shown" value="([^"]+)"')
OPTIONS = re.compile(r'data-options="([^"]*)"')
SAYS = re.compile(r'class="(?:wrong|warn)"[^>]*>([^<]+)')
AVAILABLE = re.compile(r'<dd class="money">([^<]+)</dd>')
MADE = re.compile(r"/wallet/transfers/([0-9]+)")
USUAL = {"EUR": (1, 9_00), "RSD": (10, 1_000_00)}
"""The least and the most of a usual transfer, in minor units."""
REFUSALS = (409, 422)
"""How a refusal is answered: with a sentence that says why."""


class Form(NamedTuple):
    """A dialog that was answered: it can be sent once more at any time."""

    attempt: Attempt
    partner: Partner
    fields: dict[str, str]


class Client:
    """Its own sessions and its own dice; every request opens a connection, as of so many people."""

    def __init__(self, number: int, port: int, partners: Sequence[Partner], seed: str) -> None:
        self.number, self.port, self.partners = number, port, partners
        self.dice = Random(f"{seed} {number}")
        self.log = Log()
        self.sent: list[Form] = []

    def run(self, until: float) -> Log:
        """Go on until then, and answer what was seen."""
        origin = f"http://localhost:{self.port}"
        acts = [(self._send, 76), (self._cheat, 8), (self._again, 8), (self._look, 8)]
        with ThreadPoolExecutor(1) as self.other:
            while time.monotonic() < until:
                act = self.dice.choices([act for act, _ in acts], [weight for _, weight in acts])[0]
                self.log.acts[act.__name__.strip("_")] += 1
                try:
                    act(origin)
                except (OSError, HTTPException) as trouble:
                    self.log.wrong.append(f"{type(trouble).__name__}: {trouble}")
        return self.log

    def _send(self, origin: str) -> None:
        form = self._previewed(origin)
        if form is None:
            return
        way = self.dice.choices(("once", "twice", "hang up", "at once"), (55, 15, 12, 18))[0]
        if way == "hang up":
            self._hang_up(form)
            if self.dice.random() < 0.7:
                self._confirm(form)
        elif way == "at once":
            second = self.other.submit(self._confirm, form)
            self._confirm(form)
            second.result()
        else:
            for _ in range(1 if way == "once" else 2):
                self._confirm(form)
        if form.attempt.made:
            self.sent = [*self.sent[-50:], form]

    def _cheat(self, origin: str) -> None:
        """A signature for something else, another one's session, or far too much: never made."""
        way = self.dice.choice(("signature", "session", "amount"))
        form = self._previewed(origin, much=way == "amount", wrong_proof=way == "signature", may_be=False)
        if form is not None:
            thief = self.dice.choice([each for each in self.partners if each != form.partner])
            self._confirm(form._replace(partner=thief) if way == "session" else form)

    def _again(self, _: str) -> None:
        """An old form is sent once more: it finds what the first one made."""
        if self.sent:
            self._confirm(self.dice.choice(self.sent))

    def _look(self, _: str) -> None:
        """What somebody has is never less than nothing."""
        partner, other = self.dice.sample(list(self.partners), 2)
        status, _, text = self._ask("GET", f"/wallet/send?to={other.code}", partner)
        shown = AVAILABLE.findall(text)
        if status != 200 or not shown or any("-" in each or "\N{MINUS SIGN}" in each for each in shown):
            self.log.wrong.append(f"{status} for a look, which said {shown}")

    def _previewed(self, origin: str, *, much: bool = False, wrong_proof: bool = False, may_be: bool = True) -> Form | None:
        partner, other = self.dice.sample(list(self.partners), 2)
        currency = self.dice.choice(sorted(partner.wallets))
        rest = [each for each in partner.wallets if each != currency]
        own = bool(rest) and self.dice.random() < 0.2
        minor = 9_999_99 if much else self.dice.randint(*USUAL[currency])
        name = f"storm {self.number} {len(self.log.attempts)}"
        recipient = partner if own else other
        attempt = Attempt(name, partner.person, recipient.person, minor, currency, may_be)
        self.log.attempts.append(attempt)
        to = f"own={partner.wallets[rest[0]]}" if own else f"to={other.code}"
        fields = {"wallet": str(partner.wallets[currency]), "amount": f"{minor // 100}.{minor % 100:02}", "message": name}
        begun = time.monotonic()
        status, _, text = self._ask("POST", f"/wallet/send/preview?{to}", partner, self._body(partner, fields))
        self.log.previewed.append(time.monotonic() - begun)
        shown, options = SHOWN.search(text), OPTIONS.search(text)
        if status != 200 or not shown or not options:
            self._refused(status, text)
            return None
        asked = unescape(options[1])
        if wrong_proof:
            asked = re.sub(r'("challenge": ")(.)', lambda part: part[1] + ("A" if part[2] != "A" else "B"), asked)
        answers = {"shown": unescape(shown[1]), "passkey": partner.key.get(asked, origin=origin)}
        return Form(attempt, partner, answers)

    def _confirm(self, form: Form) -> None:
        form.attempt.unanswered += 1
        begun = time.monotonic()
        status, location, text = self._ask("POST", "/wallet/send/confirmation", form.partner, self._body(form.partner, form.fields))
        made = MADE.fullmatch(location) if status == 303 else None
        if made:
            self.log.confirmed.append(time.monotonic() - begun)
            form.attempt.answers.append(Answer(status, int(made[1])))
        else:
            form.attempt.answers.append(Answer(status, None, self._refused(status, text)))
        form.attempt.unanswered -= 1

    def _hang_up(self, form: Form) -> None:
        """Send the whole form and wait for no answer: it may be carried out, and when is not known."""
        form.attempt.unanswered += 1
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("POST", "/wallet/send/confirmation", self._body(form.partner, form.fields), self._headers(form.partner))
        time.sleep(self.dice.random() * 0.02)
        connection.close()

    def _refused(self, status: int, text: str) -> str:
        said = SAYS.search(text)
        reason = re.sub(r"[0-9][0-9.,]*", "#", unescape(said[1]).strip()) if said else ""
        self.log.refused[f"{status} {reason}"[:120]] += 1
        if status not in REFUSALS or not reason:
            self.log.wrong.append(f"{status} {reason or text[:200]}")
        return reason

    def _ask(self, method: str, path: str, partner: Partner, body: str | None = None) -> tuple[int, str, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, self._headers(partner))
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        self.log.statuses[answer.status] += 1
        return answer.status, answer.headers.get("Location", ""), text

    def _headers(self, partner: Partner) -> dict[str, str]:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return kind | {"Host": f"localhost:{self.port}", "Cookie": partner.sessions[self.number][0], "Accept-Language": "en"}

    def _body(self, partner: Partner, fields: dict[str, str]) -> str:
        return urlencode({"csrf_token": partner.sessions[self.number][1], **fields})
