-- purpose: what became of each month of a dealer in an export that the last run had seen otherwise
-- grain: export x dealer x month; only what changed. Empty without an earlier run
-- decisions: an export under another name is another export: its lines leave the old name and come in the new one,
--   which is kind 'moved' if the dealer's month stays the same
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
