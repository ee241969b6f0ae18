-- Rows come in the order of exports and lines, so the highest row id is the latest statement.
create table repeated as
select order_id, line_no, max(rowid) as latest
from staged_sales
where order_id is not null and line_no is not null
group by order_id, line_no
having count(*) > 1;

create table superseded as
select l.rowid as line
from staged_sales as l
inner join repeated as r on r.order_id = l.order_id and r.line_no = l.line_no and r.latest > l.rowid;

delete from staged_sales where rowid in (select line from superseded);

create view sales as
select
    sold_on,
    (getvariable('as_of') - sold_on) // 28 as period,
    dealer_id,
    coalesce(outlet_id, dealer_id || '#unknown') as outlet_id,
    outlet_id is null as is_direct,
    order_id,
    product_id,
    quantity,
    amount,
    export
from staged_sales;
