-- purpose: what each pair bought on a day of the products that any promotion is about
-- grain: product scope x dealer x outlet x day
-- stored: no
with product_scopes as (
    select distinct product_scope, product_scope_value
    from promotion_windows
    where is_measured
),

lines as (
    select
        s.dealer_id,
        s.outlet_id,
        s.sold_on,
        s.amount,
        s.product_id,
        coalesce(p.category, 'unknown') as category
    from sales as s
    left join products as p on p.product_id = s.product_id
)

select 'all' as product_scope, '' as product_scope_value, dealer_id, outlet_id, sold_on, sales
from pair_days
union all
select
    c.product_scope, c.product_scope_value, l.dealer_id, l.outlet_id, l.sold_on, sum(l.amount) as sales
from lines as l
inner join product_scopes as c on c.product_scope = 'category' and c.product_scope_value = l.category
group by c.product_scope, c.product_scope_value, l.dealer_id, l.outlet_id, l.sold_on
union all
select
    c.product_scope, c.product_scope_value, l.dealer_id, l.outlet_id, l.sold_on, sum(l.amount) as sales
from lines as l
inner join product_scopes as c on c.product_scope = 'product' and c.product_scope_value = l.product_id
group by c.product_scope, c.product_scope_value, l.dealer_id, l.outlet_id, l.sold_on
