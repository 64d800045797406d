"""What security does: ask, check and use up codes; make and activate sheets; enrol apps; freeze wallets."""

from vps.security.actions.apps import begin_app, check_sign_in_code, confirm_app, provisioning_uri, remove_app
from vps.security.actions.asking import NoWay, ask, snapshot
from vps.security.actions.codes import NotACode
from vps.security.actions.confirm import ByTan, CodeRefused, Frozen, Snapshot, confirm, posted
from vps.security.actions.freezing import freeze, freeze_code_matches, lift_freeze, unblock_way
from vps.security.actions.sheets import activate_sheet, asked_to_activate, fresh_codes, make_sheet, prepare_sheet, printout

__all__ = [
    "ByTan",
    "CodeRefused",
    "Frozen",
    "NoWay",
    "NotACode",
    "Snapshot",
    "activate_sheet",
    "ask",
    "asked_to_activate",
    "begin_app",
    "check_sign_in_code",
    "confirm",
    "confirm_app",
    "freeze",
    "freeze_code_matches",
    "fresh_codes",
    "lift_freeze",
    "make_sheet",
    "posted",
    "prepare_sheet",
    "printout",
    "provisioning_uri",
    "remove_app",
    "snapshot",
    "unblock_way",
]
