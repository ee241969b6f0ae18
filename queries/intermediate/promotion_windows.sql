-- purpose: the days of each promotion that are measured, and the days before that they are compared with
-- grain: promotion
-- parameters: $as_of
-- decisions: a running promotion is measured up to as_of. The days before end where the promotion starts and are as
--   many, rounded up to whole weeks; a promotion of ten days is thus compared with fourteen, and so is its control.
--   A product goes before a category, and has to belong to it
with dated as (
    select
        p.promotion_id,
        p.starts_on,
        p.ends_on,
        least(p.ends_on, $as_of) as measured_to,
        least(p.ends_on, $as_of) - p.starts_on + 1 as measured_days,
        p.dealer_id,
        p.region,
        p.territory,
        p.channel,
        p.product_id,
        coalesce(p.category, case when p.product_id is not null then coalesce(r.category, 'unknown') end) as category,
        case when p.product_id is not null then 'product' when p.category is not null then 'category' else 'all' end
            as product_scope,
        coalesce(p.product_id, p.category, '') as product_scope_value,
        coalesce(p.product_id is not null and p.category <> coalesce(r.category, 'unknown'), false) as is_contradictory
    from promotions as p
    left join products as r on r.product_id = p.product_id
),

started as (
    select
        promotion_id, starts_on, ends_on, measured_to, measured_days, dealer_id, region, territory, channel, product_id,
        category, product_scope, product_scope_value, is_contradictory,
        (measured_days + 6) / 7 * 7 as before_days
    from dated
    where starts_on <= $as_of
),

compared as (
    select
        promotion_id, starts_on, ends_on, measured_to, measured_days, dealer_id, region, territory, channel, product_id,
        category, product_scope, product_scope_value, is_contradictory, before_days,
        cast(to_timestamp_seconds((cast(starts_on as int) - before_days) * 86400) as date) as before_starts_on
    from started
)

select
    c.promotion_id,
    c.starts_on,
    c.ends_on,
    c.measured_to,
    c.measured_days,
    c.before_starts_on,
    c.before_days,
    c.dealer_id,
    c.region,
    c.territory,
    c.channel,
    c.product_id,
    c.category,
    c.product_scope,
    c.product_scope_value,
    c.before_starts_on >= w.history_starts_on and not c.is_contradictory as is_measured,
    c.before_starts_on < w.history_starts_on as is_history_short
from compared as c
cross join analysis_window as w
