-- purpose: sales = covered x active rate x orders per active outlet x average order value + returns, for every dealer
with rebuilt as (
    select
        dealer_id,
        cast(sales_12w as double) as sales_12w,
        covered_outlets
            * coalesce(active_rate, 0)
            * coalesce(orders_per_active_outlet, 0)
            * coalesce(cast(order_value_12w as double) / nullif(orders_12w, 0), 0)
            + cast(returns_12w as double) as rebuilt_sales
    from dealer_scorecard
)

select dealer_id, sales_12w, rebuilt_sales
from rebuilt
where abs(sales_12w - rebuilt_sales) >= 0.01
