-- purpose: the listed opportunities of each dealer add up to its totals, by type
with listed as (
    select
        dealer_id,
        sum(case when opportunity_type = 'grow' then expected_value else 0 end) as expected_grow,
        sum(case when opportunity_type = 'activate' then expected_value else 0 end) as expected_activate,
        sum(case when opportunity_type = 'retain' then expected_value else 0 end) as expected_retain
    from vertical_opportunities
    group by dealer_id
),

totals as (
    select
        dealer_id,
        sum(expected_grow) as expected_grow,
        sum(expected_activate) as expected_activate,
        sum(expected_retain) as expected_retain
    from dealer_vertical_totals
    group by dealer_id
)

select
    coalesce(l.dealer_id, t.dealer_id) as dealer_id,
    l.expected_grow,
    t.expected_grow as expected_grow_in_totals,
    l.expected_activate,
    t.expected_activate as expected_activate_in_totals
from totals as t
full join listed as l on l.dealer_id = t.dealer_id
where
    coalesce(l.expected_grow, 0) <> coalesce(t.expected_grow, 0)
    or coalesce(l.expected_activate, 0) <> coalesce(t.expected_activate, 0)
    or coalesce(l.expected_retain, 0) <> coalesce(t.expected_retain, 0)
