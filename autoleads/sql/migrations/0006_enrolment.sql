-- A person may be added before a number is known, and enrols it with a code.
ALTER TABLE app_user
    ALTER COLUMN phone DROP NOT NULL,
    ADD COLUMN code_hash text,
    ADD COLUMN code_until timestamptz,
    ADD CONSTRAINT app_user_code_taken UNIQUE (tenant_id, code_hash),
    ADD CONSTRAINT app_user_code_ends CHECK ((code_hash IS NULL) = (code_until IS NULL));

-- Who may take a lead, in the order of their turns: who was asked least recently comes first. Where nobody sells, the
-- owners and admins do.
CREATE OR REPLACE FUNCTION sales_in_turn(p_tenant bigint) RETURNS TABLE (id bigint, name text, branch_id bigint, place bigint)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT u.id, u.name, u.branch_id, row_number() OVER (ORDER BY last.at NULLS FIRST, u.id)
    FROM app_user u CROSS JOIN LATERAL (
        SELECT max(o.offered_at) AS at FROM lead_offer o WHERE o.tenant_id = p_tenant AND o.user_id = u.id) last
    WHERE u.tenant_id = p_tenant AND u.status = 'active' AND u.phone IS NOT NULL
      AND (u.role = 'sales' OR NOT EXISTS (
        SELECT FROM app_user s WHERE s.tenant_id = p_tenant AND s.status = 'active' AND s.phone IS NOT NULL
          AND s.role = 'sales'));
END $$;

-- All that a turn needs to know about its conversation.
CREATE OR REPLACE FUNCTION turn_facts(c conversation, p_history int) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'fence', c.lease_fence, 'external_id', c.external_id, 'name', c.name, 'phone', c.phone, 'tries', c.tries,
        'memory', c.memory, 'first_contact', c.done_inbox_id = 0,
        'shut', t.status IN ('suspended', 'expired'),
        'silent', t.status IN ('suspended', 'expired')
            OR me.id IS NULL AND (NOT t.bot_enabled OR coalesce(c.human_until > clock_timestamp(), false)),
        'opted_out', c.opted_out_at IS NOT NULL,
        'profile_version', t.profile_version, 'stock_version', t.stock_version,
        'user', CASE WHEN me.id IS NOT NULL THEN
            jsonb_build_object('id', me.id, 'name', me.name, 'role', me.role, 'branch_id', me.branch_id) END,
        'holder', CASE WHEN c.human_until > clock_timestamp() THEN c.human_user_id END,
        'handler', (SELECT jsonb_build_object('id', u.id, 'name', u.name, 'branch_id', u.branch_id)
                    FROM lead l JOIN app_user u ON u.tenant_id = l.tenant_id AND u.status = 'active' AND u.id =
                        CASE WHEN l.offered_at IS NOT NULL AND l.taken_at IS NULL THEN l.offered_to ELSE l.assigned_to END
                    WHERE l.tenant_id = c.tenant_id AND l.conversation_id = c.id AND l.status NOT IN ('closed', 'lost')),
        'sales', (SELECT jsonb_agg(jsonb_build_object('id', s.id, 'name', s.name, 'branch_id', s.branch_id) ORDER BY s.place)
                  FROM sales_in_turn(c.tenant_id) s),
        'messages', (SELECT jsonb_agg(jsonb_build_object('id', i.id, 'kind', i.kind, 'body', i.body, 'media', i.media,
                            'outcome', i.outcome,
                            'received_at', extract(epoch FROM i.received_at),
                            'age_s', extract(epoch FROM clock_timestamp() - i.received_at)) ORDER BY i.id)
                     FROM inbox i WHERE i.tenant_id = c.tenant_id AND i.conversation_id = c.id
                        AND i.id > c.done_inbox_id AND i.id <= c.last_inbox_id),
        'recent', (SELECT count(*) FROM (SELECT received_at FROM inbox i WHERE i.tenant_id = c.tenant_id
                        AND i.conversation_id = c.id ORDER BY i.id DESC LIMIT 50) r
                   WHERE r.received_at > clock_timestamp() - interval '1 minute'),
        'history', (SELECT jsonb_agg(jsonb_build_object('sender', h.sender, 'body', h.body) ORDER BY h.id)
                    FROM (SELECT m.id, m.sender, m.body FROM message m WHERE m.tenant_id = c.tenant_id
                          AND m.conversation_id = c.id
                          AND (m.inbox_id IS NULL OR m.inbox_id <= c.done_inbox_id)
                          ORDER BY m.id DESC LIMIT p_history) h))
    FROM tenant t LEFT JOIN app_user me ON me.tenant_id = t.id AND me.phone = c.phone AND me.status = 'active'
    WHERE t.id = c.tenant_id);
END $$;

-- Queues a line for a person of the showroom, in that person's own conversation on the same device. That one is
-- not locked when it exists: the caller may hold a customer's, and nobody may wait for a second out of order.
CREATE OR REPLACE FUNCTION notice_add(p_tenant bigint, p_device bigint, p_user bigint, p_body text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
    r record;
    v_conversation bigint;
BEGIN
    PERFORM set_config('app.tenant_id', p_tenant::text, true);
    SELECT d.id AS device_id, d.channel, u.phone, u.name INTO r
    FROM app_user u JOIN device d ON d.tenant_id = p_tenant AND d.id = p_device
    WHERE u.tenant_id = p_tenant AND u.id = p_user AND u.status = 'active' AND u.phone IS NOT NULL;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT id INTO v_conversation FROM conversation
    WHERE tenant_id = p_tenant AND channel = r.channel AND external_id = r.phone;
    IF v_conversation IS NULL THEN
        INSERT INTO conversation AS v (tenant_id, device_id, channel, external_id, phone, name)
        VALUES (p_tenant, r.device_id, r.channel, r.phone, r.phone, r.name)
        ON CONFLICT ON CONSTRAINT conversation_contact DO UPDATE SET phone = EXCLUDED.phone
        RETURNING v.id INTO v_conversation;
    END IF;
    PERFORM outbox_add(p_tenant, v_conversation, 'notice', NULL, NULL, p_body, NULL, 'canned', NULL);
    RETURN v_conversation;
END $$;
