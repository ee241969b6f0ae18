-- purpose: each class in words that recompute from numbers: value, threshold, probability, what it takes to cross
-- grain: dealer x snapshot
with shown as (
    select
        a.dealer_id,
        a.snapshot,
        c.dealer_class,
        c.unrated_reason,
        c.is_strong,
        c.is_high,
        case when c.is_strong <> (a.coverage_probability >= 0.5) then ', kept from before' else '' end as coverage_kept,
        case when c.is_high <> (a.performance_probability >= 0.5) then ', kept from before' else '' end
            as performance_kept,
        a.outlets_to_threshold,
        a.sales_to_threshold,
        a.coverage_metric,
        a.performance_metric,
        case
            when a.coverage_metric = 'active_outlets' then cast(cast(a.coverage_value as bigint) as varchar)
            else cast(cast(a.coverage_value * 100 as decimal(9, 1)) as varchar) || ' %'
        end as coverage_shown,
        case
            when a.coverage_metric = 'active_outlets' then cast(cast(a.coverage_threshold as decimal(12, 1)) as varchar)
            else cast(cast(a.coverage_threshold * 100 as decimal(9, 1)) as varchar) || ' %'
        end as coverage_threshold_shown,
        cast(cast(a.coverage_probability as decimal(4, 2)) as varchar) as coverage_probability_shown,
        case
            when a.performance_metric = 'attainment'
                then cast(cast(a.performance_value * 100 as decimal(28, 1)) as varchar) || ' %'
            else cast(cast(a.performance_value as decimal(28, 2)) as varchar)
        end as performance_shown,
        case
            when a.performance_metric = 'attainment'
                then cast(cast(a.performance_threshold * 100 as decimal(28, 1)) as varchar) || ' %'
            else cast(cast(a.performance_threshold as decimal(28, 2)) as varchar)
        end as performance_threshold_shown,
        cast(cast(a.performance_probability as decimal(4, 2)) as varchar) as performance_probability_shown
    from dealer_axes as a
    inner join dealer_classes as c on c.dealer_id = a.dealer_id and c.snapshot = a.snapshot
)

select
    dealer_id,
    snapshot,
    case
        when dealer_class = 'new' then 'fewer than 84 days since the start' || coalesce('; ' || unrated_reason, '')
        when dealer_class = 'unrated' then 'not rated: ' || unrated_reason
        else case when is_strong then 'strong coverage: ' else 'weak coverage: ' end
            || replace(coverage_metric, '_', ' ') || ' ' || coverage_shown
            || ' against ' || coverage_threshold_shown
            || ' (P ' || coverage_probability_shown || coverage_kept || ')'
            || case
                when outlets_to_threshold = 1 then ', 1 more outlet to reach it'
                when outlets_to_threshold > 1 then ', ' || cast(outlets_to_threshold as varchar) || ' more outlets to reach it'
                else ''
            end
            || case when is_high then '; high performance: ' else '; low performance: ' end
            || replace(performance_metric, '_', ' ') || ' ' || performance_shown
            || ' against ' || performance_threshold_shown
            || ' (P ' || performance_probability_shown || performance_kept || ')'
            || case
                when sales_to_threshold > 0
                    then ', ' || cast(cast(sales_to_threshold as decimal(18, 2)) as varchar) || ' more sales to reach it'
                else ''
            end
    end as reason
from shown
