"""Who and what the demo company consists of. Everybody here is invented; names stand as their owners write them."""

from typing import NamedTuple

PASSWORD = "demo-demo-demo"  # noqa: S105 - printed for everybody who looks at the demo
PARTNERS = ("anna", "boris", "ivana", "jelena", "emma")
"""The partners whom the demo introduces; the others have the same password."""
STAFF = ("clara", "dragan")
CURRENCY, ZONE = "EUR", "Europe/Berlin"
IBAN = "DE89370400440532013000"
COMPANY = {
    "name": "Alpenkraut",
    "legal_name": "Alpenkraut GmbH",
    "address": "Lindenstraße 14\n80331 München\nDeutschland",
    "phone": "+49 89 1234567",
    "hours": "9–17",
    "email": "office@alpenkraut.example",
    "tax_number": "DE123456788",
    "country": "DE",
    "currency": CURRENCY,
    "language": "de",
    "zone": ZONE,
}


class Goods(NamedTuple):
    """A product: gross price in cents, points, tax rate in basis points."""

    code: str
    name: str
    price: int
    points: int
    tax_rate: int


CATALOGUE = (
    Goods("BT-50", "Bergkräutertee 50 g", 8_90, 6, 700),
    Goods("KM-80", "Kamillenblüten 80 g", 7_50, 5, 700),
    Goods("SH-60", "Salbei-Honig-Pastillen 60 St.", 6_90, 4, 700),
    Goods("LI-250", "Lindenblütenhonig 250 g", 11_90, 8, 700),
    Goods("AR-100", "Arnikabalsam 100 ml", 16_50, 12, 1900),
    Goods("RK-100", "Ringelblumensalbe 100 ml", 14_90, 11, 1900),
    Goods("LV-200", "Lavendel-Badeöl 200 ml", 19_90, 15, 1900),
    Goods("MB-30", "Melisse-Baldrian-Tropfen 30 ml", 17_80, 13, 1900),
    Goods("HB-90", "Hagebutte Kapseln 90 St.", 29_90, 24, 700),
    Goods("MD-120", "Mariendistel Kapseln 120 St.", 34_50, 28, 700),
    Goods("KR-SET", "Kräuterset Winter", 49_90, 40, 700),
    Goods("KU-28", "Frühjahrskur 28 Tage", 89_00, 74, 700),
)


class Member(NamedTuple):
    """A partner: the sponsor by username, the day of joining in days before today, and the share of the orders."""

    username: str
    name: str
    language: str
    land: str
    sponsor: str
    joined: int
    share: int


MEMBERS = (
    Member("anna", "Anna Bauer", "de", "DE", "", 470, 9),
    Member("ivana", "Ivana Horvat", "hr", "HR", "", 462, 7),
    Member("jelena", "Јелена Петровић", "sr", "RS", "anna", 446, 7),
    Member("boris", "Борис Волков", "ru", "RU", "anna", 441, 5),
    Member("emma", "Emma Clarke", "en", "DE", "anna", 433, 7),
    Member("lukas", "Lukas Schneider", "de", "DE", "anna", 425, 5),
    Member("marko", "Marko Kovačević", "hr", "HR", "ivana", 421, 5),
    Member("petra", "Petra Babić", "hr", "HR", "ivana", 416, 4),
    Member("nikola", "Никола Ђорђевић", "sr", "RS", "jelena", 408, 5),
    Member("olga", "Ольга Смирнова", "ru", "RU", "boris", 402, 5),
    Member("sabine", "Sabine Vogel", "de", "DE", "emma", 397, 4),
    Member("thomas", "Thomas Wagner", "de", "DE", "lukas", 390, 3),
    Member("tomislav", "Tomislav Jurić", "hr", "HR", "marko", 384, 4),
    Member("milica", "Milica Jovanović", "sr_Latn", "RS", "jelena", 379, 4),
    Member("dmitri", "Дмитрий Кузнецов", "ru", "RU", "boris", 371, 4),
    Member("katharina", "Katharina Müller", "de", "DE", "lukas", 340, 4),
    Member("maja", "Maja Knežević", "hr", "HR", "petra", 322, 3),
    Member("stefan", "Стефан Николић", "sr", "RS", "nikola", 305, 3),
    Member("natalia", "Наталья Морозова", "ru", "RU", "olga", 287, 3),
    Member("juergen", "Jürgen Hoffmann", "de", "DE", "sabine", 266, 2),
    Member("luka", "Luka Marić", "hr", "HR", "tomislav", 244, 2),
    Member("tamara", "Тамара Стојановић", "sr", "RS", "nikola", 221, 2),
    Member("vladimir", "Vladimir Pavlović", "sr_Latn", "RS", "milica", 203, 2),
    Member("sergei", "Сергей Лебедев", "ru", "RU", "olga", 188, 2),
)


class Clerk(NamedTuple):
    username: str
    name: str
    language: str
    rights: frozenset[str]


CLERKS = (
    Clerk("clara", "Clara Stein", "de", frozenset({"read"})),
    Clerk("dragan", "Драган Илић", "sr", frozenset({"read", "book", "manage"})),
)


class Land(NamedTuple):
    """Where customers live: their language, time zone, dialling code, names of women and men, streets, and places with postcodes."""

    language: str
    zone: str
    dial: str
    women: tuple[str, ...]
    men: tuple[str, ...]
    streets: tuple[str, ...]
    places: tuple[tuple[str, str], ...]


LANDS = {
    "DE": Land(
        "de",
        "Europe/Berlin",
        "+4915",
        ("Maria Huber", "Julia Fischer", "Renate Braun", "Heike Krüger", "Monika Schäfer", "Birgit Köhler", "Lena Zimmermann", "Ute Groß"),
        ("Peter Weber", "Michael Richter", "Jörg Lehmann", "Stefan Kaiser", "Uwe Böhm", "Florian Maier", "Martin Krause", "Klaus Jäger"),
        ("Hauptstraße", "Gartenweg", "Bahnhofstraße", "Am Mühlbach", "Schillerstraße"),
        (("80331", "München"), ("10115", "Berlin"), ("90402", "Nürnberg"), ("86150", "Augsburg"), ("70173", "Stuttgart")),
    ),
    "HR": Land(
        "hr",
        "Europe/Zagreb",
        "+38591",
        (
            "Ana Perić",
            "Marija Novak",
            "Ivka Šimić",
            "Lucija Matić",
            "Katarina Vuković",
            "Nikolina Grgić",
            "Đurđica Pavić",
            "Željka Blažević",
        ),
        (
            "Ante Božić",
            "Josip Marković",
            "Hrvoje Tomić",
            "Krešimir Lovrić",
            "Filip Šarić",
            "Dario Vidović",
            "Zvonimir Ćosić",
            "Mate Rukavina",
        ),
        ("Ilica", "Vukovarska ulica", "Ulica kralja Tomislava", "Radićeva ulica", "Put Supavla"),
        (("10000", "Zagreb"), ("21000", "Split"), ("51000", "Rijeka"), ("31000", "Osijek"), ("23000", "Zadar")),
    ),
    "RS": Land(
        "sr",
        "Europe/Belgrade",
        "+38164",
        (
            "Марија Илић",
            "Љиљана Марковић",
            "Снежана Живковић",
            "Весна Поповић",
            "Ђурђина Ристић",
            "Јована Костић",
            "Гордана Тодић",
            "Ана Цвијић",
        ),
        (
            "Милан Павловић",
            "Жељко Станковић",
            "Драган Љубичић",
            "Душан Ћирић",
            "Немања Савић",
            "Горан Вукић",
            "Лазар Његић",
            "Бошко Пантић",
        ),
        ("Кнеза Милоша", "Његошева", "Булевар ослобођења", "Цара Душана", "Светог Саве"),
        (("11000", "Београд"), ("21000", "Нови Сад"), ("18000", "Ниш"), ("34000", "Крагујевац"), ("24000", "Суботица")),
    ),
    "RU": Land(
        "ru",
        "Europe/Moscow",
        "+7916",
        (
            "Елена Соколова",
            "Татьяна Иванова",
            "Светлана Козлова",
            "Ирина Фёдорова",
            "Юлия Новикова",
            "Марина Щукина",
            "Анна Егорова",
            "Людмила Быкова",
        ),
        (
            "Александр Попов",
            "Андрей Васильев",
            "Игорь Михайлов",
            "Павел Зайцев",
            "Фёдор Воробьёв",
            "Юрий Чернов",
            "Артём Жуков",
            "Олег Ершов",
        ),
        ("ул. Ленина", "Садовая ул.", "Невский пр.", "ул. Гагарина", "ул. Мира"),
        (("101000", "Москва"), ("190000", "Санкт-Петербург"), ("420111", "Казань"), ("620014", "Екатеринбург"), ("630099", "Новосибирск")),
    ),
}


class Asked(NamedTuple):
    """A question about the newest line of a motive in a partner's statement."""

    username: str
    motive: str
    text: str


QUESTIONS = (
    Asked("ivana", "top-up", "Treba li mi račun za ovu uplatu ili je dovoljan izvod?"),
    Asked("emma", "purchase", "Can this customer still change the delivery address?"),
    Asked("jelena", "commission", "Да ли је у ову провизију урачуната и наруџбина госпође Весне Поповић?"),
)
MISTAKE = Asked("lukas", "top-up", "Von wem kommt diese Gutschrift? Ich habe nichts überwiesen.")
ANSWER = "Sie war für Herrn Wagner bestimmt. Wir haben die Buchung berichtigt."
