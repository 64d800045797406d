"""Files of exchange rates for the tests, as the European Central Bank and a spreadsheet write them."""


def of_day(day: str, **rates: str) -> str:
    cubes = "".join(f"\n\t\t\t<Cube currency='{code}' rate='{rate}'/>" for code, rate in rates.items())
    return f"\t\t<Cube time='{day}'>{cubes}\n\t\t</Cube>\n"


def envelope(*days: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">\n'
        "\t<gesmes:subject>Reference rates</gesmes:subject>\n"
        "\t<gesmes:Sender>\n\t\t<gesmes:name>European Central Bank</gesmes:name>\n\t</gesmes:Sender>\n"
        f"\t<Cube>\n{''.join(days)}\t</Cube>\n</gesmes:Envelope>"
    ).encode()


FRIDAY = of_day("2026-11-20", USD="1.0921", JPY="163.05", XDR="0.81")
DAILY = envelope(FRIDAY)
HISTORY = envelope(of_day("2026-11-23", USD="1.1", JPY="164"), FRIDAY, of_day("2026-11-19", USD="1.09"))
CSV = "base,quote,rate,valid_from,valid_to\nEUR,RSD,117.25,2026-11-20,\nEUR,USD,1.1,2026-11-20,2026-11-26\n"
