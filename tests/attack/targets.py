"""What is attacked, what is left alone, and which findings are known to be none."""

import re
from typing import NamedTuple

MODULES = "sql,timesql,xss,permanentxss,redirect,exec,file,crlf"
"""Of wapiti: those that put something into fields and addresses. Their probes must reach a view."""
GUARDS = "csp,http_headers,cookieflags,csrf,methods"
"""Of wapiti: those that look at headers and try the doors. Their probes are meant to be refused, so nobody counts where they end."""

LEFT_ALONE = {
    "/sign-out": "ends the session that the scanner needs",
    "/me/password": "sqlmap tries it; wapiti would learn nothing behind the present password, at a slow hash a probe",
    "/office/people/*": "closes accounts, and with them pages; invitations are mails",
    "/orders/*/end": "cancels the order, and every later probe of it would only hear so",
    "/static/*": "files without a program behind them; tests/web/test_headers.py asks for what is not among them",
}

KNOWN = (
    (
        r"wapiti: SQL Injection .* in the parameter key$",
        "A form's own key has 40 signs at most. Wapiti compares `67=67` with `67=137`: the true probe has 40 signs and is taken, the false"
        " one has 41 and is refused. sqlmap, asked about the same fields, finds nothing.",
    ),
    (
        r"wapiti: Secure flag is not set in the cookie : vps$",
        "The demo is served on the loopback without TLS. Over https the cookie is Secure and called `__Host-vps`: tests/web/test_headers.py.",
    ),
)
"""Findings that are none, as regular expressions, each with its reason."""


class Target(NamedTuple):
    """What sqlmap asks: who, where, which fields, and for a POST everything else that the form sends."""

    who: str
    path: str
    fields: str
    data: str = ""
    fresh: str = ""
    """A field that is another one in every request, or the second would only find what the first one made."""
    done: str = ""
    """The status that says that the form was done; then sqlmap looks at nothing else."""


ORDERED = "key={key}&customer=&name=Maria&language=de&q-1=1"
BOOKED = "amount=1%2C00&number=B1&day=2026-11-20&payer=x&reason=x&confirmed=1"
PERSON = "name=Petra&language=de&zone=Europe%2FBerlin&email=&phone=&bank_name=&username="
TARGETS = (
    Target("anna", "/orders?q=mar", "q"),
    Target("anna", "/orders?colour=red&before=9", "colour,before"),
    Target("anna", "/wallet/statement?before=9", "before"),
    Target("anna", "/me/history?before=9", "before"),
    Target("anna", "/orders/{order}*", "#1*"),
    Target("anna", "/orders/{order}/payment?way=sheet", "way"),
    Target("anna", "/orders/new", "name,customer,language,q-1", ORDERED, "key", "303"),
    Target("anna", "/orders/new", "key", ORDERED, done="303"),
    Target("anna", "/orders/{order}/goods", "key,city", "key={key}&q-1=1&street=&postcode=&city=Linz&country=", done="303"),
    Target("anna", "/orders/{order}/payment", "shown,tan", "shown={shown}&tan=123456"),
    Target("anna", "/me/password", "current", "current=x&password=x&again=x"),
    Target("anna", "/me/sheet", "first", "first=123456&second=123456"),
    Target("anna", "/me/language", "language", "language=de"),
    Target("dragan", "/office/orders?q=mar", "q"),
    Target("dragan", "/office/orders?colour=red&before=9", "colour,before"),
    Target("dragan", "/office/partners?q=an", "q"),
    Target("dragan", "/office/partners/{partner}*", "#1*"),
    Target("dragan", "/office/partners/{partner}/history?before=9", "before"),
    Target("dragan", "/office/partners/{partner}/wallet?before=9", "before"),
    Target("dragan", "/office/partners/new", "name,username,sponsor", f"key={{key}}&sponsor=&{PERSON}", "key", "303"),
    Target("dragan", "/office/partners/{partner}/details", "email,zone", PERSON.replace("Petra", "Anna+Bauer"), done="303"),
    Target("dragan", "/office/partners/{partner}/wallet/top-up", "number,day,payer", f"key={{key}}&{BOOKED}", "key", "303"),
    Target("dragan", "/office/partners/{partner}/wallet/top-up", "key", f"key={{key}}&{BOOKED}", done="303"),
    Target("dragan", "/office/partners/{partner}/wallet/pay-out", "key,amount,reason", f"key={{key}}&{BOOKED}", done="303"),
    Target("", "/sign-in", "username", "username=anna&password=x&next=%2Fwallet"),
    Target("", "/sign-in", "next", "username=anna&password=x&next=%2Fwallet"),
    Target("", "/sign-in/help", "username", "username=anna"),
    Target("", "/freeze", "number,code", "number={partner}&code=ABCDEFGH"),
    Target("", "/welcome/x*", "#1*"),
    Target("", "/language/de?next=%2Fwallet", "next"),
)


def excused(finding: str) -> str:
    """Why this finding is none, or nothing."""
    return next((reason for pattern, reason in KNOWN if re.search(pattern, finding)), "")
