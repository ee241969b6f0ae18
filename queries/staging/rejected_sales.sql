-- purpose: sales lines that look right by themselves and are not: unknown dealer, dated after the day of the run
-- grain: export line
-- computed: by export
-- wants: few lines
select
    s.export_key,
    s.export_line,
    case when d.is_unknown then 'dealer_id' else 'sold_on' end as column_name,
    case when d.is_unknown then s.dealer_id else cast(s.sold_on as varchar) end as raw_value,
    case when d.is_unknown then 'unknown_dealer' else 'future_sale' end as reason_code,
    case
        when d.is_unknown then 'dealer_id: the dealer is not in the dealers source'
        else 'sold_on: the sale is dated after the day of the run'
    end as message,
    s.amount
from suspect_dealers as d
inner join staged_sales as s on s.export_key = d.export_key and s.dealer_id = d.dealer_id
where d.is_unknown or s.sold_on > d.run_date
