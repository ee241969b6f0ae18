-- purpose: the pairs of each promotion, and its control: pairs of the same channels outside it
-- grain: promotion x dealer x outlet
-- parameters: $report_within_days
-- decisions: an outlet is no control if the promotion reached it at any dealer, or if another promotion disturbed it.
--   A dealer is left out whose sales are not known for more than a quarter of the days, or for more than
--   report_within_days: not reported is not zero
with channels as (
    select distinct promotion_id, channel
    from promotion_scopes
),

disturbed as (
    select distinct r.promotion_id, s.outlet_id
    from promotion_rivals as r
    inner join promotion_scopes as s on s.promotion_id = r.rival_id
),

outside as (
    select c.promotion_id, p.dealer_id, p.outlet_id
    from channels as c
    inner join pairs as p on p.channel = c.channel
    left anti join promotion_scopes as s on s.promotion_id = c.promotion_id and s.outlet_id = p.outlet_id
),

sides as (
    select promotion_id, dealer_id, outlet_id, true as is_in_scope
    from promotion_scopes
    union all
    select o.promotion_id, o.dealer_id, o.outlet_id, false as is_in_scope
    from outside as o
    left anti join disturbed as d on d.promotion_id = o.promotion_id and d.outlet_id = o.outlet_id
)

select
    s.promotion_id,
    s.dealer_id,
    s.outlet_id,
    s.is_in_scope
from sides as s
inner join promotion_windows as w on w.promotion_id = s.promotion_id
left join dealer_reports as r on r.dealer_id = s.dealer_id and r.snapshot = 0
where
    w.is_measured
    and coalesce((w.measured_to - r.reported_until) * 4 <= w.measured_days, true)
    and coalesce(w.measured_to - r.reported_until <= cast($report_within_days as bigint), true)
