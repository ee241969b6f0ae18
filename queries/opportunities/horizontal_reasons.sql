-- purpose: each horizontal opportunity in words whose numbers are those of its row
-- grain: dealer x territory x channel
-- parameters: $lang
with shown as (
    select
        dealer_id,
        territory,
        channel,
        evidence,
        is_lead,
        rate_basis,
        cast(expected_outlets as decimal(18, 4)) < cast(activation_rate * rate_outlets as decimal(18, 4)) as is_limited,
        cast(universe_outlets as varchar) as universe,
        cast(covered_outlets as varchar) as covered,
        cast(uncovered_outlets as varchar) as uncovered,
        cast(expected_outlets as varchar) as expected,
        cast(rate_outlets as varchar) as base,
        cast(activation_rate as varchar) as rate,
        cast(room_outlets as varchar) as room,
        cast(cast(benchmark * 100 as decimal(9, 1)) as varchar) as benchmark,
        cast(peer_count as varchar) as cells,
        cast(cast(sales_per_outlet as decimal(18, 2)) as varchar) as sales_per_outlet,
        cast(value_outlets as varchar) as seen,
        case value_level when 'channel' then '同渠道' when 'all' then '全部渠道' else '同大区同渠道' end as level_zh,
        case value_level when 'channel' then 'same channel' when 'all' then 'all channels' else 'same channel and region' end
            as level_en,
        case when calibration_factor <> 1 then ' x ' || cast(calibration_factor as varchar) else '' end as factor,
        cast(cast(expected_value as decimal(18, 2)) as varchar) as value,
        cast(candidate_rank as varchar) as place,
        cast(candidates as varchar) as candidates,
        cast(dealer_outlets_in_cell as varchar) as in_cell,
        cast(dealer_outlets_in_territory as varchar) as in_territory
    from horizontal_rows
)

select
    dealer_id,
    territory,
    channel,
    case
        when $lang = 'zh'
            then case
                    when evidence = 'market'
                        then '共 ' || universe || ' 家网点，已有经销商覆盖 ' || covered || ' 家，未覆盖 ' || uncovered || ' 家'
                    else '无市场总量数据；各经销商已覆盖 ' || covered || ' 家网点'
                end
                || '；未来 12 周预计新增 ' || expected || ' 家 = '
                || case when rate_basis = 'existing outlets' then '已覆盖 ' else '未覆盖 ' end || base || ' 家 x ' || rate
                || case
                    when is_limited then '，以到同类 75 % 分位铺货率 ' || benchmark || ' % 的差距 ' || room || ' 家为上限'
                    else ''
                end
                || '；每家新网点 ' || sales_per_outlet || '（' || level_zh || '，' || seen || ' 家）' || factor || '，合计 ' || value
                || '；候选经销商 ' || candidates || ' 家中排第 ' || place
                || '：本片区本渠道 ' || in_cell || ' 家，本片区 ' || in_territory || ' 家'
        else case
                when evidence = 'market'
                    then 'uncovered ' || uncovered || ' of ' || universe || ' outlets, covered by anyone ' || covered
                else 'no market data; outlets covered by anyone ' || covered
            end
            || '; ' || expected || ' new outlets expected in 12 weeks = ' || base
            || case when rate_basis = 'existing outlets' then ' existing' else ' uncovered' end || ' x ' || rate
            || case
                when is_limited
                    then ', limited by the ' || room || ' missing to the peers'' 75 % quantile of distribution, ' || benchmark
                        || ' % (' || cells || ' cells)'
                else ''
            end
            || '; x ' || sales_per_outlet || ' that a new outlet bought (' || level_en || ', ' || seen || ' outlets)' || factor
            || ' = ' || value || '; candidate ' || place || ' of ' || candidates || ', covers ' || in_cell || ' in the cell, '
            || in_territory || ' in the territory'
    end as reason
from shown
