/// What every file ends with, the same in each: how the database is made to be as the tables above it say.
///
/// Nothing of a policy stands in it, so no name can break out; names get their quotes from PostgreSQL itself.
enum PostgresProcedure {
  /// The tables that a file fills.
  static let tables = #"""
    CREATE TEMPORARY TABLE writ_settings (mark text, database text, not_after timestamptz, adopt boolean, keep_public boolean) ON COMMIT DROP;
    CREATE TEMPORARY TABLE writ_leaves (pattern text) ON COMMIT DROP;
    CREATE TEMPORARY TABLE writ_names (policy text, here text) ON COMMIT DROP;
    CREATE TEMPORARY TABLE writ_owners (name text) ON COMMIT DROP;
    CREATE TEMPORARY TABLE writ_roles (name text, kind text, can_login boolean) ON COMMIT DROP;
    CREATE TEMPORARY TABLE writ_members (role text, member text) ON COMMIT DROP;
    CREATE TEMPORARY TABLE writ_grants (role text, privileges text[], kind text, resources text[], excepted text[], within text[]) ON COMMIT DROP;

    """#

  static let steps = [roles, members, wanted, live, changes, proof]

  /// Roles are made and marked; what is not marked is nobody's to take.
  private static let roles = #"""
    -- Roles: made where they are missing, and marked as Writ's by their comment.
    DO $writ$
    DECLARE
      settings record;
      it record;
    BEGIN
      PERFORM pg_advisory_xact_lock(hashtext('writ'));
      SELECT * INTO STRICT settings FROM pg_temp.writ_settings;
      IF current_database() <> settings.database THEN
        RAISE EXCEPTION 'this file is for the database %, and this is %', quote_ident(settings.database), quote_ident(current_database());
      END IF;
      IF now() >= settings.not_after THEN
        RAISE EXCEPTION 'this file was true until %: since then something has started or ended', settings.not_after
          USING HINT = 'Render it again, and apply what comes of it.';
      END IF;
      FOR it IN
        SELECT w.name, w.can_login, r.oid, shobj_description(r.oid, 'pg_authid') AS mark,
          CASE w.kind WHEN 'account' THEN 'writ: account' ELSE settings.mark END AS own
        FROM pg_temp.writ_roles w LEFT JOIN pg_roles r ON r.rolname = w.name ORDER BY w.name
      LOOP
        IF it.oid IS NULL THEN
          EXECUTE format('CREATE ROLE %I %s', it.name, CASE WHEN it.can_login THEN 'LOGIN' ELSE 'NOLOGIN' END);
        ELSIF it.mark = it.own THEN
          CONTINUE;
        ELSIF starts_with(it.mark, 'writ: ') THEN
          RAISE EXCEPTION 'the role % belongs to another file of Writ''s: its comment is %', quote_ident(it.name), quote_literal(it.mark)
            USING HINT = 'Roles belong to the whole server. Give the artifact a role_prefix, or the role another name_on.';
        ELSIF NOT settings.adopt THEN
          RAISE EXCEPTION 'the role % exists, and is not marked as Writ''s', quote_ident(it.name)
            USING HINT = format('What it holds here would be replaced. To hand it over: COMMENT ON ROLE %I IS %L, or adopt: true in the artifact.', it.name, it.own);
        END IF;
        EXECUTE format('COMMENT ON ROLE %I IS %L', it.name, it.own);
      END LOOP;
      FOR it IN SELECT name FROM pg_temp.writ_owners WHERE name NOT IN (SELECT rolname FROM pg_roles) ORDER BY name LOOP
        RAISE EXCEPTION 'there is no role %, whose default privileges are to be set', quote_ident(it.name)
          USING HINT = 'Create it, or take it out of owners in the artifact.';
      END LOOP;
      FOR it IN
        SELECT r.rolname FROM pg_roles r JOIN pg_temp.writ_roles w ON w.name = r.rolname
        WHERE r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolreplication ORDER BY 1
      LOOP
        RAISE EXCEPTION 'the role % is a superuser, or has CREATEROLE, REPLICATION or BYPASSRLS: no grant limits it', quote_ident(it.rolname)
          USING HINT = format('ALTER ROLE %I NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS, or let the policy be about another account.', it.rolname);
      END LOOP;
    END
    $writ$;

    -- Every role that a file of Writ's made: whatever one holds in this database, this file gives.
    CREATE TEMPORARY TABLE writ_managed ON COMMIT DROP AS
    SELECT r.oid, r.rolname AS name, d.description = s.mark AS is_own, w.name IS NOT NULL AS is_here, coalesce(w.kind = 'open group', false) AS is_open
    FROM pg_roles r JOIN pg_shdescription d ON d.classoid = 'pg_authid'::regclass AND d.objoid = r.oid AND starts_with(d.description, 'writ: ')
    CROSS JOIN pg_temp.writ_settings s LEFT JOIN pg_temp.writ_roles w ON w.name = r.rolname;

    """#

  /// Memberships: those that the policy gives, and no others.
  private static let members = #"""
    -- Memberships that are not the policy's: of its roles, and of its accounts in roles that no policy names.
    CREATE OR REPLACE TEMPORARY VIEW writ_members_live AS
    SELECT r.rolname AS role, m.rolname AS member, g.rolname AS grantor, a.admin_option,
      EXISTS (SELECT FROM pg_temp.writ_members w WHERE w.role = r.rolname AND w.member = m.rolname) AS is_wanted
    FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member LEFT JOIN pg_roles g ON g.oid = a.grantor
    LEFT JOIN pg_temp.writ_managed ours ON ours.oid = a.roleid LEFT JOIN pg_temp.writ_managed theirs ON theirs.oid = a.member
    -- What PostgreSQL 16 gives whoever creates a role lets them administer it, and use nothing.
    WHERE NOT coalesce(to_jsonb(a) ->> 'inherit_option' = 'false' AND to_jsonb(a) ->> 'set_option' = 'false', false)
      AND CASE
        WHEN ours.is_open THEN false
        WHEN ours.is_own THEN true
        WHEN ours.oid IS NOT NULL AND NOT ours.is_here THEN false
        WHEN EXISTS (SELECT FROM pg_temp.writ_leaves l WHERE r.rolname LIKE l.pattern) THEN false
        ELSE coalesce(theirs.is_own OR theirs.is_here, false) OR coalesce(ours.is_here, false)
      END;

    DO $writ$
    DECLARE
      it record;
      by_grantor boolean := current_setting('server_version_num')::integer >= 160000;
    BEGIN
      UPDATE pg_temp.writ_leaves SET pattern = replace(replace(replace(replace(pattern, '\', '\\'), '%', '\%'), '_', '\_'), '*', '%');
      FOR it IN SELECT * FROM pg_temp.writ_members_live WHERE NOT is_wanted OR admin_option ORDER BY role, member LOOP
        EXECUTE format('REVOKE %I FROM %I', it.role, it.member) || CASE WHEN by_grantor THEN format(' GRANTED BY %I', it.grantor) ELSE '' END;
      END LOOP;
      FOR it IN
        SELECT w.role, w.member FROM pg_temp.writ_members w JOIN pg_roles r ON r.rolname = w.role JOIN pg_roles m ON m.rolname = w.member
        WHERE NOT EXISTS (SELECT FROM pg_auth_members a WHERE a.roleid = r.oid AND a.member = m.oid)
          OR NOT pg_has_role(m.oid, r.oid, 'USAGE') ORDER BY 1, 2
      LOOP
        EXECUTE format('GRANT %I TO %I', it.role, it.member) || CASE WHEN by_grantor THEN ' WITH INHERIT TRUE, SET TRUE' ELSE '' END;
      END LOOP;
    END
    $writ$;

    """#

  /// From patterns to what there is.
  private static let wanted = #"""
    -- What there is, under the names that the policy has for it. A / in a name is none between names.
    CREATE TEMPORARY TABLE writ_schemas ON COMMIT DROP AS
    SELECT n.oid, n.nspname AS name, n.nspowner AS owner, replace(coalesce(
        (SELECT w.policy FROM pg_temp.writ_names w WHERE w.here = n.nspname),
        CASE WHEN EXISTS (SELECT FROM pg_temp.writ_names w WHERE w.policy = n.nspname) THEN E'\x01' || n.nspname ELSE n.nspname END), '/', E'\x01') AS path
    FROM pg_namespace n WHERE NOT starts_with(n.nspname, 'pg_') AND n.nspname <> 'information_schema';

    CREATE TEMPORARY TABLE writ_objects ON COMMIT DROP AS
    SELECT c.oid, s.oid AS schema, c.relkind = 'S' AS is_sequence, c.relowner AS owner, s.path || '/' || replace(c.relname, '/', E'\x01') AS path,
      format('%s %I.%I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, s.name, c.relname) AS target
    FROM pg_class c JOIN pg_temp.writ_schemas s ON s.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S');

    -- Statement by statement what must be granted; with a prefix: for what will be created.
    CREATE TEMPORARY TABLE writ_wanted (prefix text, target text, privilege text, role oid, owner oid) ON COMMIT DROP;

    DO $writ$
    DECLARE
      it record;
    BEGIN
      FOR it IN
        SELECT g.role, p.pattern FROM pg_temp.writ_grants g CROSS JOIN unnest(g.resources) AS p (pattern)
        WHERE position('*' IN p.pattern) = 0 AND p.pattern NOT IN (
          SELECT path FROM pg_temp.writ_objects WHERE g.kind = 'object' UNION ALL SELECT path FROM pg_temp.writ_schemas WHERE g.kind = 'schema')
        ORDER BY 1, 2
      LOOP
        RAISE NOTICE '% does not exist: % gets it when it does, and this file is applied again', it.pattern, quote_ident(it.role);
      END LOOP;
      -- From the patterns of the policy to those of LIKE.
      UPDATE pg_temp.writ_grants SET
        resources = ARRAY(SELECT replace(replace(replace(replace(p, '\', '\\'), '%', '\%'), '_', '\_'), '*', '%') FROM unnest(resources) AS p),
        excepted = ARRAY(SELECT replace(replace(replace(replace(p, '\', '\\'), '%', '\%'), '_', '\_'), '*', '%') FROM unnest(excepted) AS p),
        within = CASE WHEN within IS NOT NULL THEN
          ARRAY(SELECT replace(replace(replace(replace(p, '\', '\\'), '%', '\%'), '_', '\_'), '*', '%') FROM unnest(within) AS p) END;
    END
    $writ$;

    -- Whole schemas: what will be in them is meant as well. Those that will be, too, have no schema here.
    CREATE TEMPORARY TABLE writ_whole ON COMMIT DROP AS
    SELECT m.oid AS role, g.privileges, s.oid AS schema, s.name AS schema_name
    FROM pg_temp.writ_grants g JOIN pg_temp.writ_managed m ON m.name = g.role CROSS JOIN pg_temp.writ_schemas s
    WHERE g.kind = 'object'
      AND EXISTS (SELECT FROM unnest(g.resources) AS p WHERE right(p, 2) = '/%' AND s.path || '/' LIKE left(p, -1))
      AND NOT EXISTS (SELECT FROM unnest(g.excepted) AS p WHERE s.path LIKE split_part(p, '/', 1))
      AND (g.within IS NULL OR EXISTS (SELECT FROM unnest(g.within) AS p WHERE right(p, 2) = '/%' AND s.path || '/' LIKE left(p, -1)))
    UNION ALL
    SELECT m.oid, g.privileges, NULL, NULL FROM pg_temp.writ_grants g JOIN pg_temp.writ_managed m ON m.name = g.role
    WHERE g.kind = 'object' AND '%/%' = ANY (g.resources) AND g.excepted = '{}' AND (g.within IS NULL OR '%/%' = ANY (g.within));

    INSERT INTO pg_temp.writ_wanted
    SELECT '', format('DATABASE %I', current_database()), p, m.oid, d.datdba
    FROM pg_temp.writ_grants g JOIN pg_temp.writ_managed m ON m.name = g.role JOIN pg_database d ON d.datname = current_database()
    CROSS JOIN unnest('{CONNECT}' || CASE g.kind WHEN 'database' THEN g.privileges END) AS p
    UNION
    SELECT '', format('SCHEMA %I', s.name), p, m.oid, s.owner
    FROM pg_temp.writ_grants g JOIN pg_temp.writ_managed m ON m.name = g.role
    JOIN pg_temp.writ_schemas s ON g.kind = 'schema' AND s.path LIKE ANY (g.resources) AND NOT s.path LIKE ANY (g.excepted)
      AND (g.within IS NULL OR s.path LIKE ANY (g.within))
    CROSS JOIN unnest(g.privileges) AS p;

    CREATE TEMPORARY TABLE writ_matches ON COMMIT DROP AS
    SELECT m.oid AS role, g.privileges, o.*
    FROM pg_temp.writ_grants g JOIN pg_temp.writ_managed m ON m.name = g.role
    JOIN pg_temp.writ_objects o ON g.kind = 'object' AND o.path LIKE ANY (g.resources) AND NOT o.path LIKE ANY (g.excepted)
      AND (g.within IS NULL OR o.path LIKE ANY (g.within))
    WHERE NOT o.is_sequence;

    INSERT INTO pg_temp.writ_wanted
    SELECT '', o.target, p, o.role, o.owner FROM pg_temp.writ_matches o CROSS JOIN unnest(o.privileges) AS p
    UNION
    -- Who may reach into a schema at all.
    SELECT '', format('SCHEMA %I', s.name), 'USAGE', o.role, s.owner
    FROM (SELECT role, schema FROM pg_temp.writ_matches UNION SELECT role, schema FROM pg_temp.writ_whole) o JOIN pg_temp.writ_schemas s ON s.oid = o.schema
    UNION
    -- The sequences that rows take their numbers from.
    SELECT '', q.target, 'USAGE', o.role, q.owner FROM pg_temp.writ_matches o
    JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = o.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    JOIN pg_temp.writ_objects q ON q.oid = d.objid AND q.is_sequence WHERE 'INSERT' = ANY (o.privileges)
    UNION
    SELECT '', q.target, 'USAGE', o.role, q.owner FROM pg_temp.writ_whole o
    JOIN pg_temp.writ_objects q ON q.schema = o.schema AND q.is_sequence WHERE 'INSERT' = ANY (o.privileges);

    -- What the owners will create.
    INSERT INTO pg_temp.writ_wanted
    SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I ', f.name) || coalesce('IN SCHEMA ' || quote_ident(w.schema_name) || ' ', ''), x.target, x.privilege, w.role, r.oid
    FROM pg_temp.writ_owners f JOIN pg_roles r ON r.rolname = f.name CROSS JOIN pg_temp.writ_whole w
    CROSS JOIN LATERAL (
      SELECT 'TABLES' AS target, p AS privilege FROM unnest(w.privileges) AS p
      UNION ALL SELECT 'SEQUENCES', 'USAGE' WHERE 'INSERT' = ANY (w.privileges)
      UNION ALL SELECT 'SCHEMAS', 'USAGE' WHERE w.schema IS NULL) x
    UNION
    SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I ', f.name), 'SCHEMAS', p, m.oid, r.oid
    FROM pg_temp.writ_owners f JOIN pg_roles r ON r.rolname = f.name CROSS JOIN pg_temp.writ_grants g
    JOIN pg_temp.writ_managed m ON m.name = g.role CROSS JOIN unnest(g.privileges) AS p
    WHERE g.kind = 'schema' AND '%' = ANY (g.resources) AND g.excepted = '{}' AND (g.within IS NULL OR '%' = ANY (g.within));

    -- An owner has everything anyway; and what holds everywhere need not be said of a schema.
    DELETE FROM pg_temp.writ_wanted w WHERE w.role = w.owner OR EXISTS (
      SELECT FROM pg_temp.writ_wanted a WHERE (a.role, a.owner, a.target, a.privilege) = (w.role, w.owner, w.target, w.privilege)
        AND w.prefix <> '' AND w.prefix <> a.prefix AND a.prefix = format('ALTER DEFAULT PRIVILEGES FOR ROLE %I ', pg_get_userbyid(a.owner)));

    """#
}
