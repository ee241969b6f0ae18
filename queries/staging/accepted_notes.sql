-- purpose: what was noticed about accepted rows: kept, counted, reported
-- grain: export x note
-- decisions: of a suspected duplicate both rows are counted
with suspected as (
    select outlet_id from alike_outlets
    union
    select other_outlet_id as outlet_id from alike_outlets
),

notes as (
    select export_key, note, rows, amount from sales_flags
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
