-- purpose: the drivers of every row add up to its change, and rounding moved less than a cent
select
    g.dealer_id,
    g.channel,
    g.sales_change,
    g.entered + g.exited + g.coverage_effect + g.activity_effect + g.frequency_effect + g.ticket_effect
        + g.returns_effect as sum_of_drivers,
    g.ticket_effect,
    e.ticket_effect as ticket_effect_before_rounding
from growth_drivers as g
left join driver_effects as e on e.dealer_id = g.dealer_id and e.channel = g.channel
where
    abs(
        g.sales_change - g.entered - g.exited - g.coverage_effect - g.activity_effect - g.frequency_effect
        - g.ticket_effect - g.returns_effect
    ) >= 0.01
    or abs(g.ticket_effect - coalesce(e.ticket_effect, 0)) >= 0.01
