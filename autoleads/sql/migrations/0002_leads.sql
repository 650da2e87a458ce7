-- Leads are offered to one salesperson after the other; what a command did is kept with its message.

ALTER TABLE inbox ADD COLUMN outcome jsonb;

ALTER TABLE lead
    ADD COLUMN offered_to bigint,
    ADD COLUMN offered_at timestamptz,
    ADD COLUMN taken_at timestamptz,
    ADD CONSTRAINT lead_offered FOREIGN KEY (tenant_id, offered_to)
        REFERENCES app_user (tenant_id, id) ON DELETE SET NULL (offered_to);
CREATE INDEX ON lead (tenant_id, offered_to);

CREATE TABLE lead_offer (
    tenant_id bigint NOT NULL,
    lead_id bigint NOT NULL,
    user_id bigint NOT NULL,
    offered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    skipped_at timestamptz,
    PRIMARY KEY (tenant_id, lead_id, user_id),
    CONSTRAINT lead_offer_lead FOREIGN KEY (tenant_id, lead_id) REFERENCES lead (tenant_id, id) ON DELETE CASCADE,
    CONSTRAINT lead_offer_user FOREIGN KEY (tenant_id, user_id) REFERENCES app_user (tenant_id, id) ON DELETE CASCADE
);
CREATE INDEX ON lead_offer (tenant_id, user_id, offered_at);
ALTER TABLE lead_offer ENABLE ROW LEVEL SECURITY;
ALTER TABLE lead_offer FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON lead_offer USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
GRANT SELECT, INSERT, UPDATE, DELETE ON lead_offer TO autoleads_app;

-- Who may take a lead, in the order of their turns: who was asked least recently comes first. Where nobody sells, the
-- owners and admins do.
CREATE FUNCTION sales_in_turn(p_tenant bigint) RETURNS TABLE (id bigint, name text, branch_id bigint, place bigint)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT u.id, u.name, u.branch_id, row_number() OVER (ORDER BY last.at NULLS FIRST, u.id)
    FROM app_user u CROSS JOIN LATERAL (
        SELECT max(o.offered_at) AS at FROM lead_offer o WHERE o.tenant_id = p_tenant AND o.user_id = u.id) last
    WHERE u.tenant_id = p_tenant AND u.status = 'active' AND (u.role = 'sales' OR NOT EXISTS (
        SELECT FROM app_user s WHERE s.tenant_id = p_tenant AND s.status = 'active' AND s.role = 'sales'));
END $$;

-- All that a turn needs to know about its conversation.
CREATE OR REPLACE FUNCTION turn_facts(c conversation, p_history int) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'fence', c.lease_fence, 'external_id', c.external_id, 'name', c.name, 'phone', c.phone, 'tries', c.tries,
        'memory', c.memory, 'first_contact', c.done_inbox_id = 0,
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

DROP FUNCTION turn_commit(bigint, bigint, uuid, bigint, bigint, text, jsonb, jsonb, jsonb, boolean, jsonb, int, int, float8,
    text, float8, float8);
-- Ends a turn: history, replies, memory, lead and the mark that its messages are answered, all or nothing; the
-- first reply is marked for sending in the same transaction. The answer's "step":
--   fenced  the lease was lost, or this very turn was committed and only its answer got lost; nothing was written
--   stale   the customer wrote again first, or a person took over who is to read what the customer wrote; nothing was
--           written, claim again
--   quiet   nothing to send: a person has the conversation, or the turn had no reply
--   capped  the cap of replies was reached; nothing is sent
--   send    the first row, marked for sending
-- "wake" lists conversations that got a notice. A notice without a user_id is for the owners and admins. p_offer is who
-- was promised to the customer (user_id) and what that person is to read (body); p_heard what voice notes say, by
-- inbox id.
CREATE FUNCTION turn_commit(
    p_tenant bigint, p_conversation bigint, p_owner uuid, p_fence bigint, p_covers_to bigint, p_kind text,
    p_replies jsonb, p_memory jsonb, p_lead jsonb, p_opt_out boolean, p_notices jsonb, p_offer jsonb, p_erase_s float8,
    p_heard jsonb, p_next_s float8, p_owner_s float8, p_cap int, p_staff_cap int, p_cap_window_s float8, p_cap_notice text, p_lease_s float8, p_send_window_s float8
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    c conversation;
    r record;
    v_from bigint;
    v_step text := 'quiet';
    v_first bigint;
    v_id bigint;
    v_behind boolean;
    v_most int := CASE p_kind WHEN 'reply' THEN p_cap ELSE p_staff_cap END;
    v_wake bigint[] := '{}';
    v_now timestamptz := clock_timestamp();
BEGIN
    PERFORM set_config('app.tenant_id', p_tenant::text, true);
    SELECT * INTO c FROM conversation WHERE tenant_id = p_tenant AND id = p_conversation FOR NO KEY UPDATE;
    IF NOT FOUND OR c.lease_fence <> p_fence OR c.lease_owner <> p_owner OR c.lease_until IS NULL
            OR c.done_inbox_id >= p_covers_to THEN
        RETURN '{"step": "fenced"}';
    END IF;
    -- What voice notes say is kept even if the reply is stale: nobody need listen to them again.
    UPDATE inbox i SET body = '🎤 ' || h.value FROM jsonb_each_text(p_heard) h
    WHERE i.tenant_id = p_tenant AND i.conversation_id = p_conversation AND i.id = h.key::bigint AND i.body = '';
    IF p_kind = 'reply' AND (c.last_inbox_id > p_covers_to
            OR c.human_until > v_now AND jsonb_array_length(p_replies) > 0 AND NOT p_opt_out) THEN
        RETURN '{"step": "stale"}';
    END IF;

    INSERT INTO message (tenant_id, conversation_id, sender, body, media_url, inbox_id, created_at)
    SELECT p_tenant, p_conversation, CASE p_kind WHEN 'reply' THEN 'customer' ELSE 'sales' END, i.body, i.media ->> 'url', i.id, i.received_at
    FROM inbox i WHERE i.tenant_id = p_tenant AND i.conversation_id = p_conversation
      AND i.id > c.done_inbox_id AND i.id <= p_covers_to ORDER BY i.id
    ON CONFLICT (tenant_id, conversation_id, inbox_id) WHERE inbox_id IS NOT NULL DO NOTHING;
    v_from := c.done_inbox_id + 1;

    IF p_kind = 'reply' AND (c.human_until > v_now OR c.opted_out_at IS NOT NULL AND p_opt_out) THEN
        p_replies := '[]';
        p_offer := NULL;
    ELSIF jsonb_array_length(p_replies) > 0 AND turns_answered(p_tenant, p_conversation,
            v_now - make_interval(secs => p_cap_window_s), v_most) >= v_most THEN
        v_step := 'capped';
        p_replies := '[]';
        IF c.capped_at IS NULL OR c.capped_at < v_now - make_interval(secs => p_cap_window_s) THEN
            c.capped_at := v_now;
            p_notices := p_notices || jsonb_build_object('body', p_cap_notice);
        END IF;
    END IF;

    -- An older reply may still wait for its next try; these then wait behind it.
    v_behind := EXISTS (SELECT FROM outbox o WHERE o.tenant_id = p_tenant AND o.conversation_id = p_conversation
                        AND o.state IN ('queued', 'sending'));
    FOR r IN SELECT value AS reply FROM jsonb_array_elements(p_replies) WITH ORDINALITY ORDER BY ordinality LOOP
        -- The confirmation of an opt-out is the one reply that outlives it.
        v_id := outbox_add(p_tenant, p_conversation, CASE WHEN p_opt_out THEN 'notice' ELSE p_kind END, v_from,
                           p_covers_to, r.reply ->> 'body', r.reply ->> 'media_url', r.reply ->> 'source',
                           CASE WHEN v_first IS NULL AND NOT v_behind THEN p_send_window_s END);
        v_first := coalesce(v_first, v_id);
    END LOOP;
    FOR r IN SELECT u.id AS user_id, n.value ->> 'body' AS body
             FROM jsonb_array_elements(p_notices) WITH ORDINALITY AS n (value, ord)
             JOIN app_user u ON u.tenant_id = p_tenant AND u.status = 'active'
                AND CASE WHEN n.value ->> 'user_id' IS NULL THEN u.role IN ('owner', 'admin')
                         ELSE u.id = (n.value ->> 'user_id')::bigint END
             ORDER BY n.ord, u.id LOOP
        v_wake := v_wake || notice_add(p_tenant, c.device_id, r.user_id, r.body);
    END LOOP;
    IF p_lead IS NOT NULL THEN
        PERFORM lead_learn(p_tenant, p_conversation, c.name, c.phone, p_lead);
    END IF;
    IF p_offer IS NOT NULL THEN
        v_wake := v_wake || lead_ask(p_tenant, p_conversation, c.device_id, (p_offer ->> 'user_id')::bigint,
                                     p_offer ->> 'body', p_next_s, p_owner_s);
    END IF;
    IF p_opt_out AND c.opted_out_at IS NULL THEN
        PERFORM lead_rest(p_tenant, p_conversation);
    END IF;
    IF p_erase_s IS NOT NULL THEN
        -- Who asks again does not put it off.
        PERFORM timer_set(p_tenant, p_conversation, 'erase', least(p_erase_s, (
            SELECT extract(epoch FROM t.due_at - v_now) FROM timer t
            WHERE t.tenant_id = p_tenant AND t.conversation_id = p_conversation AND t.kind = 'erase')),
            jsonb_build_object('upto', v_now));
    END IF;
    UPDATE conversation SET done_inbox_id = p_covers_to, memory = p_memory, tries = 0, capped_at = c.capped_at,
        opted_out_at = CASE WHEN p_opt_out THEN coalesce(opted_out_at, v_now) END,
        lease_until = clock_timestamp() + make_interval(secs => p_lease_s)
    WHERE tenant_id = p_tenant AND id = p_conversation;

    IF v_first IS NOT NULL AND NOT v_behind THEN
        RETURN jsonb_build_object('step', 'send', 'wake', v_wake, 'row', jsonb_build_object('id', v_first, 'attempt', 1,
            'failures', 0, 'body', p_replies -> 0 -> 'body', 'media_url', p_replies -> 0 -> 'media_url', 'covers_to', p_covers_to,
            'source', p_replies -> 0 -> 'source'));
    END IF;
    RETURN jsonb_build_object('step', v_step, 'wake', v_wake);
END $$;

CREATE FUNCTION timer_set(p_tenant bigint, p_conversation bigint, p_kind text, p_due_in_s float8, p_data jsonb)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO timer (tenant_id, conversation_id, kind, due_at, data)
    VALUES (p_tenant, p_conversation, p_kind, clock_timestamp() + make_interval(secs => p_due_in_s), p_data)
    ON CONFLICT ON CONSTRAINT timer_one_per_kind DO UPDATE SET due_at = EXCLUDED.due_at, data = EXCLUDED.data;
END $$;

-- Starts a round for the conversation's open lead with that person, unless one is under way. The person's conversation,
-- or NULL. Timers ask the next one and, in the end, the owner.
CREATE FUNCTION lead_ask(
    p_tenant bigint, p_conversation bigint, p_device bigint, p_user bigint, p_body text, p_next_s float8, p_owner_s float8
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_lead bigint;
BEGIN
    UPDATE lead SET offered_at = clock_timestamp(), taken_at = NULL, offered_to = p_user, status = 'hot'
    WHERE tenant_id = p_tenant AND conversation_id = p_conversation AND status NOT IN ('closed', 'lost')
      AND (offered_at IS NULL OR taken_at IS NOT NULL)
    RETURNING id INTO v_lead;
    IF v_lead IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO lead_offer (tenant_id, lead_id, user_id) VALUES (p_tenant, v_lead, p_user)
    ON CONFLICT (tenant_id, lead_id, user_id) DO UPDATE SET offered_at = clock_timestamp(), skipped_at = NULL;
    PERFORM timer_set(p_tenant, p_conversation, 'lead_next', p_next_s, '{}'),
            timer_set(p_tenant, p_conversation, 'lead_owner', p_owner_s, '{}');
    RETURN notice_add(p_tenant, p_device, p_user, p_body);
END $$;

-- Nobody is to be asked any more: the lead was taken or is over, or its customer wants no contact.
CREATE FUNCTION lead_rest(p_tenant bigint, p_conversation bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE lead SET offered_at = NULL, offered_to = NULL
    WHERE tenant_id = p_tenant AND conversation_id = p_conversation AND offered_at IS NOT NULL AND taken_at IS NULL;
    DELETE FROM timer
    WHERE tenant_id = p_tenant AND conversation_id = p_conversation AND kind IN ('lead_next', 'lead_owner');
END $$;

-- Creates the conversation's open lead or adds what was learned. Nothing known is overwritten by silence, and a turn
-- only ever raises the status. Most turns learn nothing, and then nothing is written.
CREATE OR REPLACE FUNCTION lead_learn(p_tenant bigint, p_conversation bigint, p_name text, p_phone text, p_news jsonb)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_car bigint := (p_news ->> 'car_id')::bigint;
    v_name text := p_news ->> 'name';
    v_ranks text[] := '{new,cold,warm,hot}';
    v_status text := p_news ->> 'status';
    v_budget bigint := (p_news ->> 'budget_idr')::bigint;
    v_score int := coalesce((p_news ->> 'score')::int, 0);
    v_reasons text[] := ARRAY(SELECT jsonb_array_elements_text(coalesce(p_news -> 'reasons', '[]')));
BEGIN
    IF EXISTS (
        SELECT FROM lead l WHERE l.tenant_id = p_tenant AND l.conversation_id = p_conversation
          AND l.status NOT IN ('closed', 'lost') AND coalesce(v_car, l.car_id) IS NOT DISTINCT FROM l.car_id
          AND coalesce(v_name, nullif(l.customer_name, ''), p_name) = l.customer_name
          AND coalesce(array_position(v_ranks, v_status) <= array_position(v_ranks, l.status), true)
          AND coalesce(v_budget, l.budget_idr) IS NOT DISTINCT FROM l.budget_idr
          AND v_score <= l.score AND v_reasons <@ l.reasons
    ) THEN
        RETURN;
    END IF;
    INSERT INTO lead AS l (tenant_id, conversation_id, car_id, customer_name, customer_phone, status, budget_idr,
                           score, reasons)
    VALUES (p_tenant, p_conversation, v_car, coalesce(v_name, p_name), p_phone, coalesce(v_status, 'new'), v_budget,
            v_score, v_reasons)
    ON CONFLICT (tenant_id, conversation_id) WHERE status NOT IN ('closed', 'lost') DO UPDATE SET
        car_id = coalesce(v_car, l.car_id),
        customer_name = coalesce(v_name, nullif(l.customer_name, ''), p_name),
        status = CASE WHEN array_position(v_ranks, v_status) > array_position(v_ranks, l.status) THEN v_status
                      ELSE l.status END,
        budget_idr = coalesce(v_budget, l.budget_idr),
        score = greatest(l.score, v_score),
        reasons = ARRAY(SELECT DISTINCT unnest(l.reasons || v_reasons)),
        updated_at = now();
END $$;

-- A person took over, or the contact wants no more messages: replies that wait for a try, or whose process vanished,
-- are not tried again; for who wants none, nor is anything else but the answers to turns. What was surely not said
-- also leaves the history.
CREATE OR REPLACE FUNCTION outbox_silence(p_tenant bigint, p_conversation bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    -- What a customer wanted does not hold for the work of who became a user.
    v_wants_none boolean := EXISTS (
        SELECT FROM conversation c WHERE c.tenant_id = p_tenant AND c.id = p_conversation AND c.opted_out_at IS NOT NULL
          AND NOT EXISTS (SELECT FROM app_user u WHERE u.tenant_id = p_tenant AND u.phone = c.phone AND u.status = 'active'));
BEGIN
    WITH silenced AS (
        UPDATE outbox SET state = 'cancelled', ambiguous = ambiguous + (state = 'sending')::int
        WHERE tenant_id = p_tenant AND conversation_id = p_conversation
          AND (kind = 'reply' OR v_wants_none AND covers_to IS NULL)
          AND (state = 'queued' OR state = 'sending' AND send_until < clock_timestamp())
        RETURNING id, send_until
    )
    DELETE FROM message m USING silenced s
    WHERE m.tenant_id = p_tenant AND m.conversation_id = p_conversation AND m.outbox_id = s.id AND s.send_until IS NULL;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO autoleads_app, autoleads_router;
