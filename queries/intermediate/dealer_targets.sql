-- purpose: the target of each dealer in the window of each snapshot
-- grain: dealer x snapshot
-- decisions: a month's target is spread evenly over its days. A window that targets do not fill has no target:
--   sales of twelve weeks against a target of eight would flatter
with overlaps as (
    select
        t.dealer_id,
        s.snapshot,
        t.month,
        t.target_amount,
        t.months,
        cast(t.next_month as int) - cast(t.month as int) as days_in_month,
        least(cast(t.next_month as int), cast(s.ends_on as int) + 1)
            - greatest(cast(t.month as int), cast(s.starts_on as int)) as days
    from target_months as t
    inner join snapshots as s on t.month <= s.ends_on and t.next_month > s.starts_on
),

months as (
    select
        dealer_id,
        snapshot,
        month,
        max(days) as days,
        sum(
            cast(
                target_amount * cast(days as decimal(3, 0)) / cast(days_in_month * months as decimal(3, 0))
                as decimal(18, 4)
            )
        ) as target
    from overlaps
    group by dealer_id, snapshot, month
)

select
    dealer_id,
    snapshot,
    sum(days) as target_days,
    case when sum(days) = 84 then sum(target) end as target
from months
group by dealer_id, snapshot
