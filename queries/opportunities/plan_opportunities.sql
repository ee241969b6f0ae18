-- purpose: what the listed opportunities of a dealer give in a channel, and how far that may be off
-- grain: dealer x channel; channels with a listed row only
-- decisions: leads only, so that no cell counts twice; retain is apart. Variances add up, outlets and cells being
--   taken as independent: the sum of the highs would ask all of them to do well at once. Variance of a cell: a Poisson number
--   of new outlets, n expected, each worth v and as spread as that: 2 n v^2
with parts as (
    select
        dealer_id,
        channel,
        case when opportunity_type = 'grow' then expected_value - ticket_expected else 0 end as frequency_expected,
        ticket_expected,
        case when opportunity_type = 'activate' then expected_value else 0 end as activate_expected,
        cast(0 as decimal(18, 4)) as horizontal_expected,
        case when opportunity_type = 'retain' then expected_value else 0 end as retain_expected,
        case when opportunity_type = 'activate' then probability else 0 end as activated_outlets,
        cast(0 as decimal(18, 9)) as new_outlets,
        variance as vertical_variance,
        cast(0 as decimal(38, 4)) as horizontal_variance,
        case when opportunity_type = 'retain' then 0 else unlearned_rows end as unlearned_rows
    from listed_outlets
    union all
    select
        dealer_id,
        channel,
        0 as frequency_expected,
        0 as ticket_expected,
        0 as activate_expected,
        expected_value as horizontal_expected,
        0 as retain_expected,
        0 as activated_outlets,
        cast(expected_outlets as decimal(18, 9)) as new_outlets,
        0 as vertical_variance,
        cast(2 * power(cast(expected_value as double), 2) / expected_outlets as decimal(38, 4)) as horizontal_variance,
        0 as unlearned_rows
    from horizontal_opportunities
    where is_lead and expected_outlets > 0
)

select
    dealer_id,
    channel,
    cast(sum(frequency_expected) as decimal(24, 4)) as frequency_expected,
    cast(sum(ticket_expected) as decimal(24, 4)) as ticket_expected,
    cast(sum(activate_expected) as decimal(24, 4)) as activate_expected,
    cast(sum(frequency_expected + ticket_expected + activate_expected) as decimal(24, 4)) as vertical_expected,
    cast(sum(horizontal_expected) as decimal(24, 4)) as horizontal_expected,
    cast(sum(retain_expected) as decimal(24, 4)) as retain_expected,
    sum(activated_outlets) as activated_outlets,
    sum(new_outlets) as new_outlets,
    sum(vertical_variance) as vertical_variance,
    sum(horizontal_variance) as horizontal_variance,
    sum(unlearned_rows) as unlearned_rows
from parts
group by dealer_id, channel
