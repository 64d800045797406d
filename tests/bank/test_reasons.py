"""Why a payment came back, in words."""

from vps.bank.reasons import UNKNOWN, reason


def test_a_code_becomes_a_sentence_and_an_unknown_one_is_named() -> None:
    assert reason("AC04") == "The account has been closed."
    assert reason(" md06 ") == "The account holder asked for the money back."
    assert reason("XX00") == UNKNOWN
    assert reason("XX00") % {"code": "XX00"} == "The bank gave the reason XX00."


def test_every_code_that_banks_send_in_sepa_has_a_sentence() -> None:
    codes = """AC01 AC03 AC04 AC06 AG01 AG02 AM04 AM05 AM09 BE01 BE04 BE05 CNOR DNOR ED05 FF01 FOCR FRAD MD01 MD06 MD07 MS02 MS03 NARR
        NOAS RC01 RR01 RR02 RR03 RR04 SL01 TECH CUST DUPL AGNT CURR UPAY ARDT NOOR LEGL SVNR"""
    assert [code for code in codes.split() if reason(code) == UNKNOWN] == []
    assert all(reason(code) % {"code": code} for code in codes.split())  # said with `code=`, none may trip over a per cent sign
