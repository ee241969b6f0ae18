-- purpose: each listed outlet over its levers, with what it is expected to bring and how far that may be off
-- grain: dealer x outlet x opportunity_type
-- decisions: an expected value of NULL counts as 0. Variance of an active outlet: from the 10 to the 90 % quantile,
--   low_value to high_value, are 2.5631 standard deviations; of a silent one, which orders with probability p and then brings
--   v, as spread as its mean: v^2 (2 p - p^2) = expected^2 (2 - p) / p. Its high_value says too little: 0 wherever fewer
--   than a fifth return
with outlets_listed as (
    select
        dealer_id,
        outlet_id,
        opportunity_type,
        channel,
        coalesce(max(probability), 0) as probability,
        sum(case when lever = 'ticket' then coalesce(expected_value, 0) else 0 end) as ticket_expected,
        sum(coalesce(expected_value, 0)) as expected_value,
        sum(coalesce(low_value, 0)) as low_value,
        sum(coalesce(high_value, 0)) as high_value,
        sum(case when expected_value is null then 1 else 0 end) as unlearned_rows
    from vertical_opportunities
    group by dealer_id, outlet_id, opportunity_type, channel
)

select
    dealer_id,
    outlet_id,
    opportunity_type,
    channel,
    cast(probability as decimal(18, 9)) as probability,
    expected_value,
    ticket_expected,
    unlearned_rows,
    cast(
        case
            when opportunity_type = 'grow'
                then power(cast(high_value - low_value as double) / 2.5631, 2)
            when opportunity_type = 'activate' and probability > 0
                then power(cast(expected_value as double), 2) * (2 - probability) / probability
            else 0
        end as decimal(38, 4)
    ) as variance
from outlets_listed
