"""The control U: what a team writes instead of Writ.

    team_script.py check  REPOSITORY REVISION
    team_script.py render REPOSITORY REVISION FOLDER

git, PyYAML with libyaml, jsonschema, dictionaries, Jinja2: the straightforward way, over the same
files in the same language. It validates, resolves names, closes groups and roles, expands bindings
and makes sure that each artifact's audience may assume its connections. It has no source places, no
exact resource sets, no sessions, no diff. `render` leaves out jsonschema, which CI has run before.
"""

import datetime
import json
import os
import re
import subprocess
import sys
import uuid
from collections import defaultdict

import jinja2
import jsonschema
import yaml

NAMESPACE = uuid.UUID("5b6f7a52-6a0b-5d0a-9d3c-0a4f7c1d2e3f")
NAMED = [
    "environments", "identity_providers", "users", "services", "groups", "systems", "roles",
    "connections", "guardrails", "approvals", "tests", "artifacts",
]


class Loader(yaml.CSafeLoader):
    """CSafeLoader that leaves dates as they are written."""


Loader.yaml_implicit_resolvers = {
    key: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for key, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}

NAME = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]*$"}
NAMES = {"type": "array", "items": NAME}
TEXT = {"type": "string"}
TEXTS = {"type": "array", "items": TEXT}
WHERE = {"anyOf": [NAME, {"const": "*"}, NAMES]}
DATE = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}"}
REFERENCE = {"type": "string", "pattern": "^ref[+][a-z]+://"}


def record(required=(), **properties):
    properties["description"] = TEXT
    return {
        "type": "object", "additionalProperties": False,
        "required": list(required), "properties": properties,
    }


def mapping(values):
    return {"type": "object", "propertyNames": NAME, "additionalProperties": values}


CAN = mapping(
    {"anyOf": [TEXTS, record(["of"], of=TEXTS, **{"except": TEXTS})]}
)
IDENTITY = record(
    ["provider"], provider=NAME, subject=TEXT, repository=TEXT, ref=TEXT, group=TEXT
)
ACCOUNTS = mapping({"anyOf": [TEXT, mapping(TEXT)]})
SETTINGS = record(
    auth=NAME, password=REFERENCE, token=REFERENCE, client_id=TEXT, client_secret=REFERENCE,
    max_ttl=TEXT, rotate_every=TEXT, schema=TEXT,
)
GUARDED = record(
    ["who", "can", "resources"], who={"anyOf": [NAME, NAMES]}, can=NAMES, resources=TEXTS,
    **{"in": WHERE},
)
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "environments": mapping(record(protected={"type": "boolean"})),
        "identity_providers": mapping(
            record(["type"], type=NAME, issuer={"type": "string", "pattern": "^https://"},
                   audience=TEXT, groups_claim=NAME, organization=NAME)
        ),
        "users": mapping(record(email=TEXT, accounts=ACCOUNTS)),
        "services": mapping(record(["owner"], owner=NAME, identity=IDENTITY, accounts=ACCOUNTS)),
        "groups": mapping(
            record(
                ["owners"], owners=NAMES, source={"enum": ["policy", "snapshot", "provider"]},
                identity=IDENTITY,
                members={
                    "type": "array",
                    "items": {"anyOf": [NAME, record(["name"], name=NAME, until=DATE, **{"from": DATE})]},
                },
                **{"except": NAMES},
            )
        ),
        "systems": mapping(
            record(
                ["type", "environments"], type=NAME, owners=NAMES,
                environments=mapping(mapping({"type": ["string", "integer"]})),
                names=mapping({"anyOf": [TEXT, mapping(TEXT)]}),
                manages=record(leaves=TEXTS),
                routes=mapping(record(["method", "path"], method=TEXT, path=TEXT, acts_as=TEXT)),
            )
        ),
        "roles": mapping(
            record(
                can=CAN, name_on=mapping(TEXT),
                inherits={"anyOf": [NAMES, record(["all_except"], all_except=NAMES)]},
            )
        ),
        "bindings": {
            "type": "array",
            "items": record(
                ["to", "in"], role=NAME, to=NAMES, can=CAN, resources=TEXTS, until=DATE,
                reason=TEXT, **{"in": WHERE, "from": DATE},
            ),
        },
        "connections": mapping(
            record(
                ["system", "principal", "environments"], system=NAME, principal=NAME, role=NAME,
                defaults=SETTINGS, environments=mapping(SETTINGS),
            )
        ),
        "guardrails": mapping(
            record(
                never=GUARDED, only=GUARDED, separate=NAMES, reason=TEXT,
                require=record(["of", "field"], of=NAME, field=NAME, at_most=TEXT, **{"in": WHERE}),
            )
        ),
        "approvals": mapping(record(["resources", "by"], resources=TEXTS, by=NAMES, **{"in": WHERE})),
        "tests": mapping(record(["in"], expect=TEXTS, who_can={"type": "object"}, **{"in": WHERE})),
        "artifacts": mapping(
            record(
                ["target", "path", "audience"], target=NAME, path=TEXT, audience=NAME, per=NAME,
                profile=NAME, outputs=mapping({"type": "object"}), environment=NAME, secrets=NAME,
                connections=NAMES,
            )
        ),
    },
}


def read(repository, revision):
    """Path and bytes of every policy file of the revision."""
    git = ["git", "-C", repository]
    listing = subprocess.run(
        git + ["ls-tree", "-r", "-z", revision, "policies/"], check=True, stdout=subprocess.PIPE
    ).stdout
    entries = []
    for line in listing.split(b"\0"):
        if line:
            meta, path = line.split(b"\t", 1)
            if path.endswith((b".yaml", b".yml")):
                entries.append((path.decode(), meta.split()[2]))
    batch = subprocess.run(
        git + ["cat-file", "--batch"], check=True, stdout=subprocess.PIPE,
        input=b"\n".join(blob for _, blob in entries) + b"\n",
    ).stdout
    files, place = [], 0
    for path, _ in entries:
        end = batch.index(b"\n", place)
        size = int(batch[place:end].split()[2])
        files.append((path, batch[end + 1 : end + 1 + size]))
        place = end + 1 + size + 1
    return files


class Policy:
    """The merged sections, with everything resolved."""

    def __init__(self, files, validate, today):
        self.errors = []
        self.today = today
        self.sections = {name: {} for name in NAMED}
        self.bindings = []
        validator = jsonschema.Draft202012Validator(SCHEMA) if validate else None
        for path, text in files:
            document = yaml.load(text, Loader) or {}
            if validator:
                for error in validator.iter_errors(document):
                    self.errors.append(f"{path}: {error.json_path}: {error.message}")
            for section, declarations in document.items():
                if section == "bindings":
                    self.bindings += [(path, binding) for binding in declarations]
                    continue
                merged = self.sections[section]
                for name, declaration in declarations.items():
                    if name in merged:
                        self.errors.append(f"{path}: {section} `{name}` is declared twice")
                    merged[name] = declaration
        self.users = self.sections["users"]
        self.services = self.sections["services"]
        self.groups = self.sections["groups"]
        self.roles = self.sections["roles"]
        self.systems = self.sections["systems"]
        self.connections = self.sections["connections"]
        self.environments = list(self.sections["environments"])
        self.closed_groups, self.closed_roles = {}, {}
        self.resolve_names()
        self.expand()

    def holds_now(self, item):
        return item.get("from", "") <= self.today and self.today <= item.get("until", "9999")

    def is_principal(self, name):
        return name in self.users or name in self.services or name in self.groups

    # names

    def resolve_names(self):
        for name, group in self.groups.items():
            for member in group.get("members", []):
                member = member["name"] if isinstance(member, dict) else member
                self.want(self.is_principal(member), f"group {name}: unknown member `{member}`")
            for other in group["owners"] + group.get("except", []):
                self.want(self.is_principal(other), f"group {name}: unknown principal `{other}`")
        for name, service in self.services.items():
            self.want(self.is_principal(service["owner"]), f"service {name}: unknown owner")
            provider = service.get("identity", {}).get("provider")
            if provider:
                self.want(provider in self.sections["identity_providers"], f"service {name}: unknown provider")
        for name, system in self.systems.items():
            for environment in system["environments"]:
                self.want(environment in self.sections["environments"], f"system {name}: unknown environment")
            for route in system.get("routes", {}).values():
                session = route.get("acts_as", "").removeprefix("connections/")
                self.want(not session or session in self.connections, f"system {name}: unknown session")
        for name, role in self.roles.items():
            inherits = role.get("inherits", [])
            for other in inherits["all_except"] if isinstance(inherits, dict) else inherits:
                self.want(other in self.roles, f"role {name}: unknown role `{other}`")
            self.check_permissions(f"role {name}", role.get("can", {}))
        for name, connection in self.connections.items():
            self.want(connection["system"] in self.systems, f"connection {name}: unknown system")
            self.want(connection.get("role") is None or connection["role"] in self.roles, f"connection {name}: unknown role")
            principal = connection["principal"]
            self.want(principal == "self" or self.is_principal(principal), f"connection {name}: unknown principal")
        for path, binding in self.bindings:
            for principal in binding["to"]:
                self.want(self.is_principal(principal), f"{path}: unknown principal `{principal}`")
            if "role" in binding:
                self.want(binding["role"] in self.roles, f"{path}: unknown role `{binding['role']}`")
            else:
                self.check_permissions(path, binding.get("can", {}))
            self.check_patterns(path, binding.get("resources", []))

    def want(self, holds, message):
        if not holds:
            self.errors.append(message)

    def check_permissions(self, place, can):
        for targets in can.values():
            if isinstance(targets, dict):
                self.check_patterns(place, targets["of"])
                self.check_patterns(place, targets.get("except", []))
            else:
                self.check_patterns(place, targets)

    def check_patterns(self, place, patterns):
        for pattern in patterns:
            first, _, rest = pattern.partition("/")
            known = rest in self.connections if first == "connections" else first in self.systems
            self.want(known, f"{place}: `{pattern}` names nothing that is declared")

    # closures

    def members(self, name, path=()):
        """Users and services that a principal stands for."""
        if name not in self.groups:
            return {name}
        if name in path:
            self.errors.append("groups contain each other: " + " -> ".join(path + (name,)))
            return set()
        if name not in self.closed_groups:
            found = set()
            group = self.groups[name]
            for member in group.get("members", []):
                if isinstance(member, dict):
                    if not self.holds_now(member):
                        continue
                    member = member["name"]
                found |= self.members(member, path + (name,))
            for other in group.get("except", []):
                found -= self.members(other, path + (name,))
            self.closed_groups[name] = found
        return self.closed_groups[name]

    def inherited(self, name, path=()):
        """A role and all that it inherits."""
        if name in path:
            self.errors.append("roles inherit each other: " + " -> ".join(path + (name,)))
            return set()
        if name not in self.closed_roles:
            inherits = self.roles[name].get("inherits", [])
            if isinstance(inherits, dict):
                left_out = set(inherits["all_except"]) | {name}
                inherits = [other for other in self.roles if other not in left_out]
            found = {name}
            for other in inherits:
                found |= self.inherited(other, path + (name,))
            self.closed_roles[name] = found
        return self.closed_roles[name]

    # grants

    def expand(self):
        """Who holds which role, and which single permissions, in which environment."""
        self.held = defaultdict(set)
        self.inline = defaultdict(list)
        if self.errors:
            return
        for _, binding in self.bindings:
            if not self.holds_now(binding):
                continue
            where = binding["in"]
            if where == "*":
                where = self.environments
            elif isinstance(where, str):
                where = [where]
            principals = set()
            for name in binding["to"]:
                principals |= self.members(name)
            for environment in where:
                for principal in principals:
                    if "role" not in binding:
                        self.inline[principal, environment].append(binding["can"])
                    elif "resources" in binding:
                        self.inline[principal, environment].append(
                            {"narrowed": (binding["role"], binding["resources"])}
                        )
                    else:
                        self.held[principal, environment] |= self.inherited(binding["role"])

    def may_assume(self, principal, connection, environment):
        declared = self.connections[connection]
        if environment not in declared["environments"]:
            return False
        if declared["principal"] == "self":
            return declared["role"] in self.held[principal, environment]
        if declared["principal"] == principal:
            return True
        wanted = f"connections/{connection}"
        for role in self.held[principal, environment]:
            if covers(self.roles[role].get("can", {}), wanted):
                return True
        return any(covers(can, wanted) for can in self.inline[principal, environment])

    # artifacts

    def artifact_connections(self, artifact):
        if "outputs" in artifact:
            return [(o["connection"], o["environment"]) for o in artifact["outputs"].values()]
        return [(name, artifact["environment"]) for name in artifact["connections"]]

    def check_artifacts(self):
        paths = {}
        for name, artifact in self.sections["artifacts"].items():
            self.want(artifact["path"] not in paths, f"artifact {name}: its path is taken")
            paths[artifact["path"]] = name
            if not self.is_principal(artifact["audience"]):
                self.errors.append(f"artifact {name}: unknown audience")
                continue
            for connection, environment in self.artifact_connections(artifact):
                if connection not in self.connections:
                    self.errors.append(f"artifact {name}: unknown connection `{connection}`")
                    continue
                for principal in self.members(artifact["audience"]):
                    self.want(
                        self.may_assume(principal, connection, environment),
                        f"artifact {name}: {principal} may not assume {connection} in {environment}",
                    )

    def settings(self, connection, environment, principal=None):
        """Endpoint, account and credential of a connection in an environment."""
        declared = self.connections[connection]
        system = self.systems[declared["system"]]
        merged = dict(system["environments"][environment])
        merged.update(declared.get("defaults", {}))
        merged.update(declared["environments"][environment])
        account = principal if declared["principal"] == "self" else declared["principal"]
        known = self.services.get(account) or self.users.get(account) or {}
        name = known.get("accounts", {}).get(declared["system"], account)
        if isinstance(name, dict):
            name = name.get(environment, account)
        merged.update(user=name, type=system["type"], name=connection)
        for key, value in merged.items():
            if isinstance(value, str) and "${" in value:
                value = value.replace("${environment}", environment)
                merged[key] = value.replace("${principal}", str(principal))
        merged["variable"] = re.sub(r"[^A-Z0-9]", "_", f"{connection}_{environment}".upper())
        return merged


def covers(can, resource):
    targets = can.get("assume", [])
    if isinstance(targets, dict):
        targets = targets["of"]
    return resource in targets


TEMPLATES = {
    "dbt_profiles": """\
{{ profile }}:
  target: {{ outputs[0][0] }}
  outputs:
{%- for name, output in outputs %}
    {{ name }}:
      type: {{ output.type }}
      host: {{ output.host }}
      port: {{ output.port }}
      user: {{ output.user }}
      password: "{{ '{{' }} env_var('DBT_ENV_SECRET_{{ output.variable }}_PASSWORD') {{ '}}' }}"
      dbname: {{ output.database }}
      schema: {{ output.schema }}
      threads: {{ output.threads | default(1) }}
{%- if output.tls %}
      sslmode: {{ output.tls | replace("_", "-") }}
{%- endif %}
{%- endfor %}
""",
    "airflow_connections": """\
{
{%- for c in connections %}
  {{ c.name | tojson }}: {
    "conn_type": {{ ("postgres" if c.type == "postgres" else "http") | tojson }},
{%- if c.type == "postgres" %}
    "host": {{ c.host | tojson }},
    "port": {{ c.port }},
    "login": {{ c.user | tojson }},
    "schema": {{ c.database | tojson }},
    "extra": {"sslmode": {{ c.tls | replace("_", "-") | tojson }}}
{%- else %}
    "host": {{ c.url | tojson }}
{%- endif %}
  }{{ "" if loop.last else "," }}
{%- endfor %}
}
""",
    "postman_environment": """\
{
  "id": {{ id | tojson }},
  "name": {{ name | tojson }},
  "values": [
{%- for c in connections %}
    {"key": "{{ c.name }}_url", "value": {{ c.url | tojson }}, "type": "default", "enabled": true},
    {"key": "{{ c.name }}_token_endpoint", "value": {{ c.token_endpoint | tojson }}, "type": "default", "enabled": true},
    {"key": "{{ c.name }}_client_id", "value": {{ c.client_id | tojson }}, "type": "default", "enabled": true},
    {"key": "{{ c.name }}_client_secret", "value": "", "type": "secret", "enabled": true}{{ "" if loop.last else "," }}
{%- endfor %}
  ],
  "_postman_variable_scope": "environment"
}
""",
}


def render(policy, folder):
    environment = jinja2.Environment(keep_trailing_newline=True, undefined=jinja2.StrictUndefined)
    environment.filters["tojson"] = json.dumps
    templates = {name: environment.from_string(text) for name, text in TEMPLATES.items()}
    for name, artifact in policy.sections["artifacts"].items():
        template = templates[artifact["target"]]
        people = sorted(policy.members(artifact["audience"])) if artifact.get("per") else [None]
        for person in people:
            if "outputs" in artifact:
                outputs = []
                for output, options in artifact["outputs"].items():
                    settings = policy.settings(options["connection"], options["environment"], person)
                    outputs.append((output, {"tls": None, **settings, **options}))
                text = template.render(profile=artifact["profile"], outputs=outputs)
            else:
                settings = [policy.settings(c, e) for c, e in policy.artifact_connections(artifact)]
                text = template.render(
                    name=name, id=str(uuid.uuid5(NAMESPACE, name)), connections=settings
                )
            variables = {
                settings["variable"]: value
                for settings in (
                    policy.settings(c, e, person) for c, e in policy.artifact_connections(artifact)
                )
                for value in settings.values()
                if isinstance(value, str) and value.startswith("ref+")
            }
            path = os.path.join(folder, artifact["path"].replace("${principal}", str(person)))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)
            with open(path + ".secrets.json", "w") as file:
                json.dump(variables, file, indent=2, sort_keys=True)


def main(arguments):
    if len(arguments) not in (3, 4) or arguments[0] not in ("check", "render"):
        sys.exit(__doc__)
    today = datetime.date.today().isoformat()
    policy = Policy(read(arguments[1], arguments[2]), arguments[0] == "check", today)
    if not policy.errors:
        policy.check_artifacts()
    if policy.errors:
        sys.exit("\n".join(policy.errors[:50]))
    if arguments[0] == "render":
        render(policy, arguments[3])
    else:
        print(f"{len(policy.bindings)} bindings, {len(policy.held)} holders, no errors")


if __name__ == "__main__":
    main(sys.argv[1:])
