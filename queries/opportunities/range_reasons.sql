-- purpose: each range gap in words whose numbers are those of its row
-- grain: dealer x outlet x category
-- parameters: $lang
with shown as (
    select
        dealer_id,
        outlet_id,
        category,
        cast(buyers as varchar) as buyers,
        cast(peer_count as varchar) as peers,
        case benchmark_level when 'channel' then '同渠道' when 'all' then '全部' else '同大区同渠道' end as peers_zh,
        case benchmark_level
            when 'channel' then 'in the channel'
            when 'all' then 'in all channels'
            else 'in the channel and region'
        end as peers_en,
        cast(orders_52w as varchar) as orders_52w,
        cast(cast(adoption_probability * 100 as decimal(9, 2)) as varchar) as probability,
        cast(cast(prior_probability * 100 as decimal(9, 2)) as varchar) as prior,
        cast(adopted_seen as varchar) as adopted,
        cast(gaps_seen as varchar) as gaps,
        cast(cast(spend_if_adopted as decimal(18, 2)) as varchar) as spend,
        cast(adopters_seen as varchar) as adopters,
        case when calibration_factor <> 1 then ' x ' || cast(calibration_factor as varchar) else '' end as factor,
        cast(cast(expected_value as decimal(18, 2)) as varchar) as value
    from range_rows
)

select
    dealer_id,
    outlet_id,
    category,
    case
        when $lang = 'zh'
            then peers_zh || ' ' || peers || ' 家中 ' || buyers || ' 家购买该品类，本网点 52 周 ' || orders_52w
                || ' 张订单中没有；12 周内开始购买的概率 ' || probability || ' %（同类 ' || gaps || ' 例中 ' || adopted
                || ' 例，另以 60 例按 ' || prior || ' % 计）；购买者 12 周约 ' || spend || '（' || adopters || ' 例）' || factor
                || '；预期 ' || value
        else buyers || ' of ' || peers || ' peers ' || peers_en || ' buy it, this outlet did not in its ' || orders_52w
            || ' orders of 52 weeks; ' || probability || ' % begin within 12 weeks (' || adopted || ' of ' || gaps
            || ' alike, and 60 more at ' || prior || ' %) and spend ' || spend || ' (' || adopters || ' seen)' || factor || ': '
            || value
    end as reason
from shown
