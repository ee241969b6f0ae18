-- purpose: each class in words that recompute from numbers: value, threshold, probability, what it takes to cross
-- grain: dealer x snapshot
-- parameters: $lang
with shown as (
    select
        a.dealer_id,
        a.snapshot,
        c.dealer_class,
        u.unrated_reason,
        c.is_strong,
        c.is_high,
        c.is_strong <> (a.coverage_probability >= 0.5) as is_coverage_kept,
        c.is_high <> (a.performance_probability >= 0.5) as is_performance_kept,
        case when $lang = 'zh' then '，沿用此前判定' else ', kept from before' end as kept,
        a.outlets_to_threshold,
        a.sales_to_threshold,
        cast(cast(a.sales_to_threshold as decimal(18, 2)) as varchar) as sales_missing,
        replace(a.coverage_metric, '_', ' ') as coverage_metric,
        replace(a.performance_metric, '_', ' ') as performance_metric,
        case when a.coverage_metric = 'active_outlets' then '活跃网点' else '数值铺货率' end as coverage_zh,
        case when a.performance_metric = 'attainment' then '目标达成率' else '每网点销售' end as performance_zh,
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
    left join unrated_reasons as u on u.dealer_id = a.dealer_id and u.snapshot = a.snapshot
)

select
    dealer_id,
    snapshot,
    case
        when $lang = 'zh' and dealer_class = 'new' then '开业不足 84 天' || coalesce('；' || unrated_reason, '')
        when $lang = 'zh' and dealer_class = 'unrated' then '未评级：' || unrated_reason
        when $lang = 'zh'
            then case when is_strong then '覆盖强：' else '覆盖弱：' end || coverage_zh || ' ' || coverage_shown
                || '，阈值 ' || coverage_threshold_shown || '（概率 ' || coverage_probability_shown
                || case when is_coverage_kept then kept else '' end || '）'
                || case
                    when outlets_to_threshold > 0 then '，再增 ' || cast(outlets_to_threshold as varchar) || ' 家网点可达阈值'
                    else ''
                end
                || case when is_high then '；业绩高：' else '；业绩低：' end || performance_zh || ' ' || performance_shown
                || '，阈值 ' || performance_threshold_shown || '（概率 ' || performance_probability_shown
                || case when is_performance_kept then kept else '' end || '）'
                || case when sales_to_threshold > 0 then '，再增销售 ' || sales_missing || ' 可达阈值' else '' end
        when dealer_class = 'new' then 'fewer than 84 days since the start' || coalesce('; ' || unrated_reason, '')
        when dealer_class = 'unrated' then 'not rated: ' || unrated_reason
        else case when is_strong then 'strong coverage: ' else 'weak coverage: ' end
            || coverage_metric || ' ' || coverage_shown || ' against ' || coverage_threshold_shown
            || ' (P ' || coverage_probability_shown || case when is_coverage_kept then kept else '' end || ')'
            || case
                when outlets_to_threshold = 1 then ', 1 more outlet to reach it'
                when outlets_to_threshold > 1
                    then ', ' || cast(outlets_to_threshold as varchar) || ' more outlets to reach it'
                else ''
            end
            || case when is_high then '; high performance: ' else '; low performance: ' end
            || performance_metric || ' ' || performance_shown || ' against ' || performance_threshold_shown
            || ' (P ' || performance_probability_shown || case when is_performance_kept then kept else '' end || ')'
            || case when sales_to_threshold > 0 then ', ' || sales_missing || ' more sales to reach it' else '' end
    end as reason
from shown
