-- purpose: what the exports say now about days that the last run had seen, and said otherwise then
-- grain: export x dealer x month; only what changed. Empty without an earlier run
-- parameters: $as_of; $previous_as_of, the day of the last run's picture
-- decisions: an export under another name is another export: its lines leave the old name and come in the new one,
--   which is kind 'moved' if the dealer's month stays the same
with judged as (
    select
        c.export,
        c.dealer_id,
        c.month,
        c.lines_before,
        c.lines_now,
        c.lines_change,
        c.sales_before,
        c.sales_now,
        c.sales_change,
        c.replaced_change,
        c.replacing_change,
        e.export is null as is_export_gone,
        case
            when c.lines_change < 0 and c.replaced_change >= -c.lines_change then 'replaced'
            when c.lines_change > 0 and c.replacing_change >= c.lines_change then 'replacing'
            when c.lines_change > 0 and -c.replaced_change >= c.lines_change then 'restored'
            when c.lines_change <> 0 and c.lines_change_of_month = 0 and c.sales_change_of_month = 0 then 'moved'
            when c.lines_before = 0 then 'late'
            when c.lines_now = 0 then 'removed'
            else 'restated'
        end as kind
    from export_changes as c
    left join exports as e on e.export = c.export and e.source = 'sales'
)

select
    cast($as_of as date) as as_of,
    cast($previous_as_of as date) as previous_as_of,
    j.export,
    j.dealer_id,
    coalesce(d.dealer_name, j.dealer_id) as dealer_name,
    d.region,
    j.month,
    j.kind,
    j.lines_before,
    j.lines_now,
    j.lines_change,
    j.sales_before,
    j.sales_now,
    j.sales_change,
    'lines ' || case when j.lines_change > 0 then '+' else '' end || cast(j.lines_change as varchar) || ': '
        || case
            when j.kind = 'replaced' then 'another export states them later'
            when j.kind = 'replacing' then 'they replace lines of another export'
            when j.kind = 'restored' then 'another export states them no more'
            when j.kind = 'moved' then 'over all exports the month of the dealer is the same'
            when j.kind = 'late' then 'the last run had none of this dealer and month in this export'
            when j.kind = 'removed' and j.is_export_gone then 'the export is gone'
            when j.kind = 'removed' then 'the export has none of them any more, or they are rejected'
            when j.lines_change = 0 then 'as many as before, with other amounts'
            else 'the export states the month anew'
        end
        || case
            when j.kind in ('late', 'restated') and j.replacing_change > 0
                then '; lines that replace those of another export: ' || cast(j.replacing_change as varchar)
            else ''
        end
        || case
            when j.kind in ('removed', 'restated') and j.replaced_change > 0
                then '; lines that another export states later: ' || cast(j.replaced_change as varchar)
            else ''
        end as reason
from judged as j
left join dealers as d on d.dealer_id = j.dealer_id
