"""What a showroom did in a span of time, and what it has now."""

from dataclasses import dataclass
from datetime import datetime

from autoleads.sql.pool import Db
from autoleads.types import BranchId, TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of the span: what was sold, came in and was asked. Now: what is in stock and what waits. Sums in rupiah."""

    sold: int
    revenue_idr: int
    booked: int
    new_cars: int
    leads: dict[str, int]  # by status
    taken_after_s: float | None  # from the first offer of a lead to its taking, on average
    hot_waiting: int
    in_stock: dict[str, int]  # by status, without what is sold
    stock_value_idr: int


async def of_span(
    db: Db, tenant_id: TenantId, *, since: datetime, until: datetime, branch_id: BranchId | None = None
) -> Figures:
    """`until` is the first moment that does not count. Of one branch: its cars, and leads about them."""
    sql = """
        WITH mine AS MATERIALIZED (
            SELECT id, status, price_idr, created_at, sold_at FROM car
            WHERE tenant_id = $1 AND ($4::bigint IS NULL OR branch_id = $4)
        ), asked AS MATERIALIZED (
            SELECT l.id, l.status, l.created_at, l.taken_at, l.assigned_to FROM lead l
            WHERE l.tenant_id = $1 AND ($4::bigint IS NULL OR l.car_id IN (SELECT id FROM mine))
        ), now_there AS (
            SELECT count(*) FILTER (WHERE status = 'sold' AND sold_at >= $2 AND sold_at < $3) AS sold,
                coalesce(sum(price_idr) FILTER (WHERE status = 'sold' AND sold_at >= $2 AND sold_at < $3), 0)::bigint
                    AS revenue_idr,
                count(*) FILTER (WHERE created_at >= $2 AND created_at < $3) AS new_cars,
                coalesce(sum(price_idr) FILTER (WHERE status IN ('available', 'booking')), 0)::bigint
                    AS stock_value_idr
            FROM mine
        )
        SELECT n.*,
            (SELECT count(DISTINCT h.car_id) FROM car_change h
             WHERE h.tenant_id = $1 AND h.undone_at IS NULL AND h.before ? 'status'
               AND h.after ->> 'status' = 'booking' AND h.at >= $2
               AND h.at < $3 AND h.car_id IN (SELECT id FROM mine)) AS booked,
            (SELECT coalesce(jsonb_object_agg(status, many), '{}') FROM (SELECT status, count(*) AS many FROM asked
             WHERE created_at >= $2 AND created_at < $3 GROUP BY status) AS a) AS leads,
            (SELECT extract(epoch FROM avg(a.taken_at - o.first_at))::float8 FROM asked a
             JOIN LATERAL (SELECT min(offered_at) AS first_at FROM lead_offer
                           WHERE tenant_id = $1 AND lead_id = a.id) o ON o.first_at <= a.taken_at
             WHERE a.taken_at >= $2 AND a.taken_at < $3) AS taken_after_s,
            (SELECT count(*) FROM asked WHERE status = 'hot' AND assigned_to IS NULL) AS hot_waiting,
            (SELECT coalesce(jsonb_object_agg(status, many), '{}') FROM (SELECT status, count(*) AS many FROM mine
             WHERE status <> 'sold' GROUP BY status) AS s) AS in_stock
        FROM now_there n"""
    return Figures(**await db.fetchrow(sql, tenant_id, since, until, branch_id))
