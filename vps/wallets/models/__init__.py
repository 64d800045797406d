"""A partner's wallets: whose accounts they are, what moves between them, and the questions he asks about their lines."""

from vps.wallets.models.chosen import WalletSetting, total_currency_of
from vps.wallets.models.lists import balances, held_in, kind_names, open_questions, questions_about
from vps.wallets.models.purses import Purse, locked_purses, purse, purses
from vps.wallets.models.rows import MAIN, Question, Transfer, TransferRule, Wallet, WalletKind
from vps.wallets.models.statements import NOTHING, Own, Sought, everything, others, search, wallets_of
from vps.wallets.models.transfers import ANY, Rule, rule_of, sent_to_new, transfer_by_key

__all__ = [
    "ANY",
    "MAIN",
    "NOTHING",
    "Own",
    "Purse",
    "Question",
    "Rule",
    "Sought",
    "Transfer",
    "TransferRule",
    "Wallet",
    "WalletKind",
    "WalletSetting",
    "balances",
    "everything",
    "held_in",
    "kind_names",
    "locked_purses",
    "open_questions",
    "others",
    "purse",
    "purses",
    "questions_about",
    "rule_of",
    "search",
    "sent_to_new",
    "total_currency_of",
    "transfer_by_key",
    "wallets_of",
]
