-- purpose: cells that the market source states more than once
-- grain: export line
-- decisions: two universes for one cell contradict each other, so neither counts
with repeated as (
    select territory, channel, count(*) as statements
    from staged_market
    group by territory, channel
    having count(*) > 1
)

select
    m.export_key,
    m.export_line,
    'territory' as column_name,
    m.territory || ' x ' || m.channel as raw_value,
    'conflicting_rows' as reason_code,
    'the cell is stated ' || cast(r.statements as varchar) || ' times; none counts' as message,
    cast(null as decimal(18, 4)) as amount
from staged_market as m
inner join repeated as r on r.territory = m.territory and r.channel = m.channel
