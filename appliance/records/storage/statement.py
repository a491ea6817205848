"""A statement of SQL with its values, as the store commits it."""

SqlValue = int | str | bytes | None
Statement = tuple[str, tuple[SqlValue, ...]]
