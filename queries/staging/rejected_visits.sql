-- purpose: visits of an unknown dealer, and visits that name neither a dealer nor an outlet
-- grain: export line
with judged as (
    select
        s.export_key,
        s.export_line,
        s.dealer_id,
        s.dealer_id is null and s.outlet_id is null as is_nowhere
    from staged_visits as s
    left join dealers as d on d.dealer_id = s.dealer_id
    where d.dealer_id is null and (s.dealer_id is not null or s.outlet_id is null)
)

select
    export_key,
    export_line,
    'dealer_id' as column_name,
    dealer_id as raw_value,
    case when is_nowhere then 'missing_value' else 'unknown_dealer' end as reason_code,
    case
        when is_nowhere then 'dealer_id: the visit names neither a dealer nor an outlet'
        else 'dealer_id: the dealer is not in the dealers source'
    end as message,
    cast(null as decimal(18, 4)) as amount
from judged
