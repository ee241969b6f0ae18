-- purpose: what became of every row of every export, and what was noticed about them
-- grain: export x outcome x reason
-- parameters: $as_of
-- decisions: read = accepted + rejected + superseded, in rows and money; notes are rows worth a look, counted there
--   already, and no part of that sum. Sources without money have no amount
with outcomes as (
    select export_key, 'read' as outcome, 'read' as reason_code, rows_read as rows, amount_read as amount,
        unknown_amounts as unknown_amount_rows
    from exports
    union all
    select e.export_key, 'accepted' as outcome, 'accepted' as reason_code, coalesce(a.accepted_rows, 0) as rows,
        case when e.amount_read is not null then coalesce(a.accepted_amount, 0) end as amount, 0 as unknown_amount_rows
    from exports as e
    left join accepted_rows as a on a.export_key = e.export_key
    union all
    select e.export_key, 'rejected' as outcome, r.reason_code, count(*) as rows,
        case when max(e.amount_read) is not null then coalesce(sum(r.amount), 0) end as amount,
        sum(case when r.amount is null and e.amount_read is not null then 1 else 0 end) as unknown_amount_rows
    from rejections as r
    inner join exports as e on e.export_key = r.export_key
    group by e.export_key, r.reason_code
    union all
    select export_key, 'superseded' as outcome, 'restated_line' as reason_code, count(*) as rows,
        sum(amount) as amount, 0 as unknown_amount_rows
    from superseded_sales
    group by export_key
    union all
    select export_key, 'superseded' as outcome, 'restated_line' as reason_code, count(*) as rows,
        cast(null as decimal(28, 4)) as amount, 0 as unknown_amount_rows
    from superseded_visits
    group by export_key
    union all
    select export_key, 'note' as outcome, note as reason_code, rows, amount, 0 as unknown_amount_rows
    from accepted_notes
    union all
    select export_key, 'note' as outcome, note as reason_code, count(*) as rows,
        cast(null as decimal(28, 4)) as amount, 0 as unknown_amount_rows
    from visit_notes
    group by export_key, note
)

select
    cast($as_of as date) as as_of,
    e.source,
    e.export,
    o.outcome,
    o.reason_code,
    o.rows,
    o.amount,
    o.unknown_amount_rows
from outcomes as o
inner join exports as e on e.export_key = o.export_key
