"""The doctor's proof that VPS sees its visitors' own addresses, with real proxies before the real app and a forged claim each time."""

from io import BytesIO
from types import SimpleNamespace

import pytest

from tests.cli.proxies import adds_a_line, appends, overwrites, passes_through, says_nothing, serving, standing
from vps.app import create_app
from vps.cli.chain import FORGED
from vps.cli.chain import chain as prove
from vps.kernel.database import connect
from vps.kernel.settings import Settings

TRUE = "VPS sees its visitors' own addresses, whatever they claim; this machine's is {}."


@pytest.fixture
def chain(vps, tmp_path, monkeypatch):
    """What the doctor says of an app behind this proxy."""

    def said(says, *, hops=1, peers=Settings.proxy_peers, visitor=""):
        with standing(says, visitor=visitor) as proxy:
            settings = Settings(tmp_path, f"sqlite:///{tmp_path / 'vps.db'}", tmp_path / "keys.json", proxy.url, hops, peers)
            app = create_app(settings)
            connect()
            monkeypatch.setenv("VPS_PUBLIC_URL", proxy.url)
            monkeypatch.setenv("VPS_PROXY_HOPS", str(hops))
            monkeypatch.setenv("VPS_PROXY_PEERS", peers)
            monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
            with serving(app) as port:
                proxy.target = port
                lines = vps("doctor").output.splitlines()
        return [line for line in lines if "addresses" in line or "VPS_PROXY_PEERS" in line]

    return said


def not_safe(plain, claiming):
    return f"✗ Lists of addresses are not safe: VPS sees {plain}, and {claiming} when a visitor claims to be at {FORGED}."


def test_a_proxy_that_overwrites_is_well(chain):
    assert chain(overwrites) == [f"✓ {TRUE.format('127.0.0.1')}"]
    assert chain(overwrites, visitor="198.51.100.7") == [f"✓ {TRUE.format('198.51.100.7')}"]


@pytest.mark.parametrize("says", [appends, adds_a_line])
def test_a_proxy_that_appends_leaves_room_for_a_claim(chain, says):
    (line,) = chain(says, visitor="198.51.100.7")
    assert line.startswith(not_safe("198.51.100.7", "–"))
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in line


def test_a_proxy_that_passes_claims_through_is_what_lists_must_not_rest_on(chain):
    (line,) = chain(passes_through)
    assert line.startswith(not_safe("–", FORGED))


def test_a_proxy_that_says_nothing_hides_everybody(chain):
    (line,) = chain(says_nothing)
    assert line.startswith(not_safe("–", "–"))


def test_a_proxy_more_or_less_than_there_are_is_noticed(chain):
    (line,) = chain(overwrites, hops=2)
    assert line.startswith(not_safe("–", "–"))


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """What is found out about a public name that leads to `leads_to`, when this is the answer to whoever claims nothing, and to whoever does."""

    def found(plain, claiming, *, leads_to="198.51.100.1"):
        answers = iter([f"{plain}\n", f"{claiming}\n"])
        opener = SimpleNamespace(open=lambda request, timeout: BytesIO(next(answers).encode()))
        monkeypatch.setattr("vps.cli.chain.build_opener", lambda *_: opener)
        monkeypatch.setattr("vps.cli.chain.socket.getaddrinfo", lambda host, *_, **__: [(2, 1, 6, "", (leads_to, 0))])
        (finding,) = prove(Settings(tmp_path, "", tmp_path / "keys.json", "https://wallet.alpenkraut.example", 1))
        return finding

    return found


@pytest.mark.parametrize(
    ("plain", "claiming", "leads_to", "well"),
    [
        ("198.51.100.1", "198.51.100.1", "198.51.100.1", True),
        ("2001:db8::1", "2001:db8::1", "2001:db8::1", True),
        ("10.0.0.7", "10.0.0.7", "198.51.100.1", True),
        ("127.0.0.1", "127.0.0.1", "127.0.1.1", True),
        ("::1", "::1", "::1", True),
        ("127.0.0.1", "127.0.0.1", "198.51.100.1", False),
        ("::1", "::1", "198.51.100.1", False),
        ("0.0.0.0", "0.0.0.0", "198.51.100.1", False),  # noqa: S104
        ("224.0.0.1", "224.0.0.1", "198.51.100.1", False),
        (FORGED, FORGED, "198.51.100.1", False),
        ("198.51.100.1", FORGED, "198.51.100.1", False),
        ("198.51.100.1", "198.51.100.2", "198.51.100.1", False),
        ("198.51.100.1", "", "198.51.100.1", False),
        ("", "", "127.0.0.1", False),
    ],
)
def test_both_answers_must_be_the_same_true_address(asked, plain, claiming, leads_to, well):
    finding = asked(plain, claiming, leads_to=leads_to)
    assert finding.well is well
    assert finding.facts == ({"address": plain} if well else {"plain": plain or "–", "claiming": claiming or "–", "forged": FORGED})


@pytest.mark.parametrize("said", ["Back in a minute.", "::ffff:10.0.0.1", "é", "198.51.100.1:80"])
def test_an_answer_that_is_not_an_address_as_we_write_it_proves_nothing(asked, said):
    assert not asked(said, said).well


def test_proxies_that_cannot_be_read_are_named(chain):
    wrong, _ = chain(overwrites, peers="127.0.0.1,caddy")
    assert wrong == "✗ VPS_PROXY_PEERS names something that is neither an address nor a network: caddy"


def test_pages_of_somebody_else_prove_nothing(vps, monkeypatch):
    with standing(overwrites) as elsewhere:
        monkeypatch.setenv("VPS_PUBLIC_URL", elsewhere.url)
        monkeypatch.setenv("VPS_PROXY_HOPS", "1")
        (line,) = [line for line in vps("doctor").output.splitlines() if "could not be asked" in line]
    assert line.startswith(f"✗ Which addresses VPS sees could not be asked at {elsewhere.url} (Back in a minute.)")
    assert "lists of addresses are not safe" in line


def test_pages_that_do_not_answer_prove_nothing(vps, monkeypatch):
    with standing(overwrites) as gone:
        pass
    monkeypatch.setenv("VPS_PUBLIC_URL", gone.url)
    monkeypatch.setenv("VPS_PROXY_HOPS", "1")
    assert f"✗ Which addresses VPS sees could not be asked at {gone.url} (" in vps("doctor").output


def test_without_a_proxy_there_is_nothing_to_prove(vps, monkeypatch):
    monkeypatch.setenv("VPS_PUBLIC_URL", "http://127.0.0.1:1")
    assert "could not be asked" not in vps("doctor").output
