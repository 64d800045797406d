"""A partner's wallets: whose accounts they are, what moves between them, and the questions he asks about their lines."""

from vps.wallets.models.lists import balances, open_questions, questions_about
from vps.wallets.models.purses import Purse, locked_purses, purse, purses
from vps.wallets.models.rooms import accounts_of, excess_held, room_for, room_near
from vps.wallets.models.rows import MAIN, Question, Transfer, TransferRule, Wallet, WalletKind
from vps.wallets.models.transfers import ANY, Rule, rule_of, sent_to_new, transfer_by_key

__all__ = [
    "ANY",
    "MAIN",
    "Purse",
    "Question",
    "Rule",
    "Transfer",
    "TransferRule",
    "Wallet",
    "WalletKind",
    "accounts_of",
    "balances",
    "excess_held",
    "locked_purses",
    "open_questions",
    "purse",
    "purses",
    "questions_about",
    "room_for",
    "room_near",
    "rule_of",
    "sent_to_new",
    "transfer_by_key",
]
