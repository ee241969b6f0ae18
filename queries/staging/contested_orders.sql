-- purpose: the orders that come in several exports, or may state a line twice in one: only they can replace each other's lines
-- grain: export x order_key
with contested as (
    select order_key
    from export_orders
    group by order_key
    having count(*) > 1 or bool_or(may_repeat)
)

select o.export_key, o.order_key
from export_orders as o
inner join contested as c on c.order_key = o.order_key
