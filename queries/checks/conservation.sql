-- purpose: read = accepted + rejected + superseded for every export, in rows and in money
select
    source,
    export,
    sum(case when outcome = 'read' then rows else 0 end) as rows_read,
    sum(case when outcome in ('accepted', 'rejected', 'superseded') then rows else 0 end) as rows_accounted,
    sum(case when outcome = 'read' then amount end) as amount_read,
    sum(case when outcome in ('accepted', 'rejected', 'superseded') then amount end) as amount_accounted
from data_quality
group by source, export
having
    sum(case when outcome = 'read' then rows else 0 end)
    <> sum(case when outcome in ('accepted', 'rejected', 'superseded') then rows else 0 end)
    or sum(case when outcome = 'read' then amount end)
    <> sum(case when outcome in ('accepted', 'rejected', 'superseded') then amount end)
