"""A PostgreSQL database brought back to its first rows, which takes a tenth of the time of copying it.

A database of this size is a thousand files; most tests change ten tables. What each table held first is kept in
the schema `kept` beside it.
"""

from __future__ import annotations

import psycopg

# Sums up tables, columns, indexes and triggers: a test may take a trigger away to see what happens.
_KEEP = b"""
DROP SCHEMA IF EXISTS kept CASCADE;
CREATE SCHEMA kept;

-- Sums up columns, triggers, constraints and functions: a test may take a trigger away to see what happens.
CREATE FUNCTION kept.shape() RETURNS text LANGUAGE sql AS $$
  SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
    SELECT concat_ws(' ', c.oid, c.relname, a.attnum, a.attname, a.atttypid, a.attnotnull) AS part
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
     WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', oid, tgname, tgenabled, tgfoid) FROM pg_trigger
    UNION ALL SELECT concat_ws(' ', oid, conname) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', oid, md5(prosrc)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  ) AS parts $$;

-- Every row that stands now is older than this transaction.
CREATE TABLE kept._first AS SELECT kept.shape() AS shape, txid_current() AS since;

DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', name);
  END LOOP;
END $$;

CREATE FUNCTION kept.restore() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text;
  changed boolean;
BEGIN
  FOR name IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' LOOP
    EXECUTE format(
      'SELECT EXISTS (SELECT FROM public.%1$I WHERE xmin::text::bigint > (SELECT since FROM kept._first))
           OR (SELECT count(*) FROM public.%1$I) <> (SELECT count(*) FROM kept.%1$I)', name) INTO changed;
    IF changed THEN
      EXECUTE format('DELETE FROM public.%I', name);
      EXECUTE format('INSERT INTO public.%1$I SELECT * FROM kept.%1$I', name);
    END IF;
  END LOOP;
  UPDATE kept._first SET since = txid_current();
END $$;
"""


def keep(connection: psycopg.Connection) -> None:
    """Remember every row of the database connected to, and its tables' shape."""
    connection.execute(_KEEP)


def restore(connection: psycopg.Connection) -> bool:
    """Bring back what `keep` remembered; False where tables or triggers are others, and nothing was done.

    Others who are connected are cut off first.
    """
    connection.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    same = connection.execute("SELECT shape = kept.shape() FROM kept._first").fetchone()
    if same != (True,):
        return False
    with connection.transaction():
        # Neither foreign keys nor the triggers that hold rows fast are asked.
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SELECT kept.restore()")
    return True
