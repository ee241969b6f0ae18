-- purpose: the channel of each outlet, and nothing else of it: what sales are added up by does not change with a name
-- grain: outlet
select outlet_id, channel
from outlets
