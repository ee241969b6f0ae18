"""The night as a DuckDB script: generated exports in, Parquet tables out, by the rules of `queries/`.

usage: python benches/peers/duckdb_night.py JOB_FOLDER OUT_FOLDER [--threads N] [--memory 4GiB]

benches/README.md says what it does like dealerlens and what it leaves out.
"""

import duckdb

from common import NULLS, Stages, arguments, sales_exports

SALES = {
    "order_id": "varchar",
    "line_no": "varchar",
    "sold_on": "date",
    "dealer_id": "varchar",
    "outlet_id": "varchar",
    "product_id": "varchar",
    "quantity": "decimal(18, 4)",
    "amount": "decimal(18, 4)",
}
MASTERS = {
    "dealers": {
        "dealer_id": "varchar",
        "dealer_name": "varchar",
        "region": "varchar",
        "territory": "varchar",
        "tier": "varchar",
        "status": "varchar",
        "onboarded_on": "date",
        "manager": "varchar",
    },
    "outlets": {
        "outlet_id": "varchar",
        "dealer_id": "varchar",
        "outlet_name": "varchar",
        "channel": "varchar",
        "territory": "varchar",
        "account_id": "varchar",
        "opened_on": "date",
        "closed_on": "date",
    },
    "products": {
        "product_id": "varchar",
        "product_name": "varchar",
        "category": "varchar",
        "brand": "varchar",
        "list_price": "decimal(18, 4)",
    },
    "market": {
        "territory": "varchar",
        "channel": "varchar",
        "outlets_total": "bigint",
        "market_value": "decimal(18, 4)",
    },
    "targets": {"dealer_id": "varchar", "month": "varchar", "target_amount": "decimal(18, 4)"},
}

# Reading. What CSV reading itself refuses goes to <source>_errors with its line; quoting is off for sales, because a
# quote that never closes would swallow the lines behind it.
READ = """
create table staged_{source} as
select *{file_index}
from read_csv(
    {files}, columns = {columns}, auto_detect = false, header = true, delim = ',', quote = '{quote}', escape = '{quote}',
    nullstr = {nulls}, dateformat = '%Y-%m-%d', store_rejects = true,
    rejects_table = '{source}_errors', rejects_scan = '{source}_scans'
);
"""

MASTER_RULES = """
create table rejected_rows (source varchar, reason_code varchar, raw_value varchar);

-- the first row of each id counts
create table dealers as
from staged_dealers where dealer_id is not null and region is not null
qualify row_number() over (partition by dealer_id order by rowid) = 1;

create table outlet_master as
select o.* replace (d.dealer_id as dealer_id)
from (from staged_outlets where outlet_id is not null qualify row_number() over (partition by outlet_id order by rowid) = 1) as o
left join dealers as d using (dealer_id);

create table products as
from staged_products where product_id is not null
qualify row_number() over (partition by product_id order by rowid) = 1;

-- two universes for one cell contradict each other
create table market_cells as
from staged_market where outlets_total >= 0 and territory is not null and channel is not null
qualify count(*) over (partition by territory, channel) = 1;

create table target_months as
with stated as (
    select dealer_id, try_strptime(month, '%Y-%m')::date as month, target_amount
    from staged_targets
    where target_amount is not null
),
single as (
    from stated where month is not null qualify count(*) over (partition by dealer_id, month) = 1
)
select s.dealer_id, s.month, (s.month + interval 1 month)::date as next_month, s.target_amount
from single as s semi join dealers as d using (dealer_id);
"""

SALES_RULES = """
create table refused as
select
    l.rowid as line,
    case
        when l.dealer_id is null or l.sold_on is null or l.amount is null then 'missing_value'
        when contains(concat(l.order_id, l.outlet_id, l.product_id), chr(0)) then 'nul_byte'
        when contains(concat(l.order_id, l.outlet_id, l.product_id), '"') then 'unclosed_quote'
        when d.dealer_id is null then 'unknown_dealer'
        else 'future_sale'
    end as reason_code
from staged_sales as l
left join dealers as d on d.dealer_id = l.dealer_id
where
    l.dealer_id is null or l.sold_on is null or l.amount is null
    or contains(l.outlet_id, chr(0)) or contains(l.product_id, chr(0)) or contains(l.order_id, chr(0))
    or contains(l.outlet_id, '"') or contains(l.product_id, '"') or contains(l.order_id, '"')
    or d.dealer_id is null
    or l.sold_on > current_date;

insert into rejected_rows
select 'sales', r.reason_code, concat_ws(',', l.order_id, l.line_no, l.sold_on, l.dealer_id, l.outlet_id, l.product_id, l.amount)
from refused as r inner join staged_sales as l on l.rowid = r.line;

insert into rejected_rows
select
    'sales',
    case
        when bool_or(error_type in ('MISSING COLUMNS', 'TOO MANY COLUMNS')) then 'ragged_row'
        when bool_or(error_type = 'INVALID ENCODING') then 'invalid_utf8'
        else 'bad_' || min(column_name)
    end,
    any_value(csv_line)
from sales_errors
group by file_id, line;

delete from staged_sales where rowid in (select line from refused);
"""

# Rows come in the order of exports and lines, so the highest row id is the latest statement.
SUPERSEDE = """
create table repeated as
select order_id, line_no, max(rowid) as latest
from staged_sales
where order_id is not null and line_no is not null
group by order_id, line_no
having count(*) > 1;

create table superseded as
select l.rowid as line
from staged_sales as l
inner join repeated as r on r.order_id = l.order_id and r.line_no = l.line_no and r.latest > l.rowid;

delete from staged_sales where rowid in (select line from superseded);

create view sales as
select
    sold_on,
    (getvariable('as_of') - sold_on) // 28 as period,
    dealer_id,
    coalesce(outlet_id, dealer_id || '#unknown') as outlet_id,
    outlet_id is null as is_direct,
    order_id,
    product_id,
    quantity,
    amount,
    export
from staged_sales;
"""

FACTS = """
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
"""

OUTLETS = """
create table outlets as
with sold as (
    select outlet_id, bool_or(is_direct) as is_direct, max(dealer_id) as dealer_id from sales group by outlet_id
)
select
    coalesce(m.outlet_id, s.outlet_id) as outlet_id,
    coalesce(m.outlet_name, m.outlet_id, s.outlet_id) as outlet_name,
    coalesce(m.channel, 'unknown') as channel,
    coalesce(m.territory, case when m.outlet_id is null then d.territory end) as territory,
    m.account_id,
    m.opened_on,
    m.closed_on
from outlet_master as m
full join sold as s on s.outlet_id = m.outlet_id
left join dealers as d on d.dealer_id = s.dealer_id and s.is_direct;

create table pairs as
with traded as (select distinct dealer_id, outlet_id from pair_periods),
given as (select dealer_id, outlet_id from outlet_master where dealer_id is not null)
select
    dealer_id,
    outlet_id,
    d.region,
    o.territory,
    o.channel,
    o.account_id,
    o.opened_on,
    o.closed_on,
    g.outlet_id is not null as is_in_master,
    t.outlet_id is not null as has_traded
from given as g
full join traded as t using (dealer_id, outlet_id)
inner join dealers as d using (dealer_id)
inner join outlets as o using (outlet_id);
"""

SNAPSHOTS = """
create table pair_snapshots as
with traded as (
    select
        p.dealer_id,
        p.outlet_id,
        s.snapshot,
        sum(p.orders) as orders_52w,
        sum(p.sales) as sales_52w,
        sum(p.orders) filter (where p.period < s.snapshot + 3) as orders,
        sum(p.order_value) filter (where p.period < s.snapshot + 3) as order_value,
        sum(p.sales) filter (where p.period < s.snapshot + 3) as sales,
        sum(p.squared_order_value) filter (where p.period < s.snapshot + 3) as squared_order_value
    from pair_periods as p
    inner join snapshots as s on p.period between s.snapshot and s.snapshot + 12
    group by p.dealer_id, p.outlet_id, s.snapshot
),
given as (
    select p.dealer_id, p.outlet_id, s.snapshot
    from pairs as p
    inner join snapshots as s
        on coalesce(p.opened_on <= s.ends_on, true) and coalesce(p.closed_on > s.ends_on, true)
    where p.is_in_master
)
select
    dealer_id,
    outlet_id,
    p.region,
    p.territory,
    p.channel,
    snapshot,
    g.dealer_id is not null or t.orders_52w > 0 as is_covered,
    coalesce(t.orders, 0)::bigint as orders,
    coalesce(t.order_value, 0)::decimal(18, 4) as order_value,
    coalesce(t.sales, 0)::decimal(18, 4) as sales,
    coalesce(t.squared_order_value, 0) as squared_order_value,
    coalesce(t.sales_52w, 0)::decimal(18, 4) as sales_52w
from traded as t
full join given as g using (dealer_id, outlet_id, snapshot)
inner join pairs as p using (dealer_id, outlet_id);

create table leaf_snapshots as
select
    dealer_id,
    channel,
    snapshot,
    count(*) filter (where is_covered) as covered_outlets,
    count(*) filter (where orders > 0) as active_outlets,
    sum(orders)::bigint as orders,
    sum(order_value) as order_value,
    sum(sales) as sales,
    sum(sales - order_value) as returns,
    sum(squared_order_value) as squared_order_value,
    sum(sales_52w) as sales_52w
from pair_snapshots
group by dealer_id, channel, snapshot;

create table dealer_sums as
select
    d.dealer_id,
    s.snapshot,
    s.ends_on,
    coalesce(sum(l.covered_outlets), 0)::bigint as covered_outlets,
    coalesce(sum(l.active_outlets), 0)::bigint as active_outlets,
    coalesce(sum(l.orders), 0)::bigint as orders,
    coalesce(sum(l.order_value), 0)::decimal(18, 4) as order_value,
    coalesce(sum(l.sales), 0)::decimal(18, 4) as sales,
    coalesce(sum(l.returns), 0)::decimal(18, 4) as returns,
    coalesce(sum(l.squared_order_value), 0) as squared_order_value,
    coalesce(sum(l.sales_52w), 0)::decimal(18, 4) as sales_52w
from dealers as d
cross join snapshots as s
left join leaf_snapshots as l on l.dealer_id = d.dealer_id and l.snapshot = s.snapshot
group by d.dealer_id, s.snapshot, s.ends_on;
"""

CLASS_INPUTS = """
-- the cells of a dealer: its home, and territories that hold 5 % of its covered outlets; one that joined stays to 2.5 %
create table dealer_cells as
with covered as (
    select dealer_id, snapshot, territory, channel, count(*) as covered_outlets
    from pair_snapshots
    where is_covered and territory is not null
    group by all
),
by_territory as (
    select dealer_id, snapshot, territory, sum(covered_outlets) as covered_outlets from covered group by all
),
decisions as (
    select
        t.dealer_id,
        t.territory,
        d.snapshot,
        case
            when coalesce(c.covered_outlets, 0) > 0 and c.covered_outlets * 20 >= d.covered_outlets then true
            when c.covered_outlets is null or c.covered_outlets * 40 < d.covered_outlets then false
            when d.snapshot = 13 then false
        end as joins
    from (select distinct dealer_id, territory from by_territory) as t
    inner join dealer_sums as d using (dealer_id)
    left join by_territory as c using (dealer_id, territory, snapshot)
),
members as (
    select
        dealer_id,
        territory,
        snapshot,
        last_value(joins ignore nulls) over (
            partition by dealer_id, territory order by snapshot desc rows unbounded preceding
        ) as is_member
    from decisions
),
own_territories as (
    select dealer_id, snapshot, territory from members where is_member
    union
    select dealer_id, snapshot, territory from dealers cross join snapshots where territory is not null
)
select
    o.dealer_id,
    o.snapshot,
    m.territory,
    m.channel,
    m.outlets_total,
    m.market_value,
    coalesce(c.covered_outlets, 0) as covered_outlets
from own_territories as o
inner join market_cells as m on m.territory = o.territory
left join covered as c
    on c.dealer_id = o.dealer_id and c.snapshot = o.snapshot and c.territory = m.territory and c.channel = m.channel;

create table dealer_distribution as
with cells as (
    select
        *,
        case when outlets_total > 0 then market_value end as weight,
        least(covered_outlets, outlets_total)::double / nullif(outlets_total, 0) as share
    from dealer_cells
)
select
    dealer_id,
    snapshot,
    sum(outlets_total)::bigint as universe_outlets,
    sum(covered_outlets)::bigint as covered_in_universe,
    bool_or(covered_outlets > outlets_total) as is_universe_too_small,
    least(sum(covered_outlets)::double / nullif(sum(outlets_total), 0), 1.0) as numeric_distribution,
    sum(weight::double * share) / nullif(sum(weight), 0)::double as weighted_distribution
from cells
group by dealer_id, snapshot;

-- a month's target is spread evenly over its days; a window that targets do not fill has none
create table dealer_targets as
select
    t.dealer_id,
    s.snapshot,
    sum(days) as target_days,
    case when sum(days) = 84 then sum(part) end as target
from target_months as t
inner join snapshots as s on t.month <= s.ends_on and t.next_month > s.starts_on,
lateral (select least(t.next_month, s.ends_on + 1) - greatest(t.month, s.starts_on) as days),
lateral (select round(t.target_amount * days::decimal(3, 0) / (t.next_month - t.month), 4)::decimal(18, 4) as part)
group by t.dealer_id, s.snapshot;

-- up to which day each dealer is known: dealers with recent lines in one export share a feed
create table dealer_reports as
with dated as (
    select
        export,
        dealer_id,
        max(sold_on) as last_sold_on,
        max(max(sold_on)) over (partition by export) as export_ends_on,
        max(max(sold_on)) over (partition by dealer_id) as dealer_ends_on
    from sales
    group by export, dealer_id
),
feeds as (
    select export, max(dealer_ends_on) as reported_until
    from dated
    where export_ends_on - last_sold_on < 28
    group by export
),
reports as (
    select d.dealer_id, max(f.reported_until) as reported_until
    from dated as d
    inner join feeds as f using (export)
    where d.dealer_ends_on - d.last_sold_on < 28
    group by d.dealer_id
)
select
    d.dealer_id,
    s.snapshot,
    r.reported_until,
    coalesce(s.ends_on - r.reported_until > 14, false) as is_not_reported
from dealers as d
cross join snapshots as s
left join reports as r using (dealer_id);

create table run_metrics as
select
    case when count(*) filter (where u.universe_outlets > 0) * 2 >= greatest(count(*), 1)
        then 'numeric_distribution' else 'active_outlets' end as coverage_metric,
    case when count(*) filter (where t.target > 0) * 2 >= greatest(count(*), 1)
        then 'attainment' else 'sales_per_outlet' end as performance_metric
from dealer_sums as s
left join dealer_distribution as u using (dealer_id, snapshot)
left join dealer_targets as t using (dealer_id, snapshot)
where s.snapshot = 0 and s.orders > 0;

create table axis_values as
with measured as (
    select
        s.*,
        d.tier,
        coalesce(
            (d.onboarded_on is not null or b.first_sold_on - w.history_starts_on >= 84)
                and s.ends_on - coalesce(d.onboarded_on, b.first_sold_on) < 84,
            false
        ) as is_new,
        w.history_starts_on <= s.ends_on as is_window_seen,
        r.is_not_reported,
        m.coverage_metric,
        m.performance_metric,
        t.target,
        u.universe_outlets,
        u.covered_in_universe,
        u.numeric_distribution
    from dealer_sums as s
    cross join run_metrics as m
    cross join analysis_window as w
    inner join dealers as d using (dealer_id)
    left join first_sales as b using (dealer_id)
    inner join dealer_reports as r using (dealer_id, snapshot)
    left join dealer_targets as t using (dealer_id, snapshot)
    left join dealer_distribution as u using (dealer_id, snapshot)
    where s.snapshot <= 12 and coalesce(coalesce(d.onboarded_on, b.first_sold_on) <= s.ends_on, true)
)
select
    dealer_id,
    snapshot,
    ends_on,
    tier,
    is_new,
    coverage_metric,
    universe_outlets,
    covered_in_universe,
    case
        when is_not_reported then null
        when coverage_metric = 'numeric_distribution' then numeric_distribution
        when is_window_seen then active_outlets
    end::double as coverage_value,
    performance_metric,
    squared_order_value as sales_variance,
    case
        when is_not_reported or not is_window_seen then null
        when performance_metric = 'attainment' then sales::double / case when target > 0 then target::double end
        else sales::double / nullif(covered_outlets, 0)
    end as performance_value
from measured;

create table class_inputs as
with rated as (from axis_values where not is_new),
medians as (
    select
        snapshot,
        tier,
        count(coverage_value) as coverage_peers,
        median(coverage_value) as coverage_threshold,
        count(performance_value) as performance_peers,
        median(performance_value) as performance_threshold
    from rated
    where tier is not null
    group by snapshot, tier
),
overall as (
    select
        snapshot,
        count(coverage_value) as coverage_peers,
        median(coverage_value) as coverage_threshold,
        count(performance_value) as performance_peers,
        median(performance_value) as performance_threshold
    from rated
    group by snapshot
)
select
    v.*,
    if(t.coverage_peers >= 8, 'tier', 'all') as coverage_benchmark_level,
    if(t.coverage_peers >= 8, t.coverage_peers, a.coverage_peers) as coverage_peers,
    if(t.coverage_peers >= 8, t.coverage_threshold, a.coverage_threshold) as coverage_threshold,
    if(t.performance_peers >= 8, 'tier', 'all') as performance_benchmark_level,
    if(t.performance_peers >= 8, t.performance_peers, a.performance_peers) as performance_peers,
    if(t.performance_peers >= 8, t.performance_threshold, a.performance_threshold) as performance_threshold
from axis_values as v
left join medians as t using (snapshot, tier)
left join overall as a using (snapshot);
"""

SCORECARD = """
create table dealer_scorecard as
with now as (from dealer_sums where snapshot = 0),
base as (select s.* from dealer_sums as s inner join analysis_window as w on w.base_snapshot = s.snapshot),
concentration as (
    select
        dealer_id,
        sum(sales_52w::double * sales_52w::double) / (sum(sales_52w)::double * sum(sales_52w)::double) as hhi
    from pair_snapshots
    where snapshot = 0 and sales_52w > 0
    group by dealer_id
)
select
    w.as_of,
    d.dealer_id,
    d.dealer_name,
    d.region,
    d.territory,
    d.tier,
    f.first_sold_on,
    r.reported_until,
    r.is_not_reported,
    a.coverage_metric,
    a.coverage_value,
    a.coverage_threshold,
    a.coverage_benchmark_level,
    a.coverage_peers,
    a.performance_metric,
    a.performance_value,
    a.performance_threshold,
    a.performance_benchmark_level,
    a.performance_peers,
    w.comparison_base,
    n.sales as sales_12w,
    b.sales as sales_base,
    case when b.sales > 0 and not r.is_not_reported then n.sales::double / b.sales::double - 1 end as sales_growth,
    n.sales_52w,
    n.order_value as order_value_12w,
    b.order_value as order_value_base,
    n.returns as returns_12w,
    b.returns as returns_base,
    n.orders as orders_12w,
    b.orders as orders_base,
    n.covered_outlets,
    b.covered_outlets as covered_outlets_base,
    n.active_outlets as active_outlets_12w,
    b.active_outlets as active_outlets_base,
    n.active_outlets::double / nullif(n.covered_outlets, 0) as active_rate,
    b.active_outlets::double / nullif(b.covered_outlets, 0) as active_rate_base,
    n.orders::double / nullif(n.active_outlets, 0) as orders_per_active_outlet,
    b.orders::double / nullif(b.active_outlets, 0) as orders_per_active_outlet_base,
    (n.order_value::double / nullif(n.orders, 0))::decimal(18, 4) as average_order_value,
    (b.order_value::double / nullif(b.orders, 0))::decimal(18, 4) as average_order_value_base,
    g.target::decimal(18, 4) as target_12w,
    case when g.target > 0 and not r.is_not_reported then n.sales::double / g.target::double end as attainment,
    u.universe_outlets,
    u.numeric_distribution,
    u.weighted_distribution,
    u.is_universe_too_small,
    h.hhi
from dealers as d
cross join analysis_window as w
inner join now as n using (dealer_id)
inner join dealer_reports as r on r.dealer_id = d.dealer_id and r.snapshot = 0
left join first_sales as f using (dealer_id)
left join base as b using (dealer_id)
left join class_inputs as a on a.dealer_id = d.dealer_id and a.snapshot = 0
left join dealer_targets as g on g.dealer_id = d.dealer_id and g.snapshot = 0
left join dealer_distribution as u on u.dealer_id = d.dealer_id and u.snapshot = 0
left join concentration as h using (dealer_id);
"""

# Shapley values of c * a * f * t: each change times the weighted mean of the other three over all orders of switching.
DRIVERS = """
create macro shapley(x0, x1, a0, a1, b0, b1, c0, c1) as (
    (x1 - x0) * (
        (a0 * b0 * c0 + a1 * b1 * c1) / 4
        + (a1 * b0 * c0 + a0 * b1 * c0 + a0 * b0 * c1 + a1 * b1 * c0 + a1 * b0 * c1 + a0 * b1 * c1) / 12
    )
)::decimal(18, 4);

create table growth_drivers as
with now as (from leaf_snapshots where snapshot = 0),
base as (select l.* from leaf_snapshots as l inner join analysis_window as w on w.base_snapshot = l.snapshot),
changes as (
    select
        dealer_id,
        channel,
        coalesce(n.covered_outlets, 0)::double as c1,
        coalesce(b.covered_outlets, 0)::double as c0,
        n.active_outlets::double / nullif(n.covered_outlets, 0) as activity_now,
        b.active_outlets::double / nullif(b.covered_outlets, 0) as activity_base,
        n.orders::double / nullif(n.active_outlets, 0) as frequency_now,
        b.orders::double / nullif(b.active_outlets, 0) as frequency_base,
        n.order_value::double / nullif(n.orders, 0) as ticket_now,
        b.order_value::double / nullif(b.orders, 0) as ticket_base,
        coalesce(n.sales, 0)::decimal(18, 4) as sales_12w,
        coalesce(b.sales, 0)::decimal(18, 4) as sales_base,
        coalesce(n.order_value, 0)::decimal(18, 4) as value_now,
        coalesce(b.order_value, 0)::decimal(18, 4) as value_base,
        coalesce(n.returns, 0)::decimal(18, 4) as returns_now,
        coalesce(b.returns, 0)::decimal(18, 4) as returns_base
    from now as n
    full join base as b using (dealer_id, channel)
),
factors as (
    select
        *,
        coalesce(activity_now, activity_base, 0) as a1,
        coalesce(activity_base, activity_now, 0) as a0,
        coalesce(frequency_now, frequency_base, 0) as f1,
        coalesce(frequency_base, frequency_now, 0) as f0,
        coalesce(ticket_now, ticket_base, 0) as t1,
        coalesce(ticket_base, ticket_now, 0) as t0
    from changes
),
effects as (
    select
        *,
        c0 > 0 and c1 > 0 as is_split,
        if(is_split, shapley(c0, c1, a0, a1, f0, f1, t0, t1), 0) as coverage_effect,
        if(is_split, shapley(a0, a1, c0, c1, f0, f1, t0, t1), 0) as activity_effect,
        if(is_split, shapley(f0, f1, c0, c1, a0, a1, t0, t1), 0) as frequency_effect
    from factors
)
select
    w.as_of,
    e.dealer_id,
    d.region,
    e.channel,
    w.comparison_base,
    e.sales_12w,
    e.sales_base,
    e.sales_12w - e.sales_base as sales_change,
    if(c0 > 0, 0, value_now) as entered,
    if(c1 > 0 or c0 = 0, 0, -value_base) as exited,
    coverage_effect,
    activity_effect,
    frequency_effect,
    if(is_split, value_now - value_base - coverage_effect - activity_effect - frequency_effect, 0) as ticket_effect,
    returns_now - returns_base as returns_effect
from effects as e
cross join analysis_window as w
inner join dealers as d using (dealer_id);
"""

SEGMENTS = """
create macro tier(before, total) as case
    when before is null then 'none' when before * 100 < total * 80 then 'A' when before * 100 < total * 95 then 'B' else 'C'
end;

create table value_tiers as
with now as (select dealer_id, outlet_id, sales_52w from pair_snapshots where snapshot = 0),
outlet_steps as (
    select
        outlet_id,
        sum(sales_52w) over (order by sales_52w desc range unbounded preceding exclude group) as before,
        sum(sales_52w) over () as total,
        rank() over (order by sales_52w desc) - 1 as outlets_before,
        count(*) over () as outlets
    from (select outlet_id, sum(sales_52w) as sales_52w from now group by outlet_id having sum(sales_52w) > 0)
),
pair_steps as (
    select
        dealer_id,
        outlet_id,
        sum(sales_52w) over (
            partition by dealer_id order by sales_52w desc range unbounded preceding exclude group
        ) as before,
        sum(sales_52w) over (partition by dealer_id) as total
    from now
    where sales_52w > 0
)
select
    n.dealer_id,
    n.outlet_id,
    if(s.outlet_id is null, 'none', tier(coalesce(s.before, 0), s.total)) as value_tier,
    coalesce(s.outlets_before * 5 < s.outlets, false) as is_top_20pct,
    if(p.outlet_id is null, 'none', tier(coalesce(p.before, 0), p.total)) as value_tier_in_dealer
from now as n
left join outlet_steps as s using (outlet_id)
left join pair_steps as p using (dealer_id, outlet_id);

create table outlet_segments as
with measured as (
    select
        p.*,
        coalesce(s.is_covered, false) as is_covered,
        coalesce(s.orders, 0) as orders_12w,
        coalesce(s.order_value, 0) as order_value_12w,
        coalesce(s.sales, 0) as sales_12w,
        coalesce(s.sales - s.order_value, 0) as returns_12w,
        coalesce(s.sales_52w, 0) as sales_52w,
        h.first_order_on,
        h.last_order_on,
        w.as_of,
        w.as_of - h.last_order_on as days_since_order,
        (h.last_order_on - h.first_order_on)::double / nullif(h.order_days - 1, 0) as mean_gap_days,
        case
            when h.last_order_on is null then 'prospect'
            when days_since_order >= 364 then 'churned'
            when days_since_order >= 84 then 'lapsed'
            when h.first_order_on > w.as_of - 84 and w.history_starts_on <= w.as_of - 84 then 'new'
            when h.orders >= 3 and days_since_order > 2 * mean_gap_days then 'at_risk'
            else 'active'
        end as behaviour
    from pairs as p
    cross join analysis_window as w
    left join pair_snapshots as s on s.dealer_id = p.dealer_id and s.outlet_id = p.outlet_id and s.snapshot = 0
    left join pair_history as h on h.dealer_id = p.dealer_id and h.outlet_id = p.outlet_id
    where s.is_covered or p.has_traded
),
shared as (
    select outlet_id from pair_snapshots where snapshot = 0 and is_covered group by outlet_id having count(*) > 1
)
select
    m.as_of,
    m.dealer_id,
    m.outlet_id,
    o.outlet_name,
    m.region,
    m.territory,
    m.channel,
    m.account_id,
    m.is_covered,
    m.is_covered and k.outlet_id is not null as is_shared,
    coalesce(v.value_tier, 'none') as value_tier,
    coalesce(v.value_tier_in_dealer, 'none') as value_tier_in_dealer,
    coalesce(v.is_top_20pct, false) as is_top_20pct,
    m.behaviour,
    m.sales_12w,
    m.sales_52w,
    m.orders_12w,
    m.order_value_12w,
    m.returns_12w,
    m.first_order_on,
    m.last_order_on,
    m.days_since_order,
    m.mean_gap_days
from measured as m
inner join outlets as o on o.outlet_id = m.outlet_id
left join value_tiers as v on v.dealer_id = m.dealer_id and v.outlet_id = m.outlet_id
left join shared as k on k.outlet_id = m.outlet_id;
"""

# What an outlet normally sells and orders in 12 weeks (Buehlmann credibility), for active pairs, at as_of.
NORMALS = """
create table active_moments as
with learned as (
    select
        h.dealer_id,
        h.outlet_id,
        greatest(0, least(15, first_period, w.whole_periods - 1) - 2) as n,
        least(13, first_period - 2) >= least(13, w.whole_periods - 3) as is_full_year,
        sum(p.orders) filter (where p.period <= 2) as orders,
        sum(p.sales) filter (where p.period <= 2) as sales,
        coalesce(sum(p.sales) filter (where is_learned), 0)::double as sales_sum,
        coalesce(sum(p.sales::double * p.sales::double) filter (where is_learned), 0) as sales_squares,
        coalesce(sum(p.orders) filter (where is_learned), 0)::double as orders_sum,
        coalesce(sum(p.orders * p.orders) filter (where is_learned), 0)::double as orders_squares
    from pair_periods as p
    inner join pair_history as h using (dealer_id, outlet_id)
    cross join analysis_window as w,
    lateral (select (w.as_of - h.first_order_on) // 28 as first_period),
    lateral (select p.period between 3 and least(15, first_period, w.whole_periods - 1) as is_learned)
    group by all
    having sum(p.orders) filter (where p.period <= 2) > 0
)
select
    l.* exclude (sales_sum, sales_squares, orders_sum, orders_squares),
    p.region,
    p.channel,
    sales_sum / nullif(n, 0) as sales_mean,
    orders_sum / nullif(n, 0) as orders_mean,
    case
        when n > 1 then greatest(0, sales_squares - sales_sum * sales_sum / n) / (n - 1) when n = 1 then 0
    end as sales_variance,
    case
        when n > 1 then greatest(0, orders_squares - orders_sum * orders_sum / n) / (n - 1) when n = 1 then 0
    end as orders_variance
from learned as l
inner join pairs as p using (dealer_id, outlet_id)
inner join dealer_reports as r on r.dealer_id = l.dealer_id and r.snapshot = 0
where not r.is_not_reported;

-- M, T and c^2 of each peer group: channel and region, channel, all
create macro spread(variance_of_means, wnss, cv2, m, wqq, wqr, wrr, pairs) as
    greatest(0, variance_of_means - (wnss + 4 * cv2 * (wqq + 2 * m * wqr + m * m * wrr)) / pairs);

create table peer_groups as
with parts as (
    select *, 1.0::double / (n * (n + 3)) as w, 1.0::double / (n + 1) as r
    from active_moments
    where is_full_year and n >= 2
),
sums as (
    select
        channel,
        region,
        count(*) as pairs,
        avg(sales_mean) as sales_mean,
        avg(orders_mean) as orders_mean,
        var_samp(sales_mean) as sales_variance_of_means,
        var_samp(orders_mean) as orders_variance_of_means,
        coalesce(sum((n - 1) * sales_variance) / nullif(sum((n - 1) * sales_mean * sales_mean), 0), 0) as sales_cv2,
        coalesce(sum((n - 1) * orders_variance) / nullif(sum((n - 1) * orders_mean * orders_mean), 0), 0) as orders_cv2,
        sum(w * r * r) as wrr,
        sum(w * (n - 1) * sales_variance) as sales_wnss,
        sum(w * n * r * sales_mean * r) as sales_wqr,
        sum(w * n * r * sales_mean * n * r * sales_mean) as sales_wqq,
        sum(w * (n - 1) * orders_variance) as orders_wnss,
        sum(w * n * r * orders_mean * r) as orders_wqr,
        sum(w * n * r * orders_mean * n * r * orders_mean) as orders_wqq
    from parts
    group by grouping sets ((channel, region), (channel), ())
    having count(*) >= 2
)
select
    coalesce(channel, '*') as peer_channel,
    coalesce(region, '*') as peer_region,
    pairs,
    sales_mean,
    sales_cv2,
    spread(sales_variance_of_means, sales_wnss, sales_cv2, sales_mean, sales_wqq, sales_wqr, wrr, pairs) as sales_spread,
    orders_mean,
    orders_cv2,
    spread(orders_variance_of_means, orders_wnss, orders_cv2, orders_mean, orders_wqq, orders_wqr, wrr, pairs)
        as orders_spread
from sums;

create table pair_bases as
with laddered as (
    select
        m.*,
        case when f.pairs >= 30 then 'channel_region' when h.pairs >= 30 then 'channel' else 'all' end as peer_level,
        if(peer_level <> 'all', m.channel, '*') as peer_channel,
        if(peer_level = 'channel_region', m.region, '*') as peer_region
    from active_moments as m
    left join peer_groups as f on f.peer_channel = m.channel and f.peer_region = m.region
    left join peer_groups as h on h.peer_channel = m.channel and h.peer_region = '*'
    where m.n > 0
),
noisy as (
    select
        l.*,
        g.pairs as peer_count,
        g.sales_mean as peer_sales_mean,
        g.orders_mean as peer_orders_mean,
        g.sales_spread,
        g.orders_spread,
        ((n - 1) * sales_variance + 4 * g.sales_cv2 * pow((n * l.sales_mean + g.sales_mean) / (n + 1), 2)) / (n + 3)
            as sales_noise,
        ((n - 1) * orders_variance + 4 * g.orders_cv2 * pow((n * l.orders_mean + g.orders_mean) / (n + 1), 2)) / (n + 3)
            as orders_noise
    from laddered as l
    inner join peer_groups as g using (peer_channel, peer_region)
)
select
    *,
    coalesce(sales_spread / nullif(sales_spread + sales_noise / n, 0), 0) as credibility,
    coalesce(orders_spread / nullif(orders_spread + orders_noise / n, 0), 0) as orders_credibility,
    credibility * sales_mean + (1 - credibility) * peer_sales_mean as sales_base,
    orders_credibility * orders_mean + (1 - orders_credibility) * peer_orders_mean as orders_base
from noisy;

create table outlet_normals as
with seasons as (
    select
        coalesce(channel, '*') as peer_channel,
        coalesce(region, '*') as peer_region,
        greatest(0, coalesce(median(sales::double / (3 * sales_base)) filter (where sales_base > 0), 1)) as sales_season,
        greatest(0, coalesce(median(orders / (3 * orders_base)) filter (where orders_base > 0), 1)) as orders_season
    from pair_bases
    where is_full_year
    group by grouping sets ((channel, region), (channel), ())
)
select
    b.dealer_id,
    b.outlet_id,
    b.channel,
    b.region,
    b.n as learned_periods,
    b.sales_mean,
    b.sales_noise,
    b.peer_level,
    b.peer_count,
    b.peer_sales_mean,
    b.credibility,
    s.sales_season,
    3 * s.sales_season * b.sales_base as normal_sales,
    3 * s.orders_season * b.orders_base as normal_orders,
    s.sales_season * sqrt(3 * b.sales_noise + 9 * b.credibility * b.sales_noise / b.n) as deviation
from pair_bases as b
inner join seasons as s using (peer_channel, peer_region);
"""

# A combination has a row for every month from its first sale on.
MONTHS = """
create table sales_by_month as
with sold as (
    select
        date_trunc('month', s.sold_on)::date as month,
        s.dealer_id,
        o.channel,
        coalesce(p.category, 'unknown') as category,
        count(*) as order_lines,
        sum(s.amount) as sales,
        coalesce(sum(s.amount) filter (where s.amount < 0), 0) as returns,
        sum(s.quantity) as quantity
    from sales as s
    inner join outlets as o on o.outlet_id = s.outlet_id
    left join products as p on p.product_id = s.product_id
    group by all
),
filled as (
    select
        unnest(generate_series(min(month), date_trunc('month', getvariable('as_of'))::date, interval 1 month))::date as month,
        dealer_id,
        channel,
        category
    from sold
    group by dealer_id, channel, category
)
select
    getvariable('as_of') as as_of,
    month,
    dealer_id,
    d.region,
    channel,
    category,
    coalesce(s.sales, 0)::decimal(18, 4) as sales,
    coalesce(s.returns, 0)::decimal(18, 4) as returns,
    coalesce(s.quantity, 0)::decimal(18, 4) as quantity,
    coalesce(s.order_lines, 0) as order_lines
from filled as f
inner join dealers as d using (dealer_id)
left join sold as s using (month, dealer_id, channel, category);
"""

TABLES = {
    "dealer_scorecard": "dealer_id",
    "growth_drivers": "dealer_id, channel",
    "outlet_segments": "dealer_id, outlet_id",
    "sales_by_month": "month, dealer_id, channel, category",
    "outlet_normals": "dealer_id, outlet_id",
    "class_inputs": "dealer_id, snapshot",
    "rejected_rows": "source, reason_code, raw_value",
}


def read(con, source, files, columns, quote='"', file_index=""):
    files = [str(file) for file in files]
    con.execute(
        READ.format(source=source, files=files, columns=columns, quote=quote, nulls=NULLS, file_index=file_index)
    )


def count(con, table):
    return con.execute(f"select count(*) from {table}").fetchone()[0]


def main():
    options = arguments("the night as a DuckDB script")
    options.out.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect()
    con.execute(f"set memory_limit = '{options.memory}'; set temp_directory = '{options.out / '.spill'}'")
    if options.threads:
        con.execute(f"set threads = {options.threads}")
    stages = Stages()

    with stages.stage("read"):
        for source, columns in MASTERS.items():
            read(con, source, [options.job / f"{source}.csv"], columns)
        read(con, "sales", sales_exports(options.job), SALES, quote="", file_index=", file_index as export")
        lines_read = count(con, "staged_sales")
    with stages.stage("validate"):
        con.execute(MASTER_RULES)
        con.execute(SALES_RULES)
        con.execute("set variable as_of = (select max(sold_on) from staged_sales)")
    with stages.stage("supersede"):
        con.execute(SUPERSEDE)
    for name, sql in [
        ("facts", FACTS),
        ("outlets", OUTLETS),
        ("snapshots", SNAPSHOTS),
        ("classes", CLASS_INPUTS),
        ("scorecard", SCORECARD),
        ("drivers", DRIVERS),
        ("segments", SEGMENTS),
        ("normals", NORMALS),
        ("months", MONTHS),
    ]:
        with stages.stage(name):
            con.execute(sql)
    with stages.stage("write"):
        for table, key in TABLES.items():
            con.execute(f"copy (from {table} order by {key}) to '{options.out / table}.parquet' (format parquet)")

    rejected = con.execute("select count(*) from rejected_rows where source = 'sales'").fetchone()[0]
    accepted, superseded = count(con, "staged_sales"), count(con, "superseded")
    refused_by_reader = count(con, "(select distinct file_id, line from sales_errors)")
    stages.finish(
        read=lines_read + refused_by_reader, accepted=accepted, rejected=rejected, superseded=superseded
    )


if __name__ == "__main__":
    main()
