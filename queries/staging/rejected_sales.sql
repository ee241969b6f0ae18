-- purpose: sales lines that look right by themselves and are not: unknown dealer, dated after the day of the run
-- grain: export line
-- parameters: $run_date, the day of the run
with judged as (
    select
        s.export_key,
        s.export_line,
        s.dealer_id,
        s.sold_on,
        s.amount,
        d.dealer_id is null as is_unknown
    from staged_sales as s
    left join dealers as d on d.dealer_id = s.dealer_id
    where d.dealer_id is null or s.sold_on > $run_date
)

select
    export_key,
    export_line,
    case when is_unknown then 'dealer_id' else 'sold_on' end as column_name,
    case when is_unknown then dealer_id else cast(sold_on as varchar) end as raw_value,
    case when is_unknown then 'unknown_dealer' else 'future_sale' end as reason_code,
    case
        when is_unknown then 'dealer_id: the dealer is not in the dealers source'
        else 'sold_on: the sale is dated after the day of the run'
    end as message,
    amount
from judged
