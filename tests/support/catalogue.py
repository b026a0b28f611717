"""PostgreSQL's own description of a schema, as sorted lines of text."""

import psycopg

# What Alembic's comparison does not see is all here: CHECK, EXCLUDE, deferrability, triggers, functions. NOT NULL is
# told with the column, because PostgreSQL lists it as a constraint only from version 18 on.
LINES = """
SELECT format('column %s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
        CASE
            WHEN a.attgenerated <> '' THEN ' generated ' || pg_get_expr(d.adbin, d.adrelid)
            WHEN a.attidentity <> '' THEN ' identity ' || a.attidentity::text
            ELSE coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
        END)
    FROM pg_attribute AS a
    JOIN pg_class AS c ON c.oid = a.attrelid AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT format('constraint %s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'p', 'u', 'x')
UNION ALL
SELECT format('index %s.%s %s', tablename, indexname, indexdef) FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT format('trigger %s.%s %s %s', tgrelid::regclass, tgname, tgenabled, pg_get_triggerdef(oid))
    FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT format('function %s %s', oid::regprocedure, md5(pg_get_functiondef(oid)))
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT format('extension %s', extname) FROM pg_extension
"""


def catalogue(dsn: str) -> list[str]:
    """Everything of ours that the schema "public" consists of, one line each, sorted the same on every machine."""
    return [line for line in _lines(dsn) if not _is_of_the_queue(line)]


def queue_catalogue(dsn: str) -> list[str]:
    """What the schema holds for the queue of jobs."""
    return [line for line in _lines(dsn) if _is_of_the_queue(line)]


def _lines(dsn: str) -> list[str]:
    with psycopg.connect(dsn) as connection:
        return sorted(str(line) for (line,) in connection.execute(LINES))


def _is_of_the_queue(line: str) -> bool:
    return line.split(maxsplit=1)[1].startswith("procrastinate_")
