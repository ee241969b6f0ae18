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
