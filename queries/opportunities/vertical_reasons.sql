-- purpose: each listed opportunity in words that recompute from the columns of its row
-- grain: dealer x outlet x lever
-- parameters: $lang
with shown as (
    select
        l.dealer_id, l.outlet_id, l.opportunity_type, l.lever,
        case
            when $lang = 'zh' and t.learned_level = 'wide' then '比本类（' || k.kind_zh || '）更宽的同类'
            when $lang = 'zh' then '同类（' || k.kind_zh || '）'
            when t.learned_level = 'wide' then 'a wider kind than its own (' || t.kind || ')'
            else 'its kind (' || t.kind || ')'
        end as its_kind,
        cast(t.orders as varchar) as orders,
        cast(cast(t.sales as decimal(20, 2)) as varchar) as sales,
        cast(cast(t.normal_sales as decimal(20, 2)) as varchar) as normal_sales,
        cast(cast(t.normal_orders as decimal(20, 1)) as varchar) as normal_orders,
        cast(cast(t.shortfall as decimal(20, 2)) as varchar) as shortfall,
        cast(cast(100 * t.credibility as decimal(9, 0)) as varchar) as own_share,
        cast(cast(100 * (1 - t.credibility) as decimal(9, 0)) as varchar) as peer_share,
        coalesce(cast(cast(100 * t.drop_probability as decimal(9, 0)) as varchar), '-') as drop_probability,
        coalesce(cast(cast(100 * t.probability as decimal(9, 0)) as varchar), '-') as probability,
        cast(cast(l.potential as decimal(20, 2)) as varchar) as potential,
        cast(t.lookalikes as varchar) as lookalikes,
        cast(cast(l.expected_value as decimal(20, 2)) as varchar) as expected_value,
        cast(cast(l.low_value as decimal(20, 2)) as varchar) as low_value,
        cast(cast(l.high_value as decimal(20, 2)) as varchar) as high_value,
        case
            when t.calibration_factor = 1 then ''
            when $lang = 'zh'
                then '，已乘以校准系数 ' || cast(cast(t.calibration_factor as decimal(9, 2)) as varchar)
            else ', times ' || cast(cast(t.calibration_factor as decimal(9, 2)) as varchar) || ' by the backtest'
        end as calibrated
    from vertical_levers as l
    inner join vertical_today as t
        on t.dealer_id = l.dealer_id and t.outlet_id = l.outlet_id and t.opportunity_type = l.opportunity_type
    left join kind_words as k on k.opportunity_type = t.opportunity_type and k.kind = t.kind
),

promised as (
    select
        dealer_id, outlet_id, opportunity_type, lever, its_kind, orders, sales, normal_sales, normal_orders, shortfall,
        own_share, peer_share, drop_probability, probability, potential,
        case
            when expected_value is null and $lang = 'zh' then '；相似网点太少，尚无预期值'
            when expected_value is null then '; no expected value: too few look-alikes'
            when $lang = 'zh'
                then '；按 ' || lookalikes || ' 个相似网点的结果，预期 ' || expected_value
                    || '（80% 区间 ' || low_value || ' 至 ' || high_value || '）' || calibrated
            else '; expected ' || expected_value || ' (80 %: ' || low_value || ' to ' || high_value
                || '), as observed on ' || lookalikes || ' look-alikes' || calibrated
        end as promise
    from shown
)

select
    dealer_id,
    outlet_id,
    lever,
    case
        when $lang = 'zh' and opportunity_type = 'grow'
            then '12 周正常销售 ' || normal_sales || '（' || normal_orders || ' 单；自身占 ' || own_share || '%，同类占 '
                || peer_share || '%），目前 ' || sales || '（' || orders || ' 单）；缺口 ' || shortfall
                || '，属实概率 ' || drop_probability || '%；'
                || case lever when 'frequency' then '下单频次' else '单笔金额' end || '占 ' || potential || promise
        when opportunity_type = 'grow'
            then 'normally sells ' || normal_sales || ' in ' || normal_orders || ' orders (' || own_share
                || ' % its own history, ' || peer_share || ' % its peers), now ' || sales || ' in ' || orders
                || '; shortfall ' || shortfall || ', real with P ' || drop_probability || ' %; '
                || lever || ' makes up ' || potential || ' of it' || promise
        when $lang = 'zh' and opportunity_type = 'activate'
            then its_kind || '中 ' || probability || '% 在 12 周内下单，下单后约 ' || potential || promise
        when opportunity_type = 'activate'
            then probability || ' % of ' || its_kind || ' ordered within 12 weeks, and then about ' || potential || promise
        when $lang = 'zh'
            then its_kind || '中 ' || probability || '% 在 12 周内不再下单；目前销售 ' || sales || ' 有风险' || promise
        else probability || ' % of ' || its_kind || ' did not order again within 12 weeks; ' || sales || ' at stake' || promise
    end as reason
from promised
