-- purpose: the channel of each outlet that an export has sales to
-- grain: export x outlet
-- computed: by export
-- decisions: a relation of its own, so that what is added up by channel stays as it is where no channel changed
with sold as (
    select distinct export_key, outlet_id
    from export_outlets
    where last_sold_on is not null
)

select s.export_key, s.outlet_id, o.channel
from sold as s
inner join outlet_channels as o on o.outlet_id = s.outlet_id
