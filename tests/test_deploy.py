"""What is copied onto a machine does what docs/run.md says of it."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "docs" / "deploy"


@pytest.fixture
def typed(tmp_path):
    """The vps command for root, with a settings file of its own; answers the environment that the program would get."""
    script = (DEPLOY / "vps.sh").read_text()
    script = script.replace("/etc/vps/env", str(tmp_path / "env")).replace("runuser -u vps -- /srv/vps/venv/bin/vps", "env -0 --")
    (tmp_path / "vps.sh").write_text(script)

    def run(settings: str | None, **given: str) -> dict[str, str] | str:
        if settings is not None:
            (tmp_path / "env").write_text(settings)
        answer = subprocess.run(["/bin/sh", tmp_path / "vps.sh"], env={"PATH": os.environ["PATH"], **given}, capture_output=True, text=True)
        return dict(pair.split("=", 1) for pair in answer.stdout.split("\0") if pair) if answer.returncode == 0 else answer.stderr

    return run


@pytest.mark.parametrize("password", ["a&b", "a;b", "a|b", "a b", "a(b", "a'b", 'a"b', "a`id`b", "$HOME", "$(touch owned)", "a\\b"])
def test_settings_are_read_and_never_run(typed, tmp_path, password):
    found = typed(f"# a comment\n\nVPS_MAIL_URL=smtp://user:{password}@mail.alpenkraut.example:587\nVPS_PROXY_HOPS=1")

    assert found["VPS_MAIL_URL"] == f"smtp://user:{password}@mail.alpenkraut.example:587"
    assert found["VPS_PROXY_HOPS"] == "1"
    assert not Path("owned").exists() and not (tmp_path / "owned").exists()


def test_another_folder_means_another_database(typed):
    settings = "VPS_DATA_DIR=/var/lib/vps\nVPS_DATABASE_URL=postgresql:///vps\n"

    assert typed(settings)["VPS_DATABASE_URL"] == "postgresql:///vps"
    drill = typed(settings, VPS_DATA_DIR="/var/lib/vps-drill")
    assert drill["VPS_DATA_DIR"] == "/var/lib/vps-drill" and "VPS_DATABASE_URL" not in drill
    assert typed(settings, VPS_DATA_DIR="/x", VPS_DATABASE_URL="postgresql:///drill")["VPS_DATABASE_URL"] == "postgresql:///drill"


def test_without_settings_it_says_what_is_missing(typed):
    assert "docs/run.md" in typed(None)


@pytest.mark.parametrize("script", sorted(DEPLOY.glob("*.sh")), ids=lambda path: path.name)
def test_scripts_are_whole(script):
    assert subprocess.run(["/bin/sh", "-n", script]).returncode == 0


def test_the_guide_names_every_file_that_is_there_and_no_other():
    guide = "".join(path.read_text() for path in [ROOT / "docs" / "run.md", *DEPLOY.iterdir()])
    named = set(re.findall(r"docs/deploy/([\w.-]+\w)", guide)) | set(re.findall(r"vps-(?:web|worker|backup)\.(?:service|timer)", guide))
    there = {path.name for path in DEPLOY.iterdir()}

    assert named - {"vps"} - there == set()
    assert there - named == set()


@pytest.mark.parametrize("lock", [ROOT / "requirements.lock", DEPLOY / "postgresql.lock"], ids=lambda path: path.name)
def test_every_package_is_known_by_its_hash(lock):
    packages = re.split(r"\n(?=\w)", re.sub(r"(?m)^#.*\n", "", lock.read_text()))

    assert len(packages) > 2
    assert [package for package in packages if "--hash=sha256:" not in package] == []
