"""What we write as CSV is read again as it was, and a spreadsheet runs none of it."""

from vps.kernel.csvfile import read_table
from vps.kernel.csvout import write_table


def test_what_is_written_is_read_again():
    texts = ['say "so", or', "two\nlines", "=1+1", "+49", "-", "@x", "\tx", "Ђорђе", "-0.05", "12"]

    written = write_table(["text"], [[text] for text in texts])

    assert written.startswith(b'text\r\n"say ""so"", or"\r\n')
    assert [line["text"] for line in read_table(written, required=["text"]).lines] == [text.strip() for text in texts]


def test_a_formula_is_a_text_and_a_number_stays_a_number():
    assert write_table(["a", "b"], [["=cmd()", "-5.00"], ["-5.00=", "7"]]) == b"a,b\r\n'=cmd(),-5.00\r\n'-5.00=,7\r\n"
