"""What happens to a wallet: opened, topped up, paid from, paid out by hand, set right; and a question about a line."""

from vps.wallets.actions.by_hand import (
    HAND,
    NoReason,
    NoReceipt,
    NotByHand,
    ReceiptBooked,
    Slip,
    VoucherUsed,
    WouldBeDebt,
    must_be_possible,
    pay_out,
    reverse_by_hand,
    top_up,
)
from vps.wallets.actions.notices import tell_from, tell_taken
from vps.wallets.actions.paying import NotThisKind, NoWallet, WalletFrozen, account_of, credit, join_partner, open_wallet, spend
from vps.wallets.actions.questions import NoText, NothingWritten, answer_question, ask_office

__all__ = [
    "HAND",
    "NoReason",
    "NoReceipt",
    "NoText",
    "NoWallet",
    "NotByHand",
    "NotThisKind",
    "NothingWritten",
    "ReceiptBooked",
    "Slip",
    "VoucherUsed",
    "WalletFrozen",
    "WouldBeDebt",
    "account_of",
    "answer_question",
    "ask_office",
    "credit",
    "join_partner",
    "must_be_possible",
    "open_wallet",
    "pay_out",
    "reverse_by_hand",
    "spend",
    "tell_from",
    "tell_taken",
    "top_up",
]
