"""Applies rendered grants to a throwaway PostgreSQL, and compares what everybody holds there with what Writ says.

    .venv/tools/bin/python Tests/Conformance/postgres_grants.py [--policies 40] [--seeds 7,8] FILE…

Of each FILE, and of policies that are made up (`random_grants.py`): in a database with the schemas and objects that the policy
speaks of, the file is applied twice, which must change nothing the second time. Then each principal, object and privilege is asked
about twice, PostgreSQL's `has_…_privilege` and `writ can --batch`: nothing may be missing, and nothing be there besides. So
again after the owners made more, which whole schemas must give at once; and after a binding was taken out of a policy that
was made up. Last come traps: what somebody else granted, roles of others, files of yesterday.
"""

from __future__ import annotations

import copy
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

import grant_traps
import random_grants
from throwaway_postgres import ThrowawayPostgres, find_programs
from verdicts import Verdicts, arguments, brief, shown

ROOT = Path(__file__).resolve().parent.parent.parent
# When the goldens are rendered.
GOLDEN_INSTANT = "2026-11-20T22:00:00Z"
TABLE_PRIVILEGES = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
# What a file begins with, before anything is done.
TABLES_END = "-- Roles: made where they are missing"
# An object that no world has, to ask about a schema as a whole.
FRESH = "zzmadelater"


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--policies", type=int, default=0, metavar="N", help="how many policies to make up")
    parser.add_argument("--traps", action="store_true", help="set the traps, even if no policy is made up")
    parser.add_argument("--seeds", default="", metavar="N,…", help="make up these policies only")
    options = parser.parse_args()
    verdicts = Verdicts("postgres_grants", options.refuse)
    programs, writ = find_programs(), find_writ()
    if programs is None or writ is None:
        missing = "PostgreSQL" if programs is None else "writ"
        verdicts.skip("-", "all", f"{missing} is not installed")
        return verdicts.finish()
    server = ThrowawayPostgres(programs)
    try:
        server.start("", 54329)
        for path in options.files:
            with tempfile.TemporaryDirectory() as folder:
                judged(verdicts, path, lambda: Proof.of_file(server, writ, path, Path(folder)).run())
        seeds = [int(seed) for seed in options.seeds.split(",") if seed] or range(1, options.policies + 1)
        for seed in seeds:
            with tempfile.TemporaryDirectory() as folder:
                judged(verdicts, f"policy {seed}", lambda: made_up(server, writ, seed, Path(folder)))
        if options.policies or options.traps:
            for what, problems in teeth(server, writ):
                verdicts.judge("teeth", what, problems)
            with tempfile.TemporaryDirectory() as folder:
                proof = Proof(server, writ, Path(folder), "", None)
                proof.database = "traps"
                for what, problems in grant_traps.spring(server, writ, Path(folder), proof.clear, proof.catalog):
                    verdicts.judge("traps", what, problems[:6])
                proof.clear()
    finally:
        server.remove()
    return verdicts.finish()


# Files that are not what the policy says: a change of the text, and what the comparison must find.
WRONG = [
    ("wider", 1, r"('object'), ARRAY\[.*?\](, (?:ARRAY|NULL).*)", r"\1, ARRAY['*/*']\2", " has "),
    ("narrower", 1, r"INSERT INTO pg_temp.writ_grants VALUES \(.*'object'.*\n", "", " lacks "),
    ("without a membership", 1, r"INSERT INTO pg_temp.writ_members VALUES .*\n", "", " lacks "),
    ("without owners", 2, r"writ_owners f JOIN pg_roles r ON r.rolname = f.name", r"\g<0> AND false", "made later: "),
    ("without USAGE", 2, r"'USAGE', o.role, s.owner", "'CREATE', o.role, s.owner", " lacks USAGE"),
    ("without CONNECT", 4, r"unnest\('\{CONNECT\}'", "unnest('{}'::text[]", " lacks CONNECT"),
    ("never taking back", 3, r"EXECUTE it.prefix \|\| 'REVOKE '", "CONTINUE; EXECUTE it.prefix || 'REVOKE '", "still holds"),
]


def teeth(server: ThrowawayPostgres, writ: str) -> Any:
    """The comparison must be able to fail."""
    for what, seed, wrong, other, found in WRONG:
        with tempfile.TemporaryDirectory() as folder:
            proof = render(server, writ, seed, Path(folder), random_grants.policy(seed))
            script = re.sub(wrong, lambda match: match.expand(other), proof.script)
            if script == proof.script:
                yield what, ["the file has nothing of the kind"]
                continue
            proof.script = script
            try:
                problems, _ = proof.run()
            except RuntimeError as error:
                problems = [str(error)]
            yield what, [] if any(found in problem for problem in problems) else [f"must be found ({found.strip()}), but: {problems[:3]}"]


def judged(verdicts: Verdicts, what: Path | str, run: Any) -> None:
    try:
        problems, detail = run()
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is the verdict
        problems, detail = [brief(error, 600)], ""
    verdicts.judge(what, "grants", problems[:6], detail=detail)


def find_writ() -> str | None:
    if os.environ.get("WRIT"):
        return str(Path(os.environ["WRIT"]).resolve())
    found = [path for path in ROOT.glob(".build/*/writ") if path.is_file()]
    return str(max(found, key=lambda path: path.stat().st_mtime).resolve()) if found else None


def literal(text: str) -> str:
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def never_stale(script: str) -> str:
    """The file of a golden is from another day: what it says of its end is looked at by a trap."""
    return re.sub(r"(writ_settings VALUES \(.*?, )'\d{4}-[0-9T:Z-]+'(, (?:true|false), )", r"\1'infinity'\2", script)


class AsText(yaml.SafeLoader):
    """Dates stay what was written."""


AsText.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def merged(root: Path) -> dict[str, Any]:
    """All of a policy's files as one."""
    policy: dict[str, Any] = {}
    for path in sorted(root.glob("policies/**/*.y*ml")):
        for document in yaml.load_all(path.read_text(encoding="utf-8"), AsText):
            for section, value in (document or {}).items():
                if isinstance(value, dict):
                    policy.setdefault(section, {}).update(value)
                else:
                    policy.setdefault(section, []).extend(value or [])
    return policy


def without_sessions(policy: dict[str, Any]) -> dict[str, Any]:
    """The same with nothing that opens sessions: what somebody has in another's session is no privilege of their own."""
    policy = {section: value for section, value in policy.items() if section not in ("connections", "artifacts", "guardrails", "approvals", "tests")}
    for it in [*policy.get("roles", {}).values(), *policy.get("bindings", [])]:
        it.get("can", {}).pop("assume", None)
        if not it.get("can", True):
            del it["can"]
    for system in policy.get("systems", {}).values():
        for route in (system.get("routes") or {}).values():
            route.pop("acts_as", None)
    policy["bindings"] = [it for it in policy.get("bindings", []) if "role" in it or "can" in it]
    return policy


def write_policy(folder: Path, policy: dict[str, Any]) -> None:
    (folder / "policies").mkdir(exist_ok=True)
    (folder / "writ.yaml").write_text("version: 1\n", encoding="utf-8")
    (folder / "policies" / "policy.yaml").write_text(yaml.safe_dump(policy, sort_keys=False), encoding="utf-8")


@dataclass
class Proof:
    """One policy, one environment, one database."""

    server: ThrowawayPostgres
    writ: str
    root: Path
    script: str
    at: str | None
    seed: int | None = None
    compared: int = 0
    problems: list[str] = field(default_factory=list)

    @staticmethod
    def of_file(server: ThrowawayPostgres, writ: str, path: Path, folder: Path) -> "Proof":
        parents = path.resolve().parents
        expected = next((parent for parent in parents if parent.name == "expected"), None)
        root = expected.parent if expected else next(parent for parent in parents if (parent / "writ.yaml").exists())
        write_policy(folder, without_sessions(merged(root)))
        return Proof(server, writ, folder, path.read_text(encoding="utf-8"), GOLDEN_INSTANT if expected else None)

    def run(self) -> tuple[list[str], str]:
        self.prepare()
        try:
            self.apply_twice("")
            self.compare("")
            self.make_more()
            self.compare("made later: ", at_once=self.is_whole)
            self.apply_twice("again: ")
            self.compare("again: ")
        finally:
            if self.seed is None:
                self.clear()
        return self.problems, f"{self.compared} privileges compared"

    # --- the database ---------------------------------------------------------------------------

    def prepare(self) -> None:
        self.clear()
        self.read()
        self.server.sql(f"CREATE DATABASE {name(self.database)};")
        roles = {role["name"] for role in self.said["roles"]}
        for owner in self.said["owners"]:
            if owner not in roles:
                self.server.sql(f"CREATE ROLE {name(owner)};")
        # Somebody whom no policy knows, and who must keep what they have.
        self.server.sql("CREATE ROLE bystander LOGIN;")
        for schema, object_ in self.world():
            self.make(schema, object_)
        self.server.sql("GRANT USAGE ON SCHEMA public TO bystander;", inside=self.database)

    def clear(self) -> None:
        databases = json.loads(self.server.sql("SELECT coalesce(json_agg(datname), '[]') FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres';"))
        for database in databases:
            self.server.sql(f"DROP DATABASE {name(database)};")
        roles = json.loads(self.server.sql("SELECT coalesce(json_agg(rolname), '[]') FROM pg_roles WHERE rolname <> 'postgres' AND NOT starts_with(rolname, 'pg_');"))
        for role in roles:
            self.server.sql(f"DROP ROLE {name(role)};")

    def read(self) -> None:
        """What the file says, as PostgreSQL reads it: which proves its quoting, too."""
        head = self.script[: self.script.index(TABLES_END)]
        tables = ["settings", "leaves", "names", "owners", "roles", "members", "grants"]
        query = "SELECT json_build_object(" + ", ".join(
            f"'{table}', (SELECT coalesce(json_agg(t), '[]') FROM pg_temp.writ_{table} t)" for table in tables) + ");"
        self.said = json.loads(self.server.sql(head + query + "\nROLLBACK;\n"))
        settings = self.said["settings"][0]
        self.database = settings["database"]
        self.system, self.environment = re.fullmatch(r"writ: role of (.*) in (.*)", settings["mark"]).groups()
        self.said["owners"] = [row["name"] for row in self.said["owners"]]
        self.here = {row["policy"]: row["here"] for row in self.said["names"]}
        self.policy_name = {here: policy for policy, here in self.here.items()}

    def world(self) -> list[tuple[str, str]]:
        if self.seed is not None:
            return random_grants.world(self.seed)
        found: set[tuple[str, str]] = {("other", "thing"), ("public", "thing")}
        for row in self.said["grants"]:
            for pattern in row["resources"] + row["excepted"] + (row["within"] or []):
                parts = pattern.split("/")
                if parts[0]:
                    found.add((parts[0].replace("*", "x"), parts[1].replace("*", "y") if len(parts) > 1 else "thing"))
                    found.add((parts[0].replace("*", ""), "more")) if parts[0] != "*" else None
        return sorted(pair for pair in found if all(pair))

    def make(self, schema: str, object_: str, owner: str | None = None) -> None:
        here = name(self.here.get(schema, schema))
        kind = random.Random(f"{schema}/{object_}").choice(["TABLE {} (id serial, x int)", "TABLE {} (x int)", "VIEW {} AS SELECT 1 AS x", "MATERIALIZED VIEW {} AS SELECT 1 AS x"])
        lines = [f"CREATE SCHEMA IF NOT EXISTS {here};"]
        if owner:
            # As the owner, whose default privileges are meant; what it needs for that is gone afterwards.
            lines += ["BEGIN;", f"ALTER ROLE {name(owner)} SUPERUSER;", f"SET LOCAL ROLE {name(owner)};"]
        lines.append("CREATE " + kind.format(f"{here}.{name(object_)}") + ";")
        if owner:
            lines += ["RESET ROLE;", f"ALTER ROLE {name(owner)} NOSUPERUSER;", "COMMIT;"]
        self.server.sql("\n".join(lines), inside=self.database)

    def make_more(self) -> None:
        schemas = sorted({schema for schema, _ in self.world()})
        self.is_whole = not self.is_narrower
        for owner in self.said["owners"]:
            for schema in schemas:
                self.make(schema, f"later_{len(owner)}", owner)
        if self.said["owners"] and self.is_whole and self.seed is not None:
            owner = self.said["owners"][0]
            self.server.sql(f"ALTER ROLE {name(owner)} SUPERUSER; SET ROLE {name(owner)}; CREATE SCHEMA newer; RESET ROLE; ALTER ROLE {name(owner)} NOSUPERUSER;", inside=self.database)
            self.make("newer", "thing", owner)

    @property
    def is_narrower(self) -> bool:
        return ", narrower: " in self.script[: self.script.index(TABLES_END)]

    def apply(self) -> str:
        return self.server.sql(never_stale(self.script), inside=self.database)

    def apply_twice(self, when: str) -> None:
        self.apply()
        first = self.catalog()
        self.apply()
        for line in sorted(first ^ self.catalog()):
            self.problems.append(f"{when}applied twice, it differs: {line}")
        self.check_roles()

    def catalog(self) -> set[str]:
        """Every access list of the database and the server, as it is stored."""
        found = self.server.sql("""
            SELECT concat_ws(' ', 'role', rolname, shobj_description(oid, 'pg_authid'), rolcanlogin, rolsuper) FROM pg_roles
            UNION ALL SELECT 'member ' || a.roleid::regrole || ' ' || a.member::regrole || ' ' || a.admin_option FROM pg_auth_members a
            UNION ALL SELECT 'database ' || datname || ' ' || coalesce(datacl::text, '') FROM pg_database
            UNION ALL SELECT 'schema ' || nspname || ' ' || coalesce(nspacl::text, '') FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'
            UNION ALL SELECT 'relation ' || oid::regclass || ' ' || coalesce(nullif(relacl::text, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)::text), '') FROM pg_class WHERE relpersistence <> 't'
            UNION ALL SELECT 'column ' || attrelid::regclass || ' ' || attname || ' ' || attacl::text FROM pg_attribute WHERE attacl IS NOT NULL
            UNION ALL SELECT 'routine ' || oid::regprocedure || ' ' || proacl::text FROM pg_proc WHERE proacl::text <> acldefault('f', proowner)::text
            UNION ALL SELECT 'default ' || defaclrole::regrole || ' ' || defaclnamespace || ' ' || defaclobjtype::text || ' ' || defaclacl::text FROM pg_default_acl;
            """, inside=self.database)
        return set(found.splitlines())

    def check_roles(self) -> None:
        """Roles are those that the file names, under exactly these names, and nobody became more."""
        known = {role["name"] for role in self.said["roles"]} | set(self.said["owners"]) | {"postgres", "bystander"}
        there = set(json.loads(self.server.sql("SELECT json_agg(rolname) FROM pg_roles WHERE NOT starts_with(rolname, 'pg_');")))
        if there - known and self.seed is None or known - there:
            self.problems.append(f"roles: {sorted(there ^ known)}")
        if self.server.sql("SELECT string_agg(rolname, ',') FROM pg_roles WHERE rolsuper;") != "postgres":
            self.problems.append("somebody became a superuser")

    # --- the comparison ---------------------------------------------------------------------------

    def principals(self) -> dict[str, str | None]:
        """Everybody whom the policy knows, with what they are called in the database; None: not there."""
        policy = merged(self.root)
        there = {role["name"]: role["kind"] for role in self.said["roles"]}
        found: dict[str, str | None] = {}
        for section in ("users", "services"):
            for principal, it in (policy.get(section) or {}).items():
                account = ((it or {}).get("accounts") or {}).get(self.system, principal)
                account = account.get(self.environment, principal) if isinstance(account, dict) else account
                found[principal] = account if there.get(account) == "account" else None
        for group, it in (policy.get("groups") or {}).items():
            if it.get("source") == "provider":
                found[group] = next((role for role, kind in there.items() if kind == "open group" and role.endswith(group)), None)
        return found

    def held(self, roles: list[str]) -> dict[str, Any]:
        listed = "ARRAY[" + ", ".join(map(literal, roles)) + "]::name[]"
        privileges = "ARRAY[" + ", ".join(map(literal, TABLE_PRIVILEGES)) + "]"
        user = "NOT starts_with(n.nspname, 'pg_') AND n.nspname <> 'information_schema'"
        return json.loads(self.server.sql(f"""
            SELECT json_build_object(
              'objects', (SELECT json_agg(json_build_object('role', r, 'schema', n.nspname, 'object', c.relname, 'owner', pg_get_userbyid(c.relowner),
                 'held', ARRAY(SELECT p FROM unnest({privileges}) p WHERE has_table_privilege(r, c.oid, p)),
                 'columns', ARRAY(SELECT p FROM unnest({privileges}) p WHERE p IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege(r, c.oid, p)),
                 'options', ARRAY(SELECT p FROM unnest({privileges}) p WHERE has_table_privilege(r, c.oid, p || ' WITH GRANT OPTION')),
                 'sequence', (SELECT bool_and(has_sequence_privilege(r, q.oid, 'USAGE')) FROM pg_depend d JOIN pg_class q ON q.oid = d.objid AND q.relkind = 'S'
                    WHERE d.refobjid = c.oid AND d.deptype = 'a')))
                FROM unnest({listed}) r, pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'm') AND {user}),
              'schemas', (SELECT json_agg(json_build_object('role', r, 'schema', n.nspname, 'create', has_schema_privilege(r, n.oid, 'CREATE'), 'usage', has_schema_privilege(r, n.oid, 'USAGE')))
                FROM unnest({listed}) r, pg_namespace n WHERE {user}),
              'database', (SELECT json_agg(json_build_object('role', r, 'connect', has_database_privilege(r, current_database(), 'CONNECT'),
                 'create', has_database_privilege(r, current_database(), 'CREATE'), 'temp', has_database_privilege(r, current_database(), 'TEMP'))) FROM unnest({listed}) r));
            """, inside=self.database))

    def ask(self, questions: set[tuple[str, str, str]]) -> dict[tuple[str, str, str], bool]:
        ordered = sorted(questions)
        lines = "".join(json.dumps({"principal": who, "action": action, "resource": resource, "environment": self.environment}) + "\n" for who, action, resource in ordered)
        words = ["can", "--batch", "-", "--repo", str(self.root)] + (["--at", self.at] if self.at else [])
        run = subprocess.run([self.writ, *words], input=lines, capture_output=True, text=True, timeout=600)
        answers = [json.loads(line) for line in run.stdout.splitlines()]
        if len(answers) != len(ordered) or any("allowed" not in answer for answer in answers):
            wrong = next((answer for answer in answers if "allowed" not in answer), run.stderr[:300])
            raise RuntimeError(f"writ can --batch: {wrong}")
        return {question: answer["allowed"] for question, answer in zip(ordered, answers)}

    def compare(self, when: str, at_once: bool = True) -> None:
        principals = self.principals()
        by_role = {role: principal for principal, role in principals.items() if role}
        held = self.held(list(by_role))
        keeps_public = self.said["settings"][0]["keep_public"]
        questions: set[tuple[str, str, str]] = set()

        def path(schema: str, object_: str = "") -> str:
            parts = [self.system, self.policy_name.get(schema, schema)] + ([object_] if object_ else [])
            return "/".join(parts)

        def is_nameable(schema: str, object_: str = "") -> bool:
            return not re.search(r"[\s/*?\[\]{}\\$]", self.policy_name.get(schema, schema) + object_) and not (schema in self.here)

        pairs = {(row["schema"], row["object"]) for row in held["objects"] or [] if is_nameable(row["schema"], row["object"])}
        schemas = {row["schema"] for row in held["schemas"] or [] if is_nameable(row["schema"])}
        for principal in principals:
            for action in ("read", "write"):
                questions |= {(principal, action, path(*pair)) for pair in pairs} | {(principal, action, path(schema, FRESH)) for schema in schemas}
            questions |= {(principal, "create", path(schema)) for schema in schemas}
            questions |= {(principal, action, self.system) for action in ("connect", "create")}
        can = self.ask(questions)

        def differ(role: str, what: str, privilege: str, wanted: bool, there: bool) -> None:
            self.compared += 1
            if wanted != there and (there or at_once):
                self.problems.append(f"{when}{by_role[role]} ({role}) {'lacks' if wanted else 'has'} {privilege} on {what}")

        for principal, role in principals.items():
            # Whoever is no role there must be nobody in the policy, too.
            allowed = [question for question in questions if question[0] == principal and can[question]]
            if role is None and allowed:
                self.problems.append(f"{when}{principal} has no role there, and can {allowed[0][1:]}")
        reaching: dict[tuple[str, str], bool] = {}
        for row in held["objects"] or []:
            if (row["schema"], row["object"]) not in pairs or row["owner"] == row["role"]:
                continue
            who, resource = by_role[row["role"]], path(row["schema"], row["object"])
            reads, writes = can[who, "read", resource], can[who, "write", resource]
            reaching[row["role"], row["schema"]] = reaching.get((row["role"], row["schema"]), False) or reads or writes
            for privilege in TABLE_PRIVILEGES:
                wanted = {"SELECT": reads or writes, "REFERENCES": False, "TRIGGER": False}.get(privilege, writes)
                differ(row["role"], resource, privilege, wanted, privilege in row["held"] or privilege in row["columns"])
                if privilege in row["options"]:
                    self.problems.append(f"{when}{role} may grant {privilege} on {resource}")
            if row["sequence"] is not None:
                differ(row["role"], resource, "USAGE of its sequence", writes, row["sequence"])
        for row in held["schemas"] or []:
            if row["schema"] not in schemas or row["schema"] == "public" and keeps_public:
                continue
            who, schema = by_role[row["role"]], row["schema"]
            creates = can[who, "create", path(schema)]
            differ(row["role"], path(schema), "CREATE", creates, row["create"])
            reaches = creates or reaching.get((row["role"], schema), False)
            # Where nothing is yet, to be let in is allowed to whoever gets what will be there.
            may_reach = reaches or any(can[who, action, path(schema, FRESH)] for action in ("read", "write"))
            if schema != "public":
                differ(row["role"], path(schema), "USAGE", reaches or may_reach and row["usage"], row["usage"])
        for row in held["database"] or []:
            who = by_role[row["role"]]
            if not keeps_public:
                something = any(can[question] for question in questions if question[0] == who)
                if something or can[who, "connect", self.system]:
                    differ(row["role"], self.system, "CONNECT", True, row["connect"])
                differ(row["role"], self.system, "TEMP", False, row["temp"])
            differ(row["role"], self.system, "CREATE", can[who, "create", self.system], row["create"])


def made_up(server: ThrowawayPostgres, writ: str, seed: int, folder: Path) -> tuple[list[str], str]:
    policy = random_grants.policy(seed)
    proof = render(server, writ, seed, folder, policy)
    problems, _ = proof.run()
    # Something is taken back: what it gave must go.
    less = copy.deepcopy(policy)
    less["bindings"].pop(random.Random(seed).randrange(len(less["bindings"])))
    if less["bindings"]:
        after = render(server, writ, seed, folder, less)
        after.read()
        after.apply_twice("with a binding less: ")
        after.compare("with a binding less: ")
        problems += after.problems
        proof.compared += after.compared
    return problems, f"{proof.compared} privileges compared"


def render(server: ThrowawayPostgres, writ: str, seed: int, folder: Path, policy: dict[str, Any]) -> Proof:
    write_policy(folder, policy)
    run = subprocess.run([writ, "render", "--force", "--repo", str(folder)], capture_output=True, text=True, timeout=300)
    file = folder / "generated" / "db.sql"
    if run.returncode or not file.exists():
        raise RuntimeError(f"writ render ended with {run.returncode}: {run.stdout + run.stderr}")
    return Proof(server, writ, folder, file.read_text(encoding="utf-8"), None, seed)


if __name__ == "__main__":
    sys.exit(main())
