"""The environment of one installation, read in one place."""

from pathlib import Path

import pytest

from vps.kernel.settings import ROOT, Settings

SMS = ("VPS_SMS_URL", "VPS_SMS_BODY", "VPS_SMS_HEADERS", "VPS_SMS_FROM", "VPS_SMS_OK")
NAMES = ("VPS_DATA_DIR", "VPS_DATABASE_URL", "VPS_KEY_FILE", "VPS_PUBLIC_URL", "VPS_PROXY_HOPS", "VPS_PROXY_PEERS", "VPS_MAIL_URL", *SMS)


@pytest.fixture(autouse=True)
def an_empty_environment(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_without_an_environment_everything_lies_in_one_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    found = Settings.from_environment()

    assert (found.data_dir, found.key_file) == (tmp_path / "data", tmp_path / "data" / "keys.json")
    assert found.database_url == f"sqlite:///{tmp_path}/data/vps.db"
    assert (found.public_url, found.proxy_hops, found.proxy_peers, found.mail_url, found.sms_url) == ("", 0, "127.0.0.0/8,::1,unix", "", "")


def test_a_checkout_finds_its_templates_beside_the_package():
    assert Settings.from_environment().data == ROOT.parent
    assert (ROOT.parent / "templates").is_dir()


def test_every_setting_comes_from_its_variable(monkeypatch, tmp_path):
    values = (str(tmp_path), "postgresql://db/books", "/etc/vps/keys.json", "https://vps.example", "2", "10.0.0.5", "smtp://mail.example")
    values += ("https://sms.example/?to={to}", "{text}", "X-Key: 1", "VPS", "^OK")
    for name, value in zip(NAMES, values, strict=True):
        monkeypatch.setenv(name, value)

    found = Settings.from_environment()

    assert (str(found.data_dir), found.database_url, str(found.key_file), found.public_url, str(found.proxy_hops), found.proxy_peers, found.mail_url,
            found.sms_url, found.sms_body, found.sms_headers, found.sms_from, found.sms_ok) == values  # fmt: skip


def test_a_folder_that_is_given_wins(monkeypatch, tmp_path):
    monkeypatch.setenv("VPS_DATA_DIR", "/nowhere")

    assert Settings.from_environment(tmp_path).key_file == tmp_path / "keys.json"


@pytest.mark.parametrize("hops", ["", "-1", "two", "1.5"])
def test_a_number_of_proxies_that_is_none_trusts_no_proxy(monkeypatch, hops):
    monkeypatch.setenv("VPS_PROXY_HOPS", hops)

    assert Settings.from_environment(Path("data")).proxy_hops == 0
