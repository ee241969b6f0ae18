-- purpose: the universe of each cell, where it is stated once
-- grain: territory x channel
select
    m.export_key,
    m.export_line,
    m.territory,
    m.channel,
    m.outlets_total,
    m.market_value
from staged_market as m
left anti join rejected_market as r on r.export_key = m.export_key and r.export_line = m.export_line
