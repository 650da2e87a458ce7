"""Every Prometheus collector. Labels come from closed sets: no phone, no conversation, no free text."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry()  # our own, so that libraries and tests cannot leak into /metrics

_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_REPLY = (0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 2.75, 3.0, 4.0, 5.0, 10.0, 30.0, 120.0)

INBOUND = Counter("autoleads_inbound_total", "Webhook bodies by fate", ["gateway", "outcome"], registry=REGISTRY)
RECEIVE_SECONDS = Histogram(
    "autoleads_receive_seconds", "Webhook body parsed to stored", buckets=_FAST, registry=REGISTRY
)
LANES = Gauge("autoleads_lanes", "Conversations with work in flight in this process", registry=REGISTRY)
OPEN_CONVERSATIONS = Gauge("autoleads_open_conversations", "Conversations that wait for an answer", registry=REGISTRY)
OLDEST_SECONDS = Gauge("autoleads_oldest_unanswered_seconds", "Age of the oldest unanswered message", registry=REGISTRY)
OUTBOX_WAITING = Gauge("autoleads_outbox_waiting", "Rows queued or being sent", registry=REGISTRY)
OUTBOX_DEAD = Gauge("autoleads_outbox_dead", "Rows of the last day that could not be delivered", registry=REGISTRY)
TURNS = Counter("autoleads_turns_total", "Turns by how they ended", ["end"], registry=REGISTRY)
TURN_FAILURES = Counter("autoleads_turn_failures_total", "Turns that raised, by error", ["error"], registry=REGISTRY)
TURN_SECONDS = Histogram(
    "autoleads_turn_seconds",
    "Stages of a turn: wait (arrival to claim), think (claim to answer), send (gateway call)",
    ["stage"],
    buckets=_REPLY,
    registry=REGISTRY,
)
REPLY_SECONDS = Histogram(
    "autoleads_reply_seconds",
    "Arrival of the last message of a burst to the gateway's acceptance of the first reply",
    ["source"],
    buckets=_REPLY,
    registry=REGISTRY,
)
ANSWERS = Counter(
    "autoleads_answers_total", "Answers by intent and who wrote them", ["intent", "source"], registry=REGISTRY
)
MISSES = Counter(
    "autoleads_understanding_misses_total",
    "Customers' turns that the rules did not understand well, by reason (see bot/misses.py)",
    ["reason"],
    registry=REGISTRY,
)
FALLBACKS = Counter("autoleads_fallbacks_total", "Rule answers instead of the model's", ["reason"], registry=REGISTRY)
GUARD_REJECTIONS = Counter(
    "autoleads_guard_rejections_total",
    "Replies that the guard held back, by rule and by who wrote them (model, rule, canned)",
    ["rule", "source"],
    registry=REGISTRY,
)
# `tenant` is the slug: operators choose it, customers cannot.
MODEL_CALLS = Counter(
    "autoleads_model_calls_total",
    "Calls of the model by result; busy and open were not made",
    ["tenant", "result"],
    registry=REGISTRY,
)
MODEL_SECONDS = Histogram("autoleads_model_seconds", "Duration of model calls", buckets=_REPLY, registry=REGISTRY)
MODEL_TOKENS = Counter(
    "autoleads_model_tokens_total", "Tokens of the model, in and out", ["tenant", "direction"], registry=REGISTRY
)
MODEL_COST = Counter(
    "autoleads_model_cost_usd_total", "Those tokens at the prices of the settings", ["tenant"], registry=REGISTRY
)
SENDS = Counter("autoleads_sends_total", "Gateway calls by result", ["gateway", "result"], registry=REGISTRY)
AMBIGUOUS = Counter("autoleads_ambiguous_sends_total", "Sends whose fate is unknown", ["why"], registry=REGISTRY)
PACED_SECONDS = Histogram(
    "autoleads_paced_seconds", "Wait for a device's turn to send", buckets=_FAST, registry=REGISTRY
)
GATEWAY_ALERTS = Counter(
    "autoleads_gateway_alerts_total",
    "Refusals that need a person (token, quota, device)",
    ["gateway"],
    registry=REGISTRY,
)
DEVICE_EVENTS = Counter("autoleads_device_events_total", "Devices going on and off line", ["state"], registry=REGISTRY)
DELIVERIES = Counter("autoleads_deliveries_total", "Delivery news of the gateway", ["status"], registry=REGISTRY)
CAPPED = Counter("autoleads_capped_total", "Turns held back by the reply cap", registry=REGISTRY)
TIMERS = Counter("autoleads_timers_total", "Timers that came due", ["kind"], registry=REGISTRY)
SWEPT = Counter("autoleads_swept_total", "Conversations the sweep had to submit", registry=REGISTRY)
PHOTOS = Counter(
    "autoleads_photos_total", "Photos processed or refused, by what became of them", ["result"], registry=REGISTRY
)
PHOTO_SECONDS = Histogram(
    "autoleads_photo_seconds", "Photo handed over to photo ready, waiting included", buckets=_REPLY, registry=REGISTRY
)
ATTACHMENTS = Counter(
    "autoleads_attachments_total", "Attachments by result of a try to keep them", ["result"], registry=REGISTRY
)
VOICE = Counter("autoleads_voice_notes_total", "Voice notes heard, or why not", ["result"], registry=REGISTRY)
HTTP_SECONDS = Histogram(
    "autoleads_http_seconds", "By route pattern and status", ["route", "status"], buckets=_FAST, registry=REGISTRY
)
PAGES = Counter(
    "autoleads_pages_total", "Pages of showrooms by result: kept from before, or made", ["result"], registry=REGISTRY
)
PAGE_BYTES = Gauge("autoleads_page_cache_bytes", "Memory of the pages that are kept", registry=REGISTRY)
CATALOGUE_LOADS = Counter("autoleads_catalogue_loads_total", "Showrooms read for their pages", registry=REGISTRY)
LIMITED = Counter(
    "autoleads_limited_total", "Requests refused as too many, by what was asked for", ["kind"], registry=REGISTRY
)
POOL = Gauge("autoleads_database_connections", "Connections of the pool", ["state"], registry=REGISTRY)


def render() -> bytes:
    return generate_latest(REGISTRY)
