-- Sites: which showroom a host belongs to, and a word to all processes when something of a showroom changed.

-- Every change of a showroom, its branches, numbers or cars comes by here, for all of them raise a version. Who keeps
-- something of a showroom listens: the payload is its id, and once per transaction is enough.
CREATE FUNCTION tell_tenant_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('tenant_changed', coalesce(NEW.id, OLD.id)::text);
    RETURN NULL;
END $$;
CREATE TRIGGER tenant_told AFTER INSERT OR UPDATE OR DELETE ON tenant
    FOR EACH ROW EXECUTE FUNCTION tell_tenant_changed();

-- Whose site is this: a slug below the platform's name, or a domain of the showroom's own. `domain` is the one that
-- visitors are to use; until its certificate is there, that is none.
CREATE FUNCTION tenant_of_host(p_slug text, p_domain text)
RETURNS TABLE (id bigint, slug text, status text, domain text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id, t.slug, t.status,
           CASE WHEN t.custom_domain_verified AND t.custom_domain_ssl_status = 'active' THEN t.custom_domain END
    FROM tenant t WHERE t.slug = p_slug OR t.custom_domain = p_domain AND t.custom_domain_verified
$$;

ALTER FUNCTION tenant_of_host(text, text) OWNER TO autoleads_router;
REVOKE EXECUTE ON FUNCTION tenant_of_host(text, text), tell_tenant_changed() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenant_of_host(text, text), tell_tenant_changed() TO autoleads_app, autoleads_router;
