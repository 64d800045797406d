"""What the program never does, wherever it is written: run what it was given, read what could run, roll dice for secrets, ask the network."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = [ROOT / "wsgi.py", *sorted((ROOT / "vps").rglob("*.py"))]
TOOLS = re.compile(r"vps/cli/(bench|demo)/")
"""Commands for a scratch folder or a demo, which refuse a company's books."""

RUNS = {"eval", "exec", "compile", "__import__", "from_string", "render_template_string", "Template", "system", "popen", "execv", "loads"}
HARMLESS = {"re", "json", "tomllib"}
RUNS_ALLOWED = {
    "vps/cli/running.py:execv": "gunicorn, with words of our own and no shell",
    "vps/post/gateway.py:Template": "a class of ours: places in a setting that are filled in, no code",
    "vps/hypermedia/typesetter.py:compile": "typst: a template of ours; what people wrote is JSON that it reads",
    "vps/people/session.py:loads": "itsdangerous: signed JSON",
    "vps/hypermedia/proxy.py:loads": "itsdangerous: signed JSON",
    "vps/security/forms.py:loads": "itsdangerous: signed JSON",
    "vps/wallets/rates_forms.py:loads": "itsdangerous: signed JSON",
    "vps/wallets/trust_forms.py:loads": "itsdangerous: signed JSON",
    "vps/people/actions/notices.py:loads": "itsdangerous: signed JSON",
}
NEVER = {"pickle", "marshal", "shelve", "yaml", "subprocess", "ctypes", "requests", "httpx", "aiohttp", "telnetlib", "ftplib", "xml"}
STARTS_ALLOWED = {
    "vps/hypermedia/typeset.py": "our own typesetter, no shell: what was given reaches it as data on its standard input",
    "vps/trust/pictures.py": "our own darkroom, no shell: a photo reaches it as data on its standard input",
}
NETWORK = {"socket", "urllib.request", "http.client", "smtplib", "imaplib"}
NETWORK_ALLOWED = {
    "vps/post/mail.py": "the mail server of VPS_MAIL_URL",
    "vps/post/gateway.py": "the gateway of VPS_SMS_URL",
    "vps/cli/doctor.py": "this installation's own address",
    "vps/cli/chain.py": "this installation's own address",
}
CRYPTOGRAPHY = {"cryptography.exceptions", "cryptography.fernet", "cryptography.hazmat.primitives.asymmetric.ed25519",
                "cryptography.hazmat.primitives.serialization", "argon2", "argon2.exceptions"}  # fmt: skip
HASHES = {"sha256", "sha384", "file_digest"}
DICE_ALLOWED = {"vps/kernel/locks.py": "how long a writer waits for the one before it"}
NAMES_OF_OURS = ("said[name] = ",)
"""Where a script writes under a name that it does not know: each time one of a list of its own."""
SHORT = {
    "vps/hypermedia/forms.py": "a form's key is no secret: it only tells two forms apart",
    "vps/security/actions/recovering.py": "120 bits, which a person can type and for which a plain digest is enough (ASVS 6.5.2)",
    "vps/commissions/actions/claiming.py": "a claim is no secret: it only tells two workers apart",
    "vps/security/actions/asking.py": "a dialog's number is no secret: what it shows is signed",
}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def sources() -> dict[str, list[ast.AST]]:
    """All that stands in each file: read once for every rule."""
    return {name(path): list(ast.walk(ast.parse(path.read_text(encoding="utf-8")))) for path in SOURCES}


def imports(nodes: list[ast.AST]) -> set[str]:
    """Every module that is imported, wherever in the file."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def calls(nodes: list[ast.AST]) -> list[tuple[str, ast.Call]]:
    """The last word of what is called, and the call; `re.compile` and `json.loads` are other words than `compile` and `loads`."""
    found = []
    for node in nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.append((node.func.id, node))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            found.append((f"{owner}." * (owner in HARMLESS) + node.func.attr, node))
    return found


def test_nothing_that_was_given_is_run_or_revived(sources):
    for file, nodes in sources.items():
        roots = {module.partition(".")[0] for module in imports(nodes)}
        assert TOOLS.search(file) or not roots & NEVER - ({"subprocess"} if file in STARTS_ALLOWED else set()), file
        for word, _ in calls(nodes):
            assert word not in RUNS or f"{file}:{word}" in RUNS_ALLOWED or TOOLS.search(file), (file, word)


def test_only_messages_and_the_doctor_speak_to_the_network(sources):
    for file, nodes in sources.items():
        assert TOOLS.search(file) or file in NETWORK_ALLOWED or not imports(nodes) & NETWORK, file


def test_ciphers_and_hashes_are_the_few_that_were_chosen(sources):
    for file, nodes in sources.items():
        used = {module for module in imports(nodes) if module.partition(".")[0] in ("cryptography", "argon2", "Crypto", "nacl", "bcrypt")}
        assert used <= CRYPTOGRAPHY, file
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and node.module == "hashlib":
                assert {each.name for each in node.names} <= HASHES, file
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "hashlib":
                assert node.attr in HASHES, file


def test_secrets_are_never_rolled_with_dice_and_are_long(sources):
    for file, nodes in sources.items():
        assert "random" not in imports(nodes) or file in DICE_ALLOWED or TOOLS.search(file), file
        for word, call in calls(nodes):
            if word in ("token_bytes", "token_urlsafe", "token_hex"):
                assert isinstance(call.args[0], ast.Constant), (file, "as many bytes as are written there")
                assert call.args[0].value >= 16 or file in SHORT, file


def test_nobody_mixes_what_stands_in_the_address_with_what_stands_in_the_form(sources):
    for file, nodes in sources.items():
        for node in nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "request":
                assert node.attr != "values", (file, node.lineno)


@pytest.mark.parametrize("path", sorted((ROOT / "static").glob("*.js")), ids=name)
def test_our_script_writes_text_and_no_code(path):
    script = path.read_text(encoding="utf-8")
    for fixed in NAMES_OF_OURS:
        script = script.replace(fixed, "")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function|setTimeout\(\s*['\"]", script)
    assert not re.search(r"__proto__|prototype|localStorage|sessionStorage|indexedDB|document\.cookie|\]\s*=[^=]", script)
