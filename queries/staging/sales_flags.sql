-- purpose: what was noticed about the accepted sales lines of each export, in lines and money
-- grain: export
-- parameters: $as_of
-- decisions: stored, so that the lines are read once and not once a note. An outlet or product is unknown only where
--   there is a master to know it
with lines as (
    select
        s.export_key,
        s.amount,
        s.outlet_id is null as is_direct,
        s.outlet_id is not null and o.outlet_id is null
            and (select is_present from sources where source = 'outlets') as has_unknown_outlet,
        s.product_id is not null and p.product_id is null
            and (select is_present from sources where source = 'products') as has_unknown_product,
        s.sold_on > $as_of as is_after_as_of
    from accepted_sales as s
    left join outlet_master as o on o.outlet_id = s.outlet_id
    left join products as p on p.product_id = s.product_id
)

select
    export_key,
    sum(case when is_direct then 1 else 0 end) as direct_rows,
    sum(case when is_direct then amount end) as direct_amount,
    sum(case when has_unknown_outlet then 1 else 0 end) as unknown_outlet_rows,
    sum(case when has_unknown_outlet then amount end) as unknown_outlet_amount,
    sum(case when has_unknown_product then 1 else 0 end) as unknown_product_rows,
    sum(case when has_unknown_product then amount end) as unknown_product_amount,
    sum(case when is_after_as_of then 1 else 0 end) as after_as_of_rows,
    sum(case when is_after_as_of then amount end) as after_as_of_amount
from lines
group by export_key
