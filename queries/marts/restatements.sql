-- purpose: what the exports say now about days that the last run had seen, and said otherwise then
-- grain: export x dealer x month; only what changed. Empty without an earlier run
-- parameters: $as_of; $previous_as_of, the day of the last run's picture
select
    cast($as_of as date) as as_of,
    cast($previous_as_of as date) as previous_as_of,
    m.export,
    m.dealer_id,
    coalesce(d.dealer_name, m.dealer_id) as dealer_name,
    d.region,
    m.month,
    m.kind,
    m.lines_before,
    m.lines_now,
    m.lines_change,
    m.sales_before,
    m.sales_now,
    m.sales_change,
    r.reason
from restated_months as m
inner join restatement_reasons as r on r.export = m.export and r.dealer_id = m.dealer_id and r.month = m.month
left join dealers as d on d.dealer_id = m.dealer_id
