"""A partner's wallets: whose accounts they are, what moves between them, and the questions he asks about their lines."""

from vps.ledger.models import HIDDEN, UNSEEN
from vps.wallets.models.asked_back import AskedBack, Case, case_of, given_back, open_cases
from vps.wallets.models.chosen import WalletSetting, total_currency_of
from vps.wallets.models.codes import Asked, code_of, is_signed, number_in, request_code, request_in, signature
from vps.wallets.models.desk import DebtPayment, DebtPlan, OfficeTransfer
from vps.wallets.models.lists import balances, free_next, held_in, kind_names, open_questions, questions_about
from vps.wallets.models.moved import Moved, counterparties, moved, moves
from vps.wallets.models.purses import Purse, locked_purses, purse, purses
from vps.wallets.models.requests import Asking, PaymentRequest, State, asked_of, asking, askings
from vps.wallets.models.rooms import accounts_of, excess_held, room_for, room_near
from vps.wallets.models.rows import MAIN, Question, Transfer, TransferRule, Wallet, WalletKind
from vps.wallets.models.standing import Standing, StandingRun, StandingTransfer, runs_of, standing_transfer, standing_transfers
from vps.wallets.models.statements import NOTHING, Own, Sought, everything, others, search, wallets_of
from vps.wallets.models.transfers import ANY, Rule, is_new_to, rule_of, rules_of, sent_to_new, transfer_by_key

__all__ = [
    "ANY",
    "HIDDEN",
    "MAIN",
    "NOTHING",
    "UNSEEN",
    "Asked",
    "AskedBack",
    "Asking",
    "Case",
    "DebtPayment",
    "DebtPlan",
    "Moved",
    "OfficeTransfer",
    "Own",
    "PaymentRequest",
    "Purse",
    "Question",
    "Rule",
    "Sought",
    "Standing",
    "StandingRun",
    "StandingTransfer",
    "State",
    "Transfer",
    "TransferRule",
    "Wallet",
    "WalletKind",
    "WalletSetting",
    "accounts_of",
    "asked_of",
    "asking",
    "askings",
    "balances",
    "case_of",
    "code_of",
    "counterparties",
    "everything",
    "excess_held",
    "free_next",
    "given_back",
    "held_in",
    "is_new_to",
    "is_signed",
    "kind_names",
    "locked_purses",
    "moved",
    "moves",
    "number_in",
    "open_cases",
    "open_questions",
    "others",
    "purse",
    "purses",
    "questions_about",
    "request_code",
    "request_in",
    "room_for",
    "room_near",
    "rule_of",
    "rules_of",
    "runs_of",
    "search",
    "sent_to_new",
    "signature",
    "standing_transfer",
    "standing_transfers",
    "total_currency_of",
    "transfer_by_key",
    "wallets_of",
]
