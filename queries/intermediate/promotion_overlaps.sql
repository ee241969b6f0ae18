-- purpose: how many other promotions disturbed the scope itself
-- grain: promotion; only those with any
with shared as (
    select distinct r.promotion_id, r.rival_id
    from promotion_rivals as r
    inner join promotion_scopes as own on own.promotion_id = r.promotion_id
    inner join promotion_scopes as other
        on other.promotion_id = r.rival_id
        and other.dealer_id = own.dealer_id
        and other.outlet_id = own.outlet_id
)

select promotion_id, count(*) as overlapping_promotions
from shared
group by promotion_id
