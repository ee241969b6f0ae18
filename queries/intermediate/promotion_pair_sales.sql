-- purpose: what each pair bought of the promoted products before and during a promotion
-- grain: promotion x dealer x outlet; only pairs with a sale or a return in these days
with days as (
    select distinct sold_on
    from pair_days
),

promotion_days as (
    select
        w.promotion_id,
        w.product_scope,
        w.product_scope_value,
        d.sold_on,
        d.sold_on >= w.starts_on as is_during
    from promotion_windows as w
    inner join days as d on d.sold_on between w.before_starts_on and w.measured_to
    where w.is_measured
)

select
    d.promotion_id,
    s.dealer_id,
    s.outlet_id,
    sum(case when d.is_during then 0 else s.sales end) as sales_before,
    sum(case when d.is_during then s.sales else 0 end) as sales
from promoted_days as s
inner join promotion_days as d
    on d.sold_on = s.sold_on
    and d.product_scope = s.product_scope
    and d.product_scope_value = s.product_scope_value
group by d.promotion_id, s.dealer_id, s.outlet_id
