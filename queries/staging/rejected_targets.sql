-- purpose: targets of unknown dealers, and targets that contradict each other
-- grain: export line
-- decisions: two targets for one dealer, channel and month contradict each other, and so do a total and its
--   channels; no rule says which one was meant, so none counts and all are shown. A wide row is rejected as a whole
with stated as (
    select
        export_key,
        export_line,
        dealer_id,
        month,
        count(*) over (partition by dealer_id, month) as statements,
        count(*) over (partition by dealer_id, month, channel) as statements_alike,
        sum(case when channel is null then 1 else 0 end) over (partition by dealer_id, month) as totals
    from stated_target_months
),

contradicted as (
    select export_key, export_line, min(month) as month, max(statements) as statements
    from stated
    where statements_alike > 1 or (totals > 0 and totals < statements)
    group by export_key, export_line
),

stated_rows as (
    select export_key, export_line, dealer_id, sum(target_amount) as target_amount
    from staged_targets
    group by export_key, export_line, dealer_id
)

select
    t.export_key,
    t.export_line,
    case when d.dealer_id is null then 'dealer_id' else 'month' end as column_name,
    case when d.dealer_id is null then t.dealer_id else t.dealer_id || ' ' || cast(c.month as varchar) end as raw_value,
    case when d.dealer_id is null then 'unknown_dealer' else 'conflicting_rows' end as reason_code,
    case
        when d.dealer_id is null then 'dealer_id: the dealer is not in the dealers source'
        else 'the dealer has ' || cast(c.statements as varchar) || ' targets that cover this month; none counts'
    end as message,
    t.target_amount as amount
from stated_rows as t
left join dealers as d on d.dealer_id = t.dealer_id
left join contradicted as c on c.export_key = t.export_key and c.export_line = t.export_line
where d.dealer_id is null or c.export_key is not null
