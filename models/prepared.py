"""Statements that run at every message: compiled once, then handed to the driver without SQLAlchemy in between.

SQLAlchemy's own way to the driver takes ten times what the driver takes (docs/benchmarks.md). Types, errors and
listeners stay those of SQLAlchemy.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, Executable, Select, Table, bindparam
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from models.base import Base

Convert = Callable[[Any], Any]
Row = Any  # a named tuple


@dataclass(frozen=True)
class Form:
    """A statement as one kind of database reads it."""

    sql: str
    constants: dict[str, Any]  # values that stand in the statement itself
    binds: dict[str, Convert | None]
    order: tuple[str, ...] | None  # of the values; None: the driver takes them by name
    readers: list[tuple[int, Convert]]  # of those columns of a row that are not ours as they come
    name: Callable[[Iterable[Any]], Row]  # a row of values as one whose columns are attributes too
    error: type[Exception]

    def run(self, connection: Connection, values: dict[str, Any]) -> list[Row]:
        """The rows of the answer; none where the statement answers with none."""
        named = self.constants | values
        for name, convert in self.binds.items():
            if convert is not None:
                named[name] = convert(named[name])
        given: Any = named if self.order is None else [named[name] for name in self.order]
        cursor = connection.connection.cursor()
        connection.dispatch.before_cursor_execute(connection, cursor, self.sql, given, None, False)
        try:
            cursor.execute(self.sql, given)
            rows = cursor.fetchall() if cursor.description else ()
        except self.error as error:
            raise DBAPIError.instance(self.sql, None, error, self.error, hide_parameters=True) from error
        finally:
            cursor.close()
        if not self.readers:
            return [self.name(row) for row in rows]
        return [self.name(self.read(row)) for row in rows]

    def read(self, row: Sequence[Any]) -> list[Any]:
        """The values of a row as ours."""
        values = list(row)
        for number, convert in self.readers:
            values[number] = convert(values[number])
        return values


class Prepared:
    """A Core statement; an INSERT without values names the `columns` that it fills."""

    def __init__(self, statement: Executable, *columns: str) -> None:
        self._statement, self._columns = statement, columns
        self._forms: dict[str, Form] = {}

    def run(self, session: Session, **values: Any) -> list[Row]:
        """In the transaction of the session, after what the session has not written yet."""
        session.flush()
        connection = session.connection()
        form = self._forms.get(connection.dialect.name) or self._compile(connection.dialect)
        return form.run(connection, values)

    def _compile(self, dialect: Dialect) -> Form:
        compiled: SQLCompiler = self._statement.compile(  # type: ignore[attr-defined]
            dialect=dialect, column_keys=list(self._columns) or None
        )
        columns = list(getattr(self._statement, "selected_columns", ()))
        readers = [find_reader(column.type, dialect) for column in columns]
        row = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
        self._forms[dialect.name] = form = Form(
            sql=str(compiled),
            constants={name: bind.value for name, bind in compiled.binds.items() if not bind.required},
            binds={name: find_bind(bind.type, dialect) for name, bind in compiled.binds.items()},
            order=tuple(compiled.positiontup or ()) if compiled.positional else None,
            readers=[(number, convert) for number, convert in enumerate(readers) if convert is not None],
            name=row._make if columns else tuple,
            error=dialect.loaded_dbapi.Error,
        )
        return form


class PreparedAmong:
    """A SELECT of the rows whose `column` is one of so many values, compiled for each power of two."""

    def __init__(self, statement: Select[Any], column: ColumnElement[Any]) -> None:
        self._statement, self._column = statement, column
        self._sizes: dict[int, Prepared] = {}

    def run(self, session: Session, wanted: Sequence[Any]) -> list[Row]:
        """As Prepared.run; in no order, each row once."""
        if not wanted:
            return []
        size = 1 << (len(wanted) - 1).bit_length()
        statement = self._sizes.get(size) or self._sizes.setdefault(size, self._make(size))
        filled = [*wanted, *[wanted[-1]] * (size - len(wanted))]
        return statement.run(session, **{f"wanted_{number}": value for number, value in enumerate(filled)})

    def _make(self, size: int) -> Prepared:
        binds = [bindparam(f"wanted_{number}", type_=self._column.type) for number in range(size)]
        return Prepared(self._statement.where(self._column.in_(binds)))


def table_of(kind: type[Base]) -> Table:
    """The table of a class, whose columns a Core statement names."""
    return kind.metadata.tables[kind.__tablename__]


def find_bind(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """From our value to the driver's."""
    return kind.dialect_impl(dialect).bind_processor(dialect)


def find_reader(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """From the driver's value to ours."""
    return kind.dialect_impl(dialect).result_processor(dialect, None)
