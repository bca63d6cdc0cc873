-- The two roles of the service in Postgres, and what each may do. README.md beside this file has the steps.
--
--   psql -d barometer -v owner=barometer_owner -v service=barometer -f roles.sql
--
-- `owner` has the tables and changes them (barometer migrate). `service` is who `barometer serve` connects as: it works
-- with the data, and can neither change the tables nor what is in the trail. The names are these where they are left
-- out, and `schema` is public. Run it as a superuser, or as the owner of the database who may create roles. It may be
-- run again at any time, and has to be after the first migration: before that there is no trail to protect, and the
-- service is given nothing.

\set ON_ERROR_STOP on
\set QUIET on
\if :{?owner} \else
	\set owner barometer_owner
\endif
\if :{?service} \else
	\set service barometer
\endif
\if :{?schema} \else
	\set schema public
\endif

BEGIN;

SELECT format('CREATE ROLE %I LOGIN', name)
FROM unnest(ARRAY[:'owner', :'service']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

-- Only a member of a role can hand tables to it.
SELECT format('GRANT %I TO %I', :'owner', current_user)
WHERE NOT pg_has_role(current_user, :'owner', 'MEMBER')
\gexec

-- What a service that used to make the tables itself has made is the owner's now.
SELECT format('ALTER TABLE %I.%I OWNER TO %I', schemaname, tablename, :'owner')
FROM pg_tables
WHERE schemaname = :'schema' AND tableowner <> :'owner'
\gexec

REVOKE CREATE ON SCHEMA :"schema" FROM PUBLIC, :"service";
GRANT USAGE, CREATE ON SCHEMA :"schema" TO :"owner";
GRANT USAGE ON SCHEMA :"schema" TO :"service";
SELECT format('GRANT CONNECT ON DATABASE %I TO %I, %I', current_database(), :'owner', :'service')
\gexec

SELECT to_regclass(format('%I.audit_events', :'schema')) IS NOT NULL AS migrated
\gset
\if :migrated
	REVOKE ALL ON ALL TABLES IN SCHEMA :"schema" FROM PUBLIC, :"service";
	GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA :"schema" TO :"service";

	-- The trail is only added to; its end is moved on and never removed.
	REVOKE UPDATE, DELETE ON :"schema".audit_events FROM :"service";
	REVOKE INSERT, DELETE ON :"schema".audit_head FROM :"service";
	-- Which migrations there have been is only looked at.
	REVOKE INSERT, UPDATE, DELETE ON :"schema".goose_db_version FROM :"service";

	-- What later migrations make.
	ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA :"schema" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"service";
\endif

-- Whatever it was given elsewhere counts too. (A block sees no variables of psql.)
SELECT set_config('barometer.owner', :'owner', true), set_config('barometer.service', :'service', true),
	set_config('barometer.schema', :'schema', true)
\gset
DO $$
DECLARE
	service text := current_setting('barometer.service');
	owner   text := current_setting('barometer.owner');
	trail   oid := to_regclass(format('%I.audit_events', current_setting('barometer.schema')));
BEGIN
	IF (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = service) OR pg_has_role(service, owner, 'MEMBER')
		OR (SELECT pg_has_role(service, datdba, 'MEMBER') FROM pg_database WHERE datname = current_database())
		OR has_schema_privilege(service, current_setting('barometer.schema'), 'CREATE')
		OR trail IS NOT NULL AND has_table_privilege(service, trail, 'UPDATE, DELETE, TRUNCATE') THEN
		RAISE EXCEPTION 'the role % could change the trail: it is a superuser, may create roles, owns the database, or is a member of % '
			'or of another role that may; take another one for the service (nothing was changed)', service, owner;
	END IF;
END
$$;

COMMIT;

\if :migrated
	\echo :service may work with the data and add to the trail. :owner may change the tables.
\else
	\echo The roles are there. Next: barometer migrate as :owner, then this script again.
\endif
