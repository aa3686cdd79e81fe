import PostgresTestSupport

/// What the owner of a database can lay in our way: things of the same names as PostgreSQL's own, each of which complains when it is used, in a
/// schema that comes first.
enum HostileNames {
    static let database = "trapped"

    /// Makes a database with the schemas `evil` (functions, views, types and casts) and `evil_operators`, which come first for all who come to it.
    static func lay(in server: PostgresServer) async throws {
        try await server.execute("CREATE DATABASE \(database)")
        try await server.execute(
            """
            CREATE SCHEMA evil;
            CREATE SCHEMA evil_operators;
            GRANT USAGE ON SCHEMA evil, evil_operators TO PUBLIC;
            CREATE FUNCTION public.boom() RETURNS bool LANGUAGE plpgsql STABLE AS $$ BEGIN RAISE EXCEPTION 'evil was called'; END $$;
            \(functions)
            \(operators)
            \(views)
            \(types)
            ALTER DATABASE \(database) SET search_path = evil, evil_operators, pg_catalog;
            """,
            database: database
        )
    }

    /// Every function of PostgreSQL that can be imitated: those without pseudo-types.
    private static let functions = """
        DO $do$ DECLARE f record; BEGIN
          FOR f IN SELECT p.proname, pg_get_function_identity_arguments(p.oid) AS arguments, p.proretset, format_type(p.prorettype, NULL) AS result
            FROM pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind IN ('f', 'a', 'w') LOOP
            BEGIN
              EXECUTE format('CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql AS $$ BEGIN PERFORM public.boom(); RETURN NULL; END $$',
                f.proname, f.arguments, CASE WHEN f.arguments LIKE '%OUT %' THEN CASE WHEN f.proretset THEN 'SETOF record' ELSE 'record' END
                ELSE CASE WHEN f.proretset THEN 'SETOF ' ELSE '' END || f.result END);
            EXCEPTION WHEN OTHERS THEN NULL;
            END;
          END LOOP;
        END $do$;
        """

    /// Every operator with two operands.
    private static let operators = """
        DO $do$ DECLARE o record; BEGIN
          FOR o IN SELECT oid, oprname, format_type(oprleft, NULL) AS l, format_type(oprright, NULL) AS r, format_type(oprresult, NULL) AS result
            FROM pg_operator WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprleft <> 0 AND oprright <> 0 LOOP
            BEGIN
              EXECUTE format('CREATE FUNCTION evil_operators.f%s(%s, %s) RETURNS %s LANGUAGE plpgsql AS $$ BEGIN PERFORM public.boom(); RETURN NULL; END $$',
                o.oid, o.l, o.r, o.result);
              EXECUTE format('CREATE OPERATOR evil_operators.%s (LEFTARG = %s, RIGHTARG = %s, FUNCTION = evil_operators.f%s)', o.oprname, o.l, o.r, o.oid);
            EXCEPTION WHEN OTHERS THEN NULL;
            END;
          END LOOP;
        END $do$;
        """

    /// Every relation.
    private static let views = """
        DO $do$ DECLARE r record; BEGIN
          FOR r IN SELECT relname FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind IN ('r', 'v') LOOP
            BEGIN
              EXECUTE format('CREATE VIEW evil.%I AS SELECT c.* FROM pg_catalog.%I c WHERE public.boom(); GRANT SELECT ON evil.%I TO PUBLIC',
                r.relname, r.relname, r.relname);
            EXCEPTION WHEN OTHERS THEN NULL;
            END;
          END LOOP;
        END $do$;
        """

    /// Types whose every value is refused, one with casts of its own.
    private static let types = """
        DO $do$ DECLARE t text; BEGIN
          FOREACH t IN ARRAY ARRAY['int4', 'int8', 'text', 'bool', 'timestamptz', 'pg_lsn', 'oid', 'name', 'numeric', 'interval'] LOOP
            EXECUTE format('CREATE DOMAIN evil.%I AS pg_catalog.%I CHECK (public.boom())', t, t);
          END LOOP;
        END $do$;
        CREATE TYPE evil.float8 AS (value pg_catalog.float8);
        CREATE FUNCTION public.boom(pg_catalog.numeric) RETURNS evil.float8 LANGUAGE plpgsql AS $$ BEGIN PERFORM public.boom(); RETURN NULL; END $$;
        CREATE CAST (pg_catalog.numeric AS evil.float8) WITH FUNCTION public.boom(pg_catalog.numeric) AS IMPLICIT;
        """
}
