-- purpose: every target row by the months it covers; a quarter covers three
-- grain: export line x month
with offsets as (
    select column1 as months_on from (values (0), (1), (2))
),

months as (
    select
        t.export_key,
        t.export_line,
        t.dealer_id,
        t.channel,
        t.target_amount,
        t.months,
        date_part('year', t.month) * 12 + date_part('month', t.month) - 1 + o.months_on as month_number
    from staged_targets as t
    inner join offsets as o on o.months_on < t.months
)

select
    export_key,
    export_line,
    dealer_id,
    channel,
    target_amount,
    months,
    make_date(cast(month_number / 12 as int), cast(month_number % 12 + 1 as int), 1) as month,
    make_date(cast((month_number + 1) / 12 as int), cast((month_number + 1) % 12 + 1 as int), 1) as next_month
from months
