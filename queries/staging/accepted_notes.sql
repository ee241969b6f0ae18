-- purpose: what was noticed about accepted rows: kept, counted, reported
-- grain: export x note
-- parameters: $as_of
-- decisions: an outlet or product is unknown only where there is a master to know it. Of a suspected duplicate both
--   rows are counted
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
),

flags as (
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
),

suspected as (
    select outlet_id from alike_outlets
    union
    select other_outlet_id as outlet_id from alike_outlets
),

-- Each export with each of its notes: so the lines are read once, not once a note
counted as (
    select
        f.export_key,
        n.note,
        case n.note
            when 'sale_without_outlet' then f.direct_rows
            when 'unknown_outlet' then f.unknown_outlet_rows
            when 'unknown_product' then f.unknown_product_rows
            else f.after_as_of_rows
        end as rows,
        case n.note
            when 'sale_without_outlet' then f.direct_amount
            when 'unknown_outlet' then f.unknown_outlet_amount
            when 'unknown_product' then f.unknown_product_amount
            else f.after_as_of_amount
        end as amount
    from flags as f
    cross join (values ('sale_without_outlet'), ('unknown_outlet'), ('unknown_product'), ('after_as_of')) as n (note)
),

notes as (
    select export_key, note, rows, amount
    from counted
    union all
    select export_key, 'amount_rounded' as note, amounts_rounded as rows, cast(null as decimal(28, 4)) as amount
    from exports
    union all
    select export_key, 'superseded_across_dealers' as note, count(*) as rows, sum(amount) as amount
    from superseded_sales
    where is_across_dealers
    group by export_key
    union all
    select export_key, 'outlet_of_unknown_dealer' as note, count(*) as rows, cast(null as decimal(28, 4)) as amount
    from outlet_master
    where has_unknown_dealer
    group by export_key
    union all
    select n.export_key, 'suspected_duplicate' as note, count(*) as rows, cast(null as decimal(28, 4)) as amount
    from outlet_names as n
    inner join suspected as s on s.outlet_id = n.outlet_id
    group by n.export_key
)

select export_key, note, rows, amount
from notes
where rows > 0
