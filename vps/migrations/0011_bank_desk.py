"""The company's bank accounts, what each line of a statement turned out to be, and statements that can be taken back.

The accounts that stood in a setting move into their table. A line that had found its wallet has one claim, with the line's own booking.
"""

import re
from typing import Any

from vps.kernel.schema import script


def up(migrator: Any, db: Any) -> None:
    for statement in script("0011_bank_desk"):
        db.execute_sql(statement)
    setting = dict(db.execute_sql("SELECT key, value FROM setting WHERE id IN (SELECT max(id) FROM setting GROUP BY key)").fetchall())
    currency = setting.get("currency", "EUR")
    mark = db.param
    for n, number in enumerate(filter(None, re.sub(r"\s", "", setting.get("iban", "")).upper().split(","))):
        code = f"bank:{currency}" if n == 0 else f"bank:{currency}:{number}"
        opened = db.execute_sql("SELECT coalesce(min(opened_at), 0) FROM account").fetchone()[0]
        if not db.execute_sql(f"SELECT 1 FROM account WHERE code = {mark}", (code,)).fetchone():  # noqa: S608 - a placeholder
            db.execute_sql(ACCOUNT.format(mark), (code, currency, opened))
        db.execute_sql(OURS.format(mark), (number, currency, opened, code))


ACCOUNT = (
    "INSERT INTO account (code, kind, currency, floor, balance, reserved, debt, opened_at) VALUES ({0}, 'bank', {0}, NULL, 0, 0, 0, {0})"
)
OURS = (
    "INSERT INTO bank_account (number, currency, account_id, name, bank, bic, correspondent, pay_format, instant, cutoff, pay_days, shown,"
    " mapping, opened_at) SELECT {0}, {0}, a.id, '', '', '', '', 'pain.001.001.09', FALSE, 840, '5', TRUE, '', {0} FROM account a WHERE a.code = {0}"
)
