-- Sales lines that are wrong by themselves or beside the masters go to rejected_rows; as_of is the last day that is left.
create table refused as
with judged as (
    select
        l.rowid as line,
        case
            when l.dealer_id is null or l.sold_on is null or l.amount is null then 'missing_value'
            when contains(l.order_id, chr(0)) or contains(l.outlet_id, chr(0)) or contains(l.product_id, chr(0))
                then 'nul_byte'
            when contains(l.order_id, '"') or contains(l.outlet_id, '"') or contains(l.product_id, '"')
                then 'unclosed_quote'
            when d.dealer_id is null then 'unknown_dealer'
            when l.sold_on > current_date then 'future_sale'
        end as reason_code
    from staged_sales as l
    left join dealers as d using (dealer_id)
)
from judged
where reason_code is not null;

insert into rejected_rows
select 'sales', r.reason_code, concat_ws(',', order_id, line_no, sold_on, dealer_id, outlet_id, product_id, quantity, amount)
from refused as r
inner join staged_sales as l on l.rowid = r.line;

delete from staged_sales where rowid in (select line from refused);

-- what the reader itself refused, with one reason a line
insert into rejected_rows
select
    'sales',
    case
        when bool_or(error_type in ('MISSING COLUMNS', 'TOO MANY COLUMNS')) then 'ragged_row'
        when bool_or(error_type = 'INVALID ENCODING') then 'invalid_utf8'
        when min(column_name) = 'sold_on' then 'bad_date'
        when min(column_name) = 'amount' then 'bad_amount'
        else 'bad_number'
    end,
    any_value(csv_line)
from sales_errors
group by file_id, line;

set variable as_of = (select max(sold_on) from staged_sales);
