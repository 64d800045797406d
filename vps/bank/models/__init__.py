"""The bank's rows and the questions they answer."""

from vps.bank.models.accounts import Ours, bank_accounts, our_account
from vps.bank.models.lists import imported, lines_of, statement_heading
from vps.bank.models.payees import (
    Payee,
    Shared,
    StandingOrder,
    payee_numbered,
    payee_of,
    payees_of,
    shared_accounts,
    shared_with,
    standing_order,
)
from vps.bank.models.payouts import ACCOUNT_KINDS, PaidByHand, PayeeAccount, Payout, PayoutFile, PayoutRule
from vps.bank.models.rows import (
    CLAIMS,
    PAY_FORMATS,
    UPLOAD,
    BankAccount,
    BankFile,
    BankLine,
    BankStatement,
    LineClaim,
    StatementUpload,
)
from vps.bank.models.unclear import MANY, Claim, Open, claims_of, line_of_claim, open_line, unclear_count, unclear_lines, unclear_sums
from vps.bank.models.uploads import Previewed, Upload, upload_of

__all__ = [
    "ACCOUNT_KINDS",
    "CLAIMS",
    "MANY",
    "PAY_FORMATS",
    "UPLOAD",
    "BankAccount",
    "BankFile",
    "BankLine",
    "BankStatement",
    "Claim",
    "LineClaim",
    "Open",
    "Ours",
    "PaidByHand",
    "Payee",
    "PayeeAccount",
    "Payout",
    "PayoutFile",
    "PayoutRule",
    "Previewed",
    "Shared",
    "StandingOrder",
    "StatementUpload",
    "Upload",
    "bank_accounts",
    "claims_of",
    "imported",
    "line_of_claim",
    "lines_of",
    "open_line",
    "our_account",
    "payee_numbered",
    "payee_of",
    "payees_of",
    "shared_accounts",
    "shared_with",
    "standing_order",
    "statement_heading",
    "unclear_count",
    "unclear_lines",
    "unclear_sums",
    "upload_of",
]
