"""What the office types about trust levels. A level set that was shown is signed into the page that asks for the second press."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask_wtf.file import FileField, FileRequired
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from vps.company.models import LANGUAGES, company
from vps.hypermedia.forms import Form, not_the_last_day, required
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.amounts import NotPositive, parse_amount, written
from vps.kernel.cells import whole
from vps.kernel.keys import keys
from vps.kernel.money import Money
from vps.kernel.refusals import N_, Refused
from vps.kernel.text import clean_text
from vps.people.words import STEPS as STEP_WORDS
from vps.trust.actions.giving import Wish
from vps.trust.models import KINDS, STEPS, Level, Rule, levels_of
from vps.trust.models.documents import LONGEST_NAME, MOST_DAYS, MOST_MINUTES, MOST_TIMES
from vps.trust.models.levels import GAPS, LIMITED, TIMED
from vps.wallets.trust_words import MOVES, SPANS

T = TypeVar("T")
NAMED = tuple(code for code in LANGUAGES if code != "sr_Latn")
"""Languages a level is named in: Serbian in Latin letters is read from the Cyrillic name."""
AMOUNT = {"inputmode": "decimal", "autocomplete": "off", "size": 10}
WHOLE = {"inputmode": "numeric", "autocomplete": "off", "size": 5}
MONEY = [Optional(), Length(max=60)]


class NotShownSet(Refused):
    """The page was changed on its way."""

    says = N_("These trust levels were not shown before. Nothing was changed; please begin again.")


def rule_field(kind: str, window: str) -> str:
    """The name of the field for the most of a rule; the one for how often ends in `_times`."""
    return f"{kind.replace('-', '_')}_{window}"


class LevelForm(Form):
    """One level, every fact of it a field; what is empty is not limited. The fields of its rules are hung on below."""

    days = required(StringField, _l("Days as a partner"), most=20, render_kw=WHOLE)
    most_balance = StringField(_l("Highest balance"), validators=MONEY, render_kw=AMOUNT)
    first_payee = StringField(_l("To somebody new in the first 24 hours"), validators=MONEY, render_kw=AMOUNT)

    @staticmethod
    def of(level: Level, language: str) -> "LevelForm":
        """A form that says what a level says."""
        given: dict[str, Any] = {f"name_{code}": name for code, name in level.names} | {f"step_{step}": True for step in level.requires}
        given |= {"days": level.days, "most_balance": _shown(level.most_balance, language)}
        given |= {"first_payee": _shown(level.first_payee, language)}
        for rule in level.rules:
            name = rule_field(rule.kind, rule.window)
            given |= {name: _shown(rule.most, language), f"{name}_times": rule.times}
        given |= {f"gap_{kind.replace('-', '_')}": minutes for kind, minutes in level.gaps}
        given |= {f"security_{least}": _shown(minor, language) for minor, least in level.security}
        return LevelForm(formdata=None, **given)

    def typed(self, rank: int, language: str) -> Level:
        """The level as it was read. Raises what reading a field raises, at that field."""
        rules = []
        for kind in KINDS:
            for window in LIMITED[kind]:
                name = rule_field(kind, window)
                most, times = self._amount(name, language), self._whole(f"{name}_times", MOST_TIMES) if f"{name}_times" in self else None
                rules += [Rule(kind, window, most, times)] if (most, times) != (None, None) else []
        gaps = [(kind, self._whole(f"gap_{kind.replace('-', '_')}", MOST_MINUTES) or 0) for kind in GAPS]
        security = [(self._amount(f"security_{least}", language), least) for least in range(1, 5)]
        return Level(
            rank,
            tuple((code, name) for code in sorted(NAMED) if (name := self._text(f"name_{code}"))),
            tuple(step for step in STEPS if self[f"step_{step}"].data),
            self._whole("days", MOST_DAYS) or 0,
            self._amount("most_balance", language),
            tuple(rules),
            tuple((kind, minutes) for kind, minutes in gaps if minutes),
            self._amount("first_payee", language),
            tuple((minor, least) for minor, least in security if minor is not None),
        )

    def _amount(self, name: str, language: str) -> int | None:
        return _at(name, lambda: minor_of(self[name].data, language))

    def _whole(self, name: str, most: int) -> int | None:
        text = (self[name].data or "").strip()
        return _at(name, lambda: whole(0, most)(text)) if text else None

    def _text(self, name: str) -> str:
        return _at(name, lambda: clean_text(self[name].data or "", most=LONGEST_NAME))


for _code in NAMED:
    setattr(LevelForm, f"name_{_code}", StringField(_l("Name"), validators=[Optional(), Length(max=200)]))
for _step in STEPS:
    setattr(LevelForm, f"step_{_step}", BooleanField(_l(STEP_WORDS[_step])))
for _kind in KINDS:
    for _window in LIMITED[_kind]:
        setattr(LevelForm, rule_field(_kind, _window), StringField(_l("Amount"), validators=MONEY, render_kw=AMOUNT))
        if _kind in TIMED and _window != "each":
            setattr(LevelForm, f"{rule_field(_kind, _window)}_times", StringField(_l("How often"), validators=MONEY, render_kw=WHOLE))
for _kind in GAPS:
    setattr(LevelForm, f"gap_{_kind.replace('-', '_')}", StringField(_l("Minutes between two"), validators=MONEY, render_kw=WHOLE))
for _least in range(1, 5):
    setattr(LevelForm, f"security_{_least}", StringField(_l("From this amount on"), validators=MONEY, render_kw=AMOUNT))


class ShownSetForm(Form):
    """A level set that was shown, with the version it was made from."""

    shown = HiddenField(validators=[Length(min=1, max=200_000)])
    reason = required(StringField, _l("Reason"), most=800)
    sure = BooleanField(_l("Yes, these limits are meant"))

    def carry(self, base: int, body: str) -> "ShownSetForm":
        """Have it carry a set; answers itself."""
        self.shown.data = _signer().dumps([base, body])
        return self

    def carried(self) -> tuple[int, tuple[Level, ...]]:
        """The version it was made from, and the levels. Raises NotShownSet."""
        try:
            base, body = _signer().loads(self.shown.data or "")
        except BadSignature as foreign:
            raise NotShownSet from foreign
        return base, levels_of(body)


class SetFileForm(Form):
    file = FileField(
        _l("File of trust levels (JSON)"),
        validators=[FileRequired(message=_l(N_("Please choose a file.")))],
        render_kw={"accept": ".json"},
    )


class GiveLevelForm(Form):
    level = SelectField(_l("Trust level"), coerce=int, validators=[InputRequired()])
    level_reason = required(StringField, _l("Reason"), most=800)

    def offer(self, named: list[tuple[int, str]]) -> "GiveLevelForm":
        """The levels there are; answers itself."""
        self.level.choices = [SelectChoice(rank, name) for rank, name in named]
        return self


class ExceptionForm(Form):
    kind = SelectField(_l("What"), choices=[SelectChoice(kind, _l(MOVES[kind])) for kind in KINDS], validators=[InputRequired()])
    window = RadioField(_l("Within"), choices=[SelectChoice(key, _l(SPANS[key])) for key in SPANS], validators=[InputRequired()])
    most = StringField(_l("Amount"), validators=MONEY, render_kw=AMOUNT)
    times = StringField(_l("How often"), validators=MONEY, render_kw=WHOLE)
    until = DateField(_l("Last day"), validators=[InputRequired(), not_the_last_day])
    reason = required(StringField, _l("Reason"), most=800)

    def typed(self, language: str) -> Wish:
        """The exception as it was read. Raises what reading a field raises, at that field."""
        times = (self.times.data or "").strip()
        return Wish(
            self.kind.data,
            self.window.data,
            _at("most", lambda: minor_of(self.most.data, language)),
            _at("times", lambda: whole(0, MOST_TIMES)(times)) if times else None,
            self.until.data,
        )


class IntroductionForm(Form):
    level = SelectField(_l("Trust level of all who have none"), coerce=int, validators=[InputRequired()])
    begins = DateField(_l("Limits count from this day on"), validators=[InputRequired()])

    def offer(self, named: list[tuple[int, str]]) -> "IntroductionForm":
        """The levels there are; answers itself."""
        self.level.choices = [SelectChoice(rank, name) for rank, name in named]
        return self


def minor_of(text: str | None, language: str) -> int | None:
    """An amount of the company's currency in minor units, zero included; nothing typed is None."""
    if not (text or "").strip():
        return None
    try:
        return parse_amount(text or "", language=language, currency=company().currency).money.minor
    except NotPositive:
        return 0


def _at(name: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except Refused as refusal:
        refusal.field = name  # type: ignore[misc]
        raise


def _shown(minor: int | None, language: str) -> str:
    return "" if minor is None else written(Money(minor, company().currency), language)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(keys().web, salt="level set")
