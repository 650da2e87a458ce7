-- A photo of a car counts once it is checked; the variants that pages need are made after the owner heard of it.
ALTER TABLE attachment DROP CONSTRAINT attachment_state_check;
ALTER TABLE attachment ADD CONSTRAINT attachment_state_check
    CHECK (state IN ('pending', 'checked', 'stored', 'failed'));
ALTER TABLE attachment DROP CONSTRAINT attachment_stored_somewhere;
ALTER TABLE attachment ADD CONSTRAINT attachment_stored_somewhere
    CHECK ((state IN ('checked', 'stored')) = (path IS NOT NULL));

DROP INDEX attachment_due;
CREATE INDEX attachment_due ON attachment (state, due_at) WHERE state IN ('pending', 'checked');

-- Files to fetch, or photos of which variants are to be made: new ones, those whose next try has come, and what a
-- process that vanished was working on.
DROP FUNCTION attachments_due(int);
CREATE FUNCTION attachments_due(p_state text, p_limit int) RETURNS TABLE (tenant_id bigint, id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.tenant_id, a.id FROM attachment a
    WHERE a.state = p_state AND a.state IN ('pending', 'checked') AND a.due_at <= clock_timestamp()
    ORDER BY a.due_at LIMIT p_limit
$$;

GRANT CREATE ON SCHEMA public TO autoleads_router;
ALTER FUNCTION attachments_due(text, int) OWNER TO autoleads_router;
REVOKE CREATE ON SCHEMA public FROM autoleads_router;
REVOKE EXECUTE ON FUNCTION attachments_due(text, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION attachments_due(text, int) TO autoleads_app, autoleads_router;
