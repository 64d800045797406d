"""The bank's rows and the questions they answer."""

from vps.bank.models.accounts import Ours, bank_accounts, our_account
from vps.bank.models.lists import imported, lines_of, statement_heading
from vps.bank.models.payouts import ACCOUNT_KINDS, PayeeAccount, Payout, PayoutFile, PayoutRule
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
from vps.bank.models.uploads import Previewed, Upload, upload_of

__all__ = [
    "ACCOUNT_KINDS",
    "CLAIMS",
    "PAY_FORMATS",
    "UPLOAD",
    "BankAccount",
    "BankFile",
    "BankLine",
    "BankStatement",
    "LineClaim",
    "Ours",
    "PayeeAccount",
    "Payout",
    "PayoutFile",
    "PayoutRule",
    "Previewed",
    "StatementUpload",
    "Upload",
    "bank_accounts",
    "imported",
    "lines_of",
    "our_account",
    "statement_heading",
    "upload_of",
]
