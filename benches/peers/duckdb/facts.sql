create table pair_days as
with orders as (
    select dealer_id, outlet_id, sold_on, sum(amount) as order_value
    from sales
    group by dealer_id, outlet_id, sold_on, order_id
)
select
    dealer_id,
    outlet_id,
    sold_on,
    count(*) filter (where order_value > 0) as orders,
    coalesce(sum(order_value) filter (where order_value > 0), 0)::decimal(18, 4) as order_value,
    sum(order_value)::decimal(18, 4) as sales,
    sum(order_value::double * order_value::double) as squared_order_value
from orders
group by dealer_id, outlet_id, sold_on;

create table pair_history as
select
    dealer_id,
    outlet_id,
    min(sold_on) as first_order_on,
    max(sold_on) as last_order_on,
    sum(orders)::bigint as orders,
    count(*) as order_days
from pair_days
where orders > 0
group by dealer_id, outlet_id;

create table pair_periods as
select
    dealer_id,
    outlet_id,
    (getvariable('as_of') - sold_on) // 28 as period,
    sum(orders)::bigint as orders,
    sum(order_value)::decimal(18, 4) as order_value,
    sum(sales)::decimal(18, 4) as sales,
    sum(squared_order_value) as squared_order_value
from pair_days
group by all;

create table first_sales as
select dealer_id, min(sold_on) as first_sold_on from pair_days group by dealer_id;

create table analysis_window as
with history as (
    select min(first_sold_on) as starts_on, getvariable('as_of') - min(first_sold_on) as days from first_sales
)
select
    getvariable('as_of') as as_of,
    starts_on as history_starts_on,
    (days + 1) // 28 as whole_periods,
    case when days >= 16 * 28 - 1 then 'year_ago' when days >= 6 * 28 - 1 then 'prior' else 'none' end as comparison_base,
    case when days >= 16 * 28 - 1 then 13 when days >= 6 * 28 - 1 then 3 end as base_snapshot
from history;

create table snapshots as
select
    range::integer as snapshot,
    getvariable('as_of') - 28 * range::integer as ends_on,
    getvariable('as_of') - 28 * range::integer - 83 as starts_on
from range(14);
