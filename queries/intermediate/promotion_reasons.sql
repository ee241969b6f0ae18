-- purpose: each promotion's effect in words whose numbers are those of its row
-- grain: promotion
-- parameters: $lang
with shown as (
    select
        promotion_id,
        state,
        is_running,
        low_effect is not null as has_interval,
        overlapping_promotions > 0 as is_overlapping,
        low_effect <= 0 and high_effect >= 0 as is_unclear,
        cast(measured_days as varchar) as days,
        cast(measured_days as varchar) || case when measured_days = 1 then ' day' else ' days' end as days_en,
        cast(before_days as varchar) as before_days,
        cast(scope_pairs as varchar) as scope_pairs,
        cast(control_pairs as varchar) as control_pairs,
        cast(cast(sales as decimal(18, 2)) as varchar) as sales,
        cast(cast(sales_before as decimal(18, 2)) as varchar) as sales_before,
        cast(control_growth as varchar) as control_growth,
        cast(cast(expected_sales as decimal(18, 2)) as varchar) as expected,
        cast(cast(extra_sales as decimal(18, 2)) as varchar) as extra,
        cast(cast(effect * 100 as decimal(18, 1)) as varchar) as effect,
        cast(cast(low_effect * 100 as decimal(18, 1)) as varchar) as low,
        cast(cast(high_effect * 100 as decimal(18, 1)) as varchar) as high,
        cast(overlapping_promotions as varchar) as others,
        case when overlapping_promotions = 1 then ' other promotion reaches' else ' other promotions reach' end as reach
    from promotion_rows
)

select
    promotion_id,
    case
        when $lang = 'zh' then case state
            when 'not_started' then '尚未开始'
            when 'short_history' then '活动前的销售历史不足，无法对比'
            when 'contradictory_scope' then '所填产品不属于所填品类，范围为空'
            when 'nothing_sold_before' then '活动前的天数内，范围内几乎没有销售（或经销商未上报）'
            when 'no_control' then '同渠道的网点都参加了本活动或其他活动，无法对比'
            when 'no_control_sales' then '对照网点在活动前或活动中几乎没有销售'
            else
                case when is_running then '活动进行中，截至目前 ' || days || ' 天' else '活动 ' || days || ' 天' end
                || '销售 ' || sales || '（' || scope_pairs || ' 家）；此前 ' || before_days || ' 天 ' || sales_before
                || ' x 对照组变化 ' || control_growth || '（' || control_pairs || ' 家）= 预期 ' || expected || '；增量 ' || extra || '（' || effect || '%'
                || case when has_interval then '，80% 区间 ' || low || '% 至 ' || high || '%' else '，网点太少或差异太大，无区间' end
                || '）'
                || case when is_unclear then '，与噪声无法区分' else '' end
                || case when is_overlapping then '；另有 ' || others || ' 个活动重叠，效果无法分开' else '' end
        end
        else case state
            when 'not_started' then 'not started yet'
            when 'short_history' then 'the sales history does not reach back to the days before it'
            when 'contradictory_scope' then 'the product of the scope is not of its category: the scope is empty'
            when 'nothing_sold_before'
                then 'the scope sold next to nothing in the days before, or its dealers have not reported'
            when 'no_control' then 'nothing to compare with: this or other promotions reached every outlet of its channels'
            when 'no_control_sales' then 'the outlets to compare with sold next to nothing before or during it'
            else
                case when is_running then 'still running, ' || days_en || ' so far' else days_en end
                || ': sold ' || sales || ' (' || scope_pairs || ' outlets), expected ' || expected || ' = ' || sales_before
                || ' in the ' || before_days || ' days before x ' || control_growth || ', as ' || control_pairs
                || ' outlets outside it moved; ' || extra || ' extra, ' || effect || ' %'
                || case
                    when has_interval then ' (80 %: ' || low || ' to ' || high || ')'
                    else ', outlets too few or too uneven for an interval'
                end
                || case when is_unclear then ', no different from noise' else '' end
                || case
                    when is_overlapping then '; ' || others || reach || ' into it: the effects cannot be told apart'
                    else ''
                end
        end
    end as reason
from shown
