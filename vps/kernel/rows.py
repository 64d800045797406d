"""Rows: peewee models on strict tables, whose rules the database repeats as CHECKs and triggers."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar

from peewee import BigAutoField, BigIntegerField, Check, ForeignKeyField, Model, TextField
from peewee import sort_models as _sort_models  # type: ignore[attr-defined]

from vps.kernel.clock import instant, micros
from vps.kernel.database import database, is_postgres


class Instant(BigIntegerField):
    """A moment: aware UTC datetime in Python, epoch microseconds in the database."""

    def db_value(self, value: datetime | int | None) -> int | None:
        return micros(value) if isinstance(value, datetime) else value

    def python_value(self, value: int | None) -> datetime | None:
        return None if value is None else instant(value)


class Day(TextField):
    """A calendar day: `date` in Python, 'YYYY-MM-DD' in the database."""

    def db_value(self, value: date | str | None) -> str | None:
        return value.isoformat() if isinstance(value, date) else value

    def python_value(self, value: str | None) -> date | None:
        return None if value is None else date.fromisoformat(value)


class Row(Model):
    """Base of every table. `Meta.immutable` lists what may never change: True for all, or the names of the columns.

    `Meta.triggers` are further rules that the database keeps: the statements for SQLite and those for PostgreSQL.
    """

    id: Any = BigAutoField()
    _kinds: ClassVar[list[type["Row"]]] = []

    class Meta:
        database = database
        strict_tables = True
        legacy_table_names = False
        immutable: Any = ()
        triggers: Any = ((), ())

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        Row._kinds.append(cls)


Kind = TypeVar("Kind", bound=Row)


def currency_field(**options: Any) -> TextField:
    """An ISO 4217 code; the database refuses anything but three characters."""
    return TextField(constraints=[Check("length(currency) = 3")], **options)


def key_to(row: Any, **options: Any) -> ForeignKeyField:
    """A foreign key that is never followed by a delete, and gets an index only where one is asked for."""
    return ForeignKeyField(row, on_delete="RESTRICT", **{"index": False, **options})


def columns(kind: type[Row], table: str) -> str:
    """The columns of a kind of row, for constant SQL that names its table `table`; `made_of` reads them."""
    return ", ".join(f"{table}.{field.column_name}" for field in kind._meta.sorted_fields)


def made_of(kind: type[Kind], values: Sequence[Any]) -> Kind:
    """A row of `columns`, as if peewee had read it. Building the same SELECT anew costs peewee more than the rest of a page's reading."""
    row: Any = kind(__no_default__=True)
    for field, value in zip(kind._meta.sorted_fields, values, strict=True):
        row.__data__[field.name] = field.python_value(value)
    row._dirty.clear()
    return row  # type: ignore[no-any-return]


def schema() -> list[str]:
    """Every table, index and trigger that the rows describe, as statements for the engine in use, in an order that works."""
    kinds = _sort_models(Row._kinds)
    made = [statement for row in kinds for statement in (row._schema._create_table(safe=False), *row._schema._create_indexes(safe=False))]
    return [_text(*statement.query()) for statement in made] + guards()


def _text(sql: str, values: list[object]) -> str:
    assert not values, "a schema has no values"
    # Peewee writes SQLite's options on every engine; PostgreSQL is strict anyway.
    return sql.removesuffix(", WITHOUT ROWID").removesuffix(" STRICT") if is_postgres() else sql


def guards() -> list[str]:
    """The triggers that keep immutable rows immutable, and those that rows bring along, for the engine in use."""
    statements = [POSTGRES_GUARD] if is_postgres() else []
    for row in _sort_models(Row._kinds):
        frozen = getattr(row._meta, "immutable", ())
        if frozen:
            columns = "" if frozen is True else " OF " + ", ".join(frozen)
            statements += (_postgres_guards if is_postgres() else _sqlite_guards)(row._meta.table_name, columns)
        statements += getattr(row._meta, "triggers", ((), ()))[is_postgres()]
    return statements


POSTGRES_GUARD = """CREATE OR REPLACE FUNCTION vps_immutable() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is immutable', ERRCODE = 'integrity_constraint_violation'; END $$"""


def _sqlite_guards(table: str, columns: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is immutable'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{columns} ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
    ]


def _postgres_guards(table: str, columns: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{columns} ON {table} FOR EACH ROW EXECUTE FUNCTION vps_immutable()",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION vps_immutable()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION vps_immutable()",
    ]
