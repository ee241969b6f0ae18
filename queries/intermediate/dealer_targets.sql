-- purpose: the target of each dealer in the window of each snapshot
-- grain: dealer x snapshot
-- decisions: a month's target is spread evenly over its days. A window that targets do not fill has no target:
--   sales of twelve weeks against a target of eight would flatter. Of targets by channel, each has to fill it
with overlaps as (
    select
        t.dealer_id,
        s.snapshot,
        coalesce(t.channel, '') as channel,
        t.month,
        t.target_amount,
        t.months,
        cast(t.next_month as int) - cast(t.month as int) as days_in_month,
        least(cast(t.next_month as int), cast(s.ends_on as int) + 1)
            - greatest(cast(t.month as int), cast(s.starts_on as int)) as days
    from target_months as t
    inner join snapshots as s on t.month <= s.ends_on and t.next_month > s.starts_on
),

channels as (
    select
        dealer_id,
        snapshot,
        channel,
        sum(days) as target_days,
        sum(
            cast(
                target_amount * cast(days as decimal(3, 0)) / cast(days_in_month * months as decimal(3, 0))
                as decimal(18, 4)
            )
        ) as target
    from overlaps
    group by dealer_id, snapshot, channel
)

select
    dealer_id,
    snapshot,
    min(target_days) as target_days,
    case when min(target_days) = 84 then sum(target) end as target
from channels
group by dealer_id, snapshot
