-- The two group roles that the migrations and the policies name. Run once per database server, as an administrator.
-- Neither can sign in. Each sign-in of the product is a member of one of them:
--   web and workers (DATABASE_URL):      create role ... login nosuperuser nobypassrls in role consultancy_app;
--   migrations (OWNER_DATABASE_URL):     create role ... login nosuperuser nobypassrls in role consultancy_dispatch;
-- and the second one owns the database. Running this file again changes nothing.
do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'consultancy_app') then
        create role consultancy_app nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
    end if;
    if not exists (select from pg_catalog.pg_roles where rolname = 'consultancy_dispatch') then
        create role consultancy_dispatch nologin nosuperuser nobypassrls nocreatedb nocreaterole noreplication;
    end if;
end
$$;
