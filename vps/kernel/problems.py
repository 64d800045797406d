"""What an audit found, as a sentence with named facts that names the row."""

from typing import NamedTuple


class Problem(NamedTuple):
    """`check` is the name of the check (A1, A5 …); `says` an English sentence for the catalogs; `facts` its placeholders."""

    check: str
    says: str
    facts: dict[str, object]
