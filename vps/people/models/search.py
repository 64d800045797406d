"""Finding people by their names, in any script or spelling."""

from peewee import BigIntegerField, BlobField, Check, CompositeKey, TextField

from vps.kernel.database import rows
from vps.kernel.rows import Row
from vps.kernel.text import fold


class Word(Row):
    """A folded word of a name, for search by its beginning: Petrovic finds Петровић at any size.

    Bytes, because only they are compared alike by both engines.
    """

    id = None
    word = BlobField()
    kind = TextField(constraints=[Check("kind IN ('person', 'customer')")])
    owner = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("word", "kind", "owner")


Word.add_index(Word.owner, Word.kind, name="word_owner")


def find(kind: str, query: str, *, partner: int | None = None, limit: int = 200) -> list[int]:
    """The ids of persons or customers of whose names every word of `query` begins a word, in any script or spelling.

    `partner`: only this partner's customers.
    """
    wanted = fold(query).split()[:6]
    if not wanted:
        return []
    values: list[object] = [value for word in wanted for value in (kind, word.encode(), word.encode() + b"\x7f")]
    parts = [FIND] * len(wanted)
    if partner is not None:
        parts.append("SELECT id FROM customer WHERE partner_id = ?")
        values.append(partner)
    sql = f"SELECT owner FROM ({' INTERSECT '.join(parts)}) AS found ORDER BY owner DESC LIMIT ?"
    return [int(owner) for (owner,) in rows(sql, *values, limit)]


FIND = "SELECT owner FROM word WHERE kind = ? AND word >= ? AND word < ?"
