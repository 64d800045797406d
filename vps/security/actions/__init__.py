"""What security does: ask, check and use up codes; make and activate sheets; enrol apps; add and ask passkeys; freeze wallets."""

from vps.security.actions.apps import UsedCode, WrongCode, begin_app, check_sign_in_code, confirm_app, provisioning_uri, remove_app
from vps.security.actions.asking import NoWay, ask, snapshot
from vps.security.actions.batches import BatchChanged, BatchDone, ByBatch, authorise_batch, is_authorised, open_batch
from vps.security.actions.codes import NotACode
from vps.security.actions.confirm import ByTan, CodeRefused, Frozen, Snapshot, confirm, posted
from vps.security.actions.freezing import freeze, freeze_code_matches, lift_freeze, unblock_way
from vps.security.actions.passkeys import (
    AskOffice,
    NotAPasskey,
    Site,
    TooManyPasskeys,
    add_passkey,
    assertion,
    creation_options,
    end_passkey,
    may_add_passkey,
    request_options,
    use_passkey,
)
from vps.security.actions.sheets import activate_sheet, asked_to_activate, fresh_codes, make_sheet, prepare_sheet, printout

__all__ = [
    "AskOffice",
    "BatchChanged",
    "BatchDone",
    "ByBatch",
    "ByTan",
    "CodeRefused",
    "Frozen",
    "NoWay",
    "NotACode",
    "NotAPasskey",
    "Site",
    "Snapshot",
    "TooManyPasskeys",
    "UsedCode",
    "WrongCode",
    "activate_sheet",
    "add_passkey",
    "ask",
    "asked_to_activate",
    "assertion",
    "authorise_batch",
    "begin_app",
    "check_sign_in_code",
    "confirm",
    "confirm_app",
    "creation_options",
    "end_passkey",
    "freeze",
    "freeze_code_matches",
    "fresh_codes",
    "is_authorised",
    "lift_freeze",
    "make_sheet",
    "may_add_passkey",
    "open_batch",
    "posted",
    "prepare_sheet",
    "printout",
    "provisioning_uri",
    "remove_app",
    "request_options",
    "snapshot",
    "unblock_way",
    "use_passkey",
]
