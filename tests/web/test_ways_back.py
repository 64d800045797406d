"""Whoever reads one thing of commissions or wallets finds the list it stands in by a link of the page itself."""

import re
from html import unescape

from tests.web.refusing import reading
from tests.web.test_every_page import OFFICE, PARTNER, path_of, world  # noqa: F401 - a fixture

HERE = (
    "/commissions",
    "/wallet",
    "/office/commissions",
    "/office/transfers",
    "/office/wallet-kinds",
    "/office/questions",
    "/office/asked-back",
)
FROM_ELSEWHERE = {
    "/wallet", "/office/commissions", "/office/transfers", "/office/wallet-kinds", "/office/questions", "/office/asked-back",
}  # fmt: skip
"""Reached by a tab, or from More: there is no list above them."""
ABOVE = {
    "/commissions": "/wallet",
    "/wallet/pay-out": "/wallet/pay-outs",
    "/wallet/send": "/wallet/transfers",
    "/wallet/receive": "/wallet/transfers",
    "/wallet/standing": "/wallet/transfers",
    "/wallet/requests": "/wallet/transfers",
    "/office/commissions/trials/1": "/office/commissions/plans/2",
    "/office/commissions/trials/2": "/office/commissions/plans/1",
    "/office/commissions/notes/{note}": "/office/commissions/runs/{run}/notes",
}
"""Where the list stands at another address."""


def ways_out(answer):
    """Addresses of the links of a page, tabs left out."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return {re.split("[?#]", unescape(href))[0] for href in re.findall(r'href="(/[^"]*)"', main)}


def is_above(way, path):
    return path.startswith(f"{way}/") and way not in ("", "/office")


def test_every_page_about_one_thing_links_to_the_list_it_stands_in(world):  # noqa: F811
    anna, elena = reading(world.anna, "en"), reading(world.elena, "en")
    pages = [(anna, page) for page in PARTNER] + [(elena, page) for page in OFFICE]
    lost = []
    for browser, page in pages:
        bare = page.partition("?")[0]
        if not (bare.startswith(HERE) or bare.startswith("/office/partners/{anna}/wallet")) or bare in FROM_ELSEWHERE:
            continue
        answer, path = browser.get(path_of(world, page)), path_of(world, bare)
        found = ways_out(answer) - {path}
        above = path_of(world, ABOVE[bare]) if bare in ABOVE else None
        if answer.status_code == 200 and not (above in found if above else any(is_above(way, path) for way in found)):
            lost.append(page)
    assert lost == []


def test_the_way_back_of_a_page_is_shown_wherever_it_stands(world):  # noqa: F811
    elena, anna = reading(world.elena, "en"), reading(world.anna, "en")
    for browser, page, back in (
        (elena, "/office/discovery/partners/{anna}", "/office/discovery"),
        (elena, "/office/discovery/dossiers/1/parts/bookings", "/office/discovery/dossiers/1"),
        (anna, "/me/password", "/me/sessions"),
        (anna, "/commissions/notes/{note}", "/commissions/notes"),
    ):
        answer = browser.get(path_of(world, page))
        assert back in ways_out(answer) and answer.text.count(">Back</a>") == 1, page
