"""What must not go through, and what must be swept away: for `postgres_grants.py`.

One policy and one database. Each trap changes something by hand, applies the file, and says what must come of it.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

POLICY = """
environments: { prod: {} }
users: { ana: { email: ana@acme.example }, raj: { email: raj@acme.example } }
systems:
  db:
    type: postgres
    environments: { prod: { host: localhost, database: traps } }
    manages: { leaves: ["login_*"] }
roles: { reader: { can: { read: ["db/marts/**"] } } }
bindings:
  - { role: reader, to: [ana, raj], in: [prod], until: 2099-01-01 }
artifacts:
  grants: { target: postgres_grants, path: db.sql, audience: ana, system: db, environment: prod, owners: [maker] }
"""

WORLD = """
CREATE ROLE maker; CREATE ROLE grantor; CREATE ROLE login_iam; CREATE ROLE bystander; CREATE ROLE other;
\\connect traps
CREATE SCHEMA marts AUTHORIZATION maker;
CREATE TABLE marts.orders (id serial, x int); ALTER TABLE marts.orders OWNER TO maker;
CREATE TABLE marts.secret (x int);
CREATE FUNCTION marts.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE marts.t AS (x int);
GRANT SELECT ON marts.secret TO bystander;
"""

# What somebody did by hand, and what must come of applying the file then: a fragment of the refusal, or None where it is swept away.
TRAPS: list[tuple[str, str, str | None]] = [
    ("another's grant", "GRANT USAGE ON SCHEMA marts TO grantor; GRANT INSERT ON marts.orders TO grantor WITH GRANT OPTION; "
     "SET ROLE grantor; GRANT INSERT ON marts.orders TO ana; RESET ROLE;", "still holds INSERT on TABLE marts.orders, which grantor granted"),
    ("another's grant of a column", "GRANT USAGE ON SCHEMA marts TO grantor; GRANT UPDATE (x) ON marts.orders TO grantor WITH GRANT OPTION; "
     "SET ROLE grantor; GRANT UPDATE (x) ON marts.orders TO ana; RESET ROLE;", "still holds UPDATE (x) on TABLE marts.orders"),
    ("a type", "GRANT USAGE ON TYPE marts.t TO ana;", "of which no policy speaks"),
    ("a superuser", "ALTER ROLE ana SUPERUSER;", "no grant limits it"),
    ("another file's role", "COMMENT ON ROLE reader IS 'writ: role of db in dev';", "belongs to another file"),
    ("a role that is not Writ's", "COMMENT ON ROLE reader IS 'our readers';", "is not marked as Writ"),
    ("no inheritance", "REVOKE reader FROM ana; ALTER ROLE ana NOINHERIT;", "does not inherit"),
    ("no owner", "ALTER DEFAULT PRIVILEGES FOR ROLE maker IN SCHEMA marts REVOKE SELECT ON TABLES FROM reader; ALTER ROLE maker RENAME TO gone;", "there is no role maker"),
    ("a dependent grant", "GRANT SELECT ON marts.orders TO ana WITH GRANT OPTION; SET ROLE ana; GRANT SELECT ON marts.orders TO bystander; RESET ROLE;", "dependent privileges exist"),
    ("more on a table", "GRANT ALL ON marts.orders, marts.secret TO ana, reader;", None),
    ("a column", "GRANT SELECT (x) ON marts.secret TO ana;", None),
    ("a sequence, a routine", "GRANT ALL ON SEQUENCE marts.orders_id_seq TO reader; GRANT EXECUTE ON FUNCTION marts.f() TO ana;", None),
    ("the database, a schema", "GRANT ALL ON DATABASE traps TO raj; GRANT CREATE ON SCHEMA marts, public TO ana;", None),
    ("a grant option", "GRANT SELECT ON marts.orders TO reader WITH GRANT OPTION;", None),
    ("default privileges", "ALTER DEFAULT PRIVILEGES FOR ROLE maker GRANT ALL ON TABLES TO ana; ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA marts GRANT SELECT ON TABLES TO PUBLIC;", None),
    ("PUBLIC", "GRANT SELECT ON marts.secret TO PUBLIC; GRANT UPDATE (x) ON marts.orders TO PUBLIC; GRANT CREATE ON SCHEMA public TO PUBLIC; GRANT CONNECT, TEMP ON DATABASE traps TO PUBLIC;", None),
    ("memberships", "GRANT pg_read_all_data TO ana; GRANT reader TO other; GRANT bystander TO reader; GRANT raj TO ana; GRANT reader TO ana WITH ADMIN OPTION;", None),
    ("less", "REVOKE reader FROM ana; REVOKE SELECT ON marts.orders FROM reader; REVOKE USAGE ON SCHEMA marts FROM reader; REVOKE CONNECT ON DATABASE traps FROM reader;", None),
    ("a system catalog", "GRANT SELECT ON pg_authid TO ana;", None),
]


def spring(server: Any, writ: str, folder: Path, clear: Callable[[], None], catalog: Callable[[], set[str]]) -> Iterator[tuple[str, list[str]]]:
    """Each trap, with what went wrong."""
    (folder / "policies").mkdir()
    (folder / "writ.yaml").write_text("version: 1\n", encoding="utf-8")
    (folder / "policies" / "policy.yaml").write_text(POLICY, encoding="utf-8")
    run = subprocess.run([writ, "render", "--repo", str(folder)], capture_output=True, text=True, timeout=300)
    if run.returncode:
        yield "render", [run.stdout + run.stderr]
        return
    script = (folder / "generated" / "db.sql").read_text(encoding="utf-8")

    def fresh() -> None:
        clear()
        server.sql("CREATE DATABASE traps;")
        server.sql(WORLD)
        server.sql(script, inside="traps")

    def refusal(text: str) -> str | None:
        before = catalog()
        try:
            server.sql(text, inside="traps")
        except RuntimeError as error:
            return str(error) if catalog() == before else f"something was changed all the same, with: {error}"
        return None

    for name, by_hand, expected in TRAPS:
        fresh()
        wanted = catalog()
        server.sql(by_hand, inside="traps")
        said = refusal(script)
        if expected:
            yield name, [] if said and expected in said else [f"must be refused with {expected!r}, but: {said or 'it was applied'}"]
            continue
        left = catalog() ^ wanted
        yield name, [f"refused: {said}"] if said else [f"left: {line}" for line in sorted(left)]

    fresh()
    server.sql("GRANT login_iam TO ana;", inside="traps")
    kept = catalog()
    said = refusal(script)
    yield "a membership that is left alone", [said] if said else [f"changed: {line}" for line in sorted(catalog() ^ kept)]

    said = refusal(script.replace("'2099-01-01T00:00:00Z'", "'2001-01-01T00:00:00Z'").replace("'2099-01-02T00:00:00Z'", "'2001-01-01T00:00:00Z'"))
    yield "a file of yesterday", [] if said and "this file was true until" in said else [f"must be refused, but: {said}"]
    server.sql("CREATE DATABASE elsewhere;")
    try:
        server.sql(script, inside="elsewhere")
        yield "another database", ["it was applied"]
    except RuntimeError as error:
        yield "another database", [] if "this file is for the database traps" in str(error) else [str(error)]

    # A file for another database of the server has accounts in common, and leaves what the first one says of them.
    other = script.replace("role of db in prod", "role of db in dev").replace("'traps'", "'elsewhere'").replace("'reader'", "'reader_in_dev'")
    before = catalog()
    server.sql(other, inside="elsewhere")
    gone = {line for line in before - catalog() if not line.startswith("database elsewhere")}
    said = refusal(script)
    yield "two files of one server", [said] if said else [f"changed: {line}" for line in sorted(gone)]

    # What exists is nobody's to take, unless the artifact says so.
    clear()
    server.sql("CREATE DATABASE traps; ")
    server.sql("CREATE ROLE reader;" + WORLD)
    server.sql("GRANT SELECT ON marts.secret TO reader;", inside="traps")
    said = refusal(script)
    yield "a role that exists", [] if said and "is not marked as Writ" in said else [f"must be refused, but: {said}"]
    adopting = script.replace(", false, false);", ", true, false);", 1)
    said = refusal(adopting)
    held = server.sql("SELECT has_table_privilege('reader', 'marts.secret', 'SELECT, INSERT'), has_table_privilege('bystander', 'marts.secret', 'SELECT');", inside="traps")
    # `marts.secret` is in the schema that the role reads.
    yield "a role that is taken over", [said] if said else [] if held == "t|t" else [f"held: {held}"]
