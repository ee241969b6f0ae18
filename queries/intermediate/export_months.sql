-- purpose: what each export states about each dealer and month, up to as_of and up to the day of the last run
-- grain: month x export x dealer
-- parameters: $as_of; $previous_as_of, NULL when there was no earlier run
-- decisions: replaced lines give way to the same order line of another export, replacing lines are those that won.
--   What one export states twice by itself is no news to anybody else and is not counted here
with replacing as (
    select distinct winning_export_key, winning_export_line, winning_dealer_id, winning_sold_on
    from superseded_sales
    where winning_export_key <> export_key
),

lines as (
    select export_key, dealer_id, sold_on, sales as amount, order_lines as accepted, 0 as replaced, 0 as replacing
    from accepted_days
    union all
    select
        export_key,
        dealer_id,
        sold_on,
        cast(0 as decimal(18, 4)) as amount,
        0 as accepted,
        1 as replaced,
        0 as replacing
    from superseded_sales
    where winning_export_key <> export_key
    union all
    select
        winning_export_key as export_key,
        winning_dealer_id as dealer_id,
        winning_sold_on as sold_on,
        cast(0 as decimal(18, 4)) as amount,
        0 as accepted,
        0 as replaced,
        1 as replacing
    from replacing
),

-- By day first: months and the comparison with two days cost far more on every line
days as (
    select
        export_key,
        dealer_id,
        sold_on,
        sum(amount) as amount,
        sum(accepted) as accepted,
        sum(replaced) as replaced,
        sum(replacing) as replacing
    from lines
    group by export_key, dealer_id, sold_on
),

dated as (
    select
        cast(date_trunc('month', sold_on) as date) as month,
        export_key,
        dealer_id,
        sold_on,
        amount,
        accepted,
        replaced,
        replacing,
        sold_on <= $as_of as is_seen,
        coalesce(sold_on <= $previous_as_of, false) as was_seen
    from days
    where sold_on <= $as_of or sold_on <= $previous_as_of
)

select
    month,
    export_key,
    dealer_id,
    max(case when is_seen and accepted > 0 then sold_on end) as last_sold_on,
    sum(case when is_seen then accepted else 0 end) as order_lines,
    cast(sum(case when is_seen then amount else 0 end) as decimal(28, 4)) as sales,
    sum(case when is_seen then replaced else 0 end) as replaced_lines,
    sum(case when is_seen then replacing else 0 end) as replacing_lines,
    sum(case when was_seen then accepted else 0 end) as order_lines_to_previous,
    cast(sum(case when was_seen then amount else 0 end) as decimal(28, 4)) as sales_to_previous,
    sum(case when was_seen then replaced else 0 end) as replaced_lines_to_previous,
    sum(case when was_seen then replacing else 0 end) as replacing_lines_to_previous
from dated
group by month, export_key, dealer_id
