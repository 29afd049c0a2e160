extension PostgresProcedure {
  /// What is granted now, in the same words as what is wanted.
  static let live = #"""
    -- What the roles, and PUBLIC, hold now.
    CREATE OR REPLACE TEMPORARY VIEW writ_live AS
    WITH acl AS (
      SELECT '' AS prefix, format('DATABASE %I', d.datname) AS target, '' AS part, false AS is_system, d.datdba AS owner, e.*
      FROM pg_database d CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) e WHERE d.datname = current_database()
      UNION ALL
      SELECT '', format('SCHEMA %I', n.nspname), '', starts_with(n.nspname, 'pg_') OR n.nspname = 'information_schema', n.nspowner, e.*
      FROM pg_namespace n CROSS JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) e
      UNION ALL
      SELECT '', format('%s %I.%I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname), '',
        starts_with(n.nspname, 'pg_') OR n.nspname = 'information_schema' OR EXISTS (
          SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e'), c.relowner, e.*
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL aclexplode(coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))) e
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      UNION ALL
      SELECT '', format('TABLE %I.%I', n.nspname, c.relname), format(' (%I)', a.attname), starts_with(n.nspname, 'pg_') OR n.nspname = 'information_schema' OR EXISTS (
          SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e'), c.relowner, e.*
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      CROSS JOIN LATERAL aclexplode(a.attacl) e WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
      UNION ALL
      -- Of routines, PUBLIC may keep what it has.
      SELECT '', format('ROUTINE %s', p.oid::regprocedure), '', true, p.proowner, e.*
      FROM pg_proc p CROSS JOIN LATERAL aclexplode(p.proacl) e WHERE p.proacl IS NOT NULL
      UNION ALL
      SELECT format('ALTER DEFAULT PRIVILEGES FOR ROLE %I ', r.rolname) || coalesce('IN SCHEMA ' || quote_ident(n.nspname) || ' ', ''),
        CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'ROUTINES' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END,
        '', d.defaclobjtype NOT IN ('r', 'S', 'n'), d.defaclrole, e.*
      FROM pg_default_acl d JOIN pg_roles r ON r.oid = d.defaclrole LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace CROSS JOIN LATERAL aclexplode(d.defaclacl) e
    )
    SELECT prefix, target, privilege_type || part AS privilege, grantee AS role, is_grantable, grantor = owner AS is_by_owner, grantor,
      CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS role_name
    FROM acl WHERE grantee <> owner AND (
      grantee IN (SELECT oid FROM pg_temp.writ_managed)
      -- To reach into a schema alone gives nothing.
      OR (grantee = 0 AND NOT is_system AND NOT (privilege_type = 'USAGE' AND (target = 'SCHEMAS' OR starts_with(target, 'SCHEMA ')))
        AND NOT (SELECT keep_public FROM pg_temp.writ_settings)));

    """#

  static let changes = #"""
    -- Only what differs is touched: where nothing does, nothing is written.
    DO $writ$
    DECLARE
      it record;
    BEGIN
      FOR it IN
        SELECT l.prefix, l.target, l.role_name, string_agg(DISTINCT l.privilege, ', ' ORDER BY l.privilege) AS privileges FROM pg_temp.writ_live l
        WHERE l.is_grantable OR NOT EXISTS (
          SELECT FROM pg_temp.writ_wanted w WHERE (w.prefix, w.target, w.privilege, w.role) = (l.prefix, l.target, l.privilege, l.role))
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      LOOP
        EXECUTE it.prefix || 'REVOKE ' || it.privileges || ' ON ' || it.target || ' FROM ' || it.role_name;
      END LOOP;
      FOR it IN
        SELECT w.prefix, w.target, quote_ident(pg_get_userbyid(w.role)) AS role_name, string_agg(DISTINCT w.privilege, ', ' ORDER BY w.privilege) AS privileges
        FROM pg_temp.writ_wanted w
        WHERE NOT EXISTS (
          SELECT FROM pg_temp.writ_live l
          WHERE (l.prefix, l.target, l.privilege, l.role) = (w.prefix, w.target, w.privilege, w.role) AND l.is_by_owner)
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      LOOP
        EXECUTE it.prefix || 'GRANT ' || it.privileges || ' ON ' || it.target || ' TO ' || it.role_name;
      END LOOP;
    END
    $writ$;

    """#

  /// A REVOKE of what somebody else granted succeeds, and changes nothing: so what came of it is read back.
  static let proof = #"""
    -- The proof: what is there now is what is wanted, no less and no more. Otherwise nothing of all this happens.
    DO $writ$
    DECLARE
      it record;
    BEGIN
      FOR it IN
        SELECT l.*, quote_ident(pg_get_userbyid(l.grantor)) AS grantor_name FROM pg_temp.writ_live l
        WHERE l.is_grantable OR NOT EXISTS (
          SELECT FROM pg_temp.writ_wanted w WHERE (w.prefix, w.target, w.privilege, w.role) = (l.prefix, l.target, l.privilege, l.role))
        ORDER BY l.role_name, l.target, l.privilege LIMIT 1
      LOOP
        RAISE EXCEPTION '% still holds % on %, which % granted', it.role_name, it.privilege, it.prefix || it.target, it.grantor_name
          USING HINT = format('Only its grantor can take it back: SET ROLE %s; %sREVOKE %s ON %s FROM %s; RESET ROLE;', it.grantor_name, it.prefix, it.privilege, it.target, it.role_name);
      END LOOP;
      FOR it IN
        SELECT w.*, quote_ident(pg_get_userbyid(w.role)) AS role_name FROM pg_temp.writ_wanted w
        WHERE NOT EXISTS (
          SELECT FROM pg_temp.writ_live l WHERE (l.prefix, l.target, l.privilege, l.role) = (w.prefix, w.target, w.privilege, w.role))
        ORDER BY w.role, w.target, w.privilege LIMIT 1
      LOOP
        RAISE EXCEPTION '% could not be given % on %', it.role_name, it.privilege, it.prefix || it.target
          USING HINT = 'Apply the file as a superuser, or as a member of every owner.';
      END LOOP;
      FOR it IN SELECT * FROM pg_temp.writ_members_live WHERE NOT is_wanted OR admin_option ORDER BY role, member LIMIT 1 LOOP
        RAISE EXCEPTION '% is still a member of %, which % granted', quote_ident(it.member), quote_ident(it.role), quote_ident(it.grantor)
          USING HINT = 'Revoke it as its grantor. Memberships in roles under manages: leaves of the system are left alone.';
      END LOOP;
      FOR it IN
        SELECT w.* FROM pg_temp.writ_members w JOIN pg_roles r ON r.rolname = w.role JOIN pg_roles m ON m.rolname = w.member
        WHERE NOT pg_has_role(m.oid, r.oid, 'USAGE') ORDER BY 1, 2 LIMIT 1
      LOOP
        RAISE EXCEPTION '% does not inherit what % holds', quote_ident(it.member), quote_ident(it.role)
          USING HINT = format('ALTER ROLE %I INHERIT;', it.member);
      END LOOP;
      FOR it IN
        SELECT m.name, pg_describe_object(d.classid, d.objid, d.objsubid) AS what FROM pg_shdepend d JOIN pg_temp.writ_managed m ON m.oid = d.refobjid
        WHERE d.refclassid = 'pg_authid'::regclass AND d.deptype = 'a' AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND d.classid NOT IN ('pg_class'::regclass, 'pg_namespace'::regclass, 'pg_proc'::regclass, 'pg_default_acl'::regclass) ORDER BY 1, 2 LIMIT 1
      LOOP
        RAISE EXCEPTION '% holds something on %, of which no policy speaks', quote_ident(it.name), it.what USING HINT = 'Revoke it.';
      END LOOP;
      FOR it IN
        SELECT m.name, count(*) AS number FROM pg_shdepend d JOIN pg_temp.writ_managed m ON m.oid = d.refobjid
        WHERE d.refclassid = 'pg_authid'::regclass AND d.deptype = 'o' AND d.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND m.name NOT IN (SELECT name FROM pg_temp.writ_owners) GROUP BY 1 ORDER BY 1
      LOOP
        RAISE WARNING '% owns % objects here, and so has everything on them', quote_ident(it.name), it.number;
      END LOOP;
      FOR it IN SELECT name FROM pg_temp.writ_managed WHERE is_own AND NOT is_here ORDER BY 1 LOOP
        RAISE NOTICE 'the policy has % no more: it holds nothing here, and may be dropped', quote_ident(it.name);
      END LOOP;
    END
    $writ$;

    DROP VIEW pg_temp.writ_live, pg_temp.writ_members_live;

    """#
}
