"""What the columns of an account's CSV mean, as a form: what people look at by name, and the rest as it was guessed."""

import json
from typing import Any, NamedTuple

from flask_wtf.file import FileField
from wtforms import HiddenField, SelectChoice, SelectField, StringField
from wtforms.validators import Length

from vps.bank.archive import FileRefused
from vps.bank.columns import Column, Mapping
from vps.bank.csv_guess import guess
from vps.bank.csv_statement import read_csv, records
from vps.bank.models import Ours
from vps.bank.plain import text_of
from vps.bank.statement import Entry, UnknownFormat
from vps.hypermedia.forms import Form
from vps.hypermedia.languages import sentence
from vps.hypermedia.lazy import lazy as _l
from vps.kernel.refusals import N_, Refused

COLUMNS = ("day", "value_day", "amount", "money_in", "money_out", "party", "party_account", "reference", "balance")
SHOWN = (*COLUMNS, "text", "date_format", "decimal")
ROWS = 6
"""Rows of the file, and lines as they are read, that the page shows."""


class Sample(NamedTuple):
    """The first rows of a file, its first lines as they are read, and why it cannot be read, if so."""

    rows: list[list[str]]
    entries: tuple[Entry, ...]
    wrong: str


class NoFile(Refused):
    says = N_("Please choose a file.")
    field = "file"


class ColumnsForm(Form):
    """Each column by its name in the header, or by its number."""

    file = FileField(_l("A CSV file of this account"), render_kw={"accept": ".csv,.txt"})
    rest = HiddenField(validators=[Length(max=4000)])
    day = StringField(_l("Booking day"), validators=[Length(max=100)])
    value_day = StringField(_l("Value date"), validators=[Length(max=100)])
    amount = StringField(_l("Amount, with its sign"), validators=[Length(max=100)])
    money_in = StringField(_l("Money in"), validators=[Length(max=100)])
    money_out = StringField(_l("Money out"), validators=[Length(max=100)])
    text = StringField(_l("Text; several columns with commas"), validators=[Length(max=300)])
    party = StringField(_l("From or to"), validators=[Length(max=100)])
    party_account = StringField(_l("Account"), validators=[Length(max=100)])
    reference = StringField(_l("Reference"), validators=[Length(max=100)])
    balance = StringField(_l("Balance after"), validators=[Length(max=100)])
    date_format = StringField(_l("How days are written (DD, MM, YYYY)"), validators=[Length(max=20)])
    decimal = SelectField(_l("Decimal sign"), choices=[SelectChoice(",", ","), SelectChoice(".", ".")], default=",")

    def uploaded(self) -> bytes:
        """The file. Raises NoFile."""
        if not self.file.data:
            raise NoFile
        return bytes(self.file.data.read())

    def mapping(self, account: Ours) -> Mapping:
        """What is typed, for this account. Raises WrongMapping."""
        said: dict[str, Any] = json.loads(Mapping.of_json(self.rest.data).to_json()) if self.rest.data else {}
        said = {name: value for name, value in said.items() if name not in SHOWN}
        typed = {name: _column(self[name].data) for name in COLUMNS if (self[name].data or "").strip()}
        text = [_column(part) for part in (self.text.data or "").split(",") if part.strip()]
        facts = {
            "account": account.number,
            "currency": account.currency,
            "date_format": self.date_format.data,
            "decimal": self.decimal.data,
        }
        grouping = {"grouping": ""} if said.get("grouping", ".") == self.decimal.data else {}
        return Mapping.of_json(json.dumps({**said, **typed, **facts, **grouping, **({"text": text} if text else {})}))

    def show(self, mapping: Mapping) -> None:
        """Fill the fields with what a mapping says."""
        self.rest.data = mapping.to_json()
        for name in (*COLUMNS, "date_format", "decimal"):
            self[name].data = str(getattr(mapping, name) or "")
        self.text.data = ", ".join(map(str, mapping.text))

    def guess(self, content: bytes, account: Ours) -> Mapping:
        """What the columns of this file could mean. Raises UnknownFormat."""
        found = guess(content)
        if found is None:
            raise UnknownFormat(file=self.file.data.filename or "CSV")
        return Mapping.of_json(json.dumps({**json.loads(found.to_json()), "account": account.number, "currency": account.currency}))


def sample(content: bytes, mapping: Mapping) -> Sample:
    """What a file looks like, and how it is read by a mapping."""
    rows: list[list[str]] = []
    try:
        text = text_of(content, "CSV", mapping.encoding)
        rows = [cells[:12] for _, cells in records(text, "CSV", mapping.delimiter)][: mapping.skip + ROWS]
        (statement,) = read_csv(content, "CSV", mapping)
    except FileRefused as refusal:
        return Sample(rows, (), sentence(refusal))
    return Sample(rows, statement.entries[:ROWS], "")


def _column(text: str | None) -> Column:
    plain = (text or "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() else plain
