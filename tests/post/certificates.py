"""A certificate authority of our own, and a certificate of a host by it."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


def authority(folder: Path, host: str) -> tuple[Path, Path]:
    """(the authority's certificate, made once a folder; the key and certificate of an address that it vouches for)."""
    trust, secret = folder / "authority.pem", folder / "authority.key"
    if not trust.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        own = _names("Our own authority")
        made = _certificate(own, own, key).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        trust.write_bytes(made.sign(key, SHA256()).public_bytes(Encoding.PEM))
        secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    issuer, sealer = x509.load_pem_x509_certificate(trust.read_bytes()), load_pem_private_key(secret.read_bytes(), None)
    assert isinstance(sealer, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    made = _certificate(_names(host), issuer.subject, key).add_extension(
        x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False
    )
    chain = folder / f"{host}.pem"
    chain.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.sign(sealer, SHA256()).public_bytes(Encoding.PEM)
    )
    return trust, chain


def _names(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    return builder.serial_number(x509.random_serial_number()).not_valid_before(now - DAY).not_valid_after(now + DAY)
