"""The catalogue from a file: all or nothing, every mistake with its place, the same file again without effect."""

from tests.cast import red_order
from tests.cli.typed import everything
from vps.kernel.database import one, rows
from vps.orders.models import Order, Product

HEADER = "code,name,price,currency,points,tax_rate\n"
TWO = HEADER + "SOAP,Ringelblumenseife,4.90,EUR,4,19\nOIL,Johanniskrautöl,19.50,EUR,15,7.7\n"


def test_products_are_made_and_the_totals_told(vps):
    result = vps.imported("products", TWO)

    assert result.exit_code == 0, result.output
    assert result.output.splitlines() == ["Lines read: 2", "New: 2", "Changed: 0", "Unchanged: 0", "Sum of the file in EUR: €24.40"]
    oil = Product.get(Product.code == "OIL")
    assert (oil.name, oil.price, oil.points, oil.tax_rate, oil.offered) == ("Johanniskrautöl", 1950, 15, 770, True)
    assert one("SELECT count(*) FROM event WHERE verb = 'product made'")[0] == 2


def test_the_same_file_again_changes_nothing(vps):
    vps.imported("products", TWO)
    before = everything()

    result = vps.imported("products", "\ufeff" + TWO.replace(",", ";"))

    assert "Unchanged: 2" in result.output
    assert everything() == before


def test_a_dry_run_tells_the_same_and_writes_nothing(vps):
    before = everything()

    result = vps.imported("products", TWO, "--dry-run")

    assert result.exit_code == 0
    assert result.output.splitlines()[1::4] == ["New: 2", "This was a dry run: nothing was written."]
    assert everything() == before


def test_a_changed_price_changes_the_product_but_no_order(vps, house):
    order = red_order(house)

    result = vps.imported("products", HEADER + "TEA,Bergtee,59.90,EUR,40,7\n")

    assert "Changed: 1" in result.output
    assert Product.get(Product.code == "TEA").price == 5990
    assert Order.get_by_id(order.id).price == order.price
    assert order.lines()[0].price == 4990
    assert rows("SELECT before, after FROM event WHERE verb = 'product changed'") == [
        ("Bergtee, 49.90 EUR, 40, 700, offered", "Bergtee, 59.90 EUR, 40, 700, offered")
    ]


def test_offered_changes_only_when_the_file_says_so(vps):
    line = "TEA,Bergtee,49.90,EUR,40,7"
    assert "Changed: 1" in vps.imported("products", f"{HEADER.strip()},offered\n{line},no\n").output
    assert not Product.get(Product.code == "TEA").offered

    assert "Unchanged: 1" in vps.imported("products", f"{HEADER}{line}\n").output
    assert "Unchanged: 1" in vps.imported("products", f"{HEADER.strip()},offered\n{line},\n").output
    assert not Product.get(Product.code == "TEA").offered


def test_every_mistake_is_told_with_its_place_and_nothing_is_written(vps):
    before = everything()
    text = (
        HEADER + "SOAP,Seife,4.90,EUR,4,19\n"
        "A,Tee,1e3,EUR,4,19\n"
        "B,Tee,١٢,EUR,4,19\n"
        f"C,Tee,{'9' * 40},EUR,4,19\n"
        "D,Tee,0,EUR,-1,19%\n"
        "E,pаypal,5,EURO,1,19\n"
        ",Tee,5,USD,1,19\n"
        "SOAP,Seife,4.90,EUR,4,19\n"
        "F,=1+1,=1+1,EUR,4,19\n"
        "G,Tee,5,EUR,4\n"
        f"H,{'x' * 2**17},5,EUR,4,19\n"
    )
    result = vps.imported("products", text)

    assert result.exit_code == 2
    assert [line.partition(": ")[0] for line in result.stderr.splitlines()] == [
        *("Line 3, column price", "Line 4, column price", "Line 5, column price"),
        *("Line 6, column points", "Line 6, column tax_rate", "Line 6, column price"),
        *("Line 7, column name", "Line 7, column currency", "Line 8, column code", "Line 8, column currency"),
        *("Line 9, column code", "Line 10, column price", "Line 11", "Line 12"),
        "The file has mistakes. Nothing was imported.",
    ]
    assert "Line 9, column code: This has been in line 2 already." in result.stderr
    assert "%(" not in result.stderr
    assert everything() == before


def test_mistakes_are_told_in_the_readers_language(vps):
    german = vps.imported("products", HEADER + "A,Tee,0,EUR,1,19\n", language="de")

    assert german.exit_code == 2
    assert "Der Betrag muss" in german.stderr


def test_after_a_hundred_mistakes_the_rest_is_counted(vps):
    result = vps.imported("products", HEADER + "A,Tee,x,EUR,1,19\n" * 130)

    told = result.stderr.splitlines()
    assert len([line for line in told if line.startswith("Line ")]) == 100
    assert told[-2:] == ["Further mistakes: 30", "The file has mistakes. Nothing was imported."]


def test_a_formula_is_a_name_like_any_other(vps):
    vps.imported("products", HEADER + "SOAP,'=HYPERLINK(1),4.90,EUR,4,19\n")

    assert Product.get(Product.code == "SOAP").name == "=HYPERLINK(1)"


def test_whatever_file_is_given_there_is_one_sentence(vps):
    before = everything()
    for content, says in (
        (b"", "The file is empty."),
        ("code\nM\u00fcller".encode("latin-1"), "The file is not written in UTF-8."),
        (b"PK\x03\x04\0\0", "The file contains zero bytes"),
        (b"code,name\nA,B\n", "The first line does not name these columns: price, currency, points, tax_rate."),
        (HEADER.encode() + HEADER.encode(), "Line 2, column currency:"),
    ):
        result = vps.imported("products", content)
        assert result.exit_code == 2
        assert says in result.stderr, result.stderr
    missing = vps("import", "products", "nowhere.csv")
    assert (missing.exit_code, missing.stderr) == (2, "nowhere.csv cannot be read: No such file or directory\n")
    assert everything() == before
