-- purpose: the channels that the sales lines of each export state of an outlet, and until when
-- grain: export x outlet x channel
-- computed: by export
-- decisions: no day after as_of is looked at
select p.export_key, p.outlet_id, p.channel, max(p.sold_on) as last_sold_on
from export_cuts as c
inner join placed_sales as p on p.export_key = c.export_key
where p.channel <> 'unknown' and p.sold_on <= c.counted_to
group by p.export_key, p.outlet_id, p.channel
