//! Headers that people give to the columns of each source, for the proposal that `init` writes.

use crate::model::source::Source;

/// Other names of a column, in order of preference, normalised: lower case letters and digits only.
pub fn synonyms(source: Source, column: &str) -> &'static [&'static str] {
    match (source, column) {
        (_, "dealer_id") => &[
            "dealer",
            "dealercode",
            "dealerno",
            "dealerkey",
            "distributor",
            "distributorid",
            "distributorcode",
            "partnerid",
            "partner",
            "soldto",
            "soldtoparty",
            "employeekey",
            "employeeid",
            "salespersonid",
            "经销商编码",
            "经销商代码",
            "经销商",
            "经销商编号",
        ],
        (_, "outlet_id") => &[
            "outlet",
            "outletcode",
            "outletno",
            "store",
            "storeid",
            "storecode",
            "customerid",
            "customercode",
            "customerno",
            "customer",
            "shipto",
            "shiptoparty",
            "resellerkey",
            "resellerid",
            "retailerid",
            "pos",
            "门店编码",
            "门店编号",
            "终端编码",
            "客户编码",
            "客户编号",
            "门店",
        ],
        (_, "product_id") => &[
            "product",
            "productcode",
            "productkey",
            "sku",
            "item",
            "itemid",
            "itemno",
            "material",
            "article",
            "产品编码",
            "商品编码",
            "物料编码",
            "产品",
            "商品",
        ],
        (_, "channel") => {
            &["channelname", "businesstype", "outlettype", "storetype", "tradechannel", "segment", "渠道", "渠道类型"]
        }
        (_, "territory") => &[
            "hometerritory",
            "territoryname",
            "salesterritory",
            "area",
            "district",
            "state",
            "stateprovincename",
            "province",
            "county",
            "city",
            "片区",
            "区县",
            "城市",
            "市场",
        ],
        (_, "region") => &["regionname", "salesregion", "zone", "大区", "区域"],
        (Source::Sales, "sold_on") => &[
            "date",
            "orderdate",
            "salesdate",
            "invoicedate",
            "postingdate",
            "billingdate",
            "day",
            "日期",
            "销售日期",
            "订单日期",
            "下单日期",
        ],
        (Source::Sales, "amount") => &[
            "netamount",
            "salesamount",
            "netsales",
            "sales",
            "revenue",
            "value",
            "netvalue",
            "total",
            "linetotal",
            "turnover",
            "金额",
            "销售金额",
            "销售额",
            "净额",
        ],
        (Source::Sales, "order_id") => &[
            "order",
            "orderno",
            "ordernumber",
            "salesordernumber",
            "invoice",
            "invoiceno",
            "invoicenumber",
            "documentno",
            "订单号",
            "单号",
            "订单编号",
        ],
        (Source::Sales, "line_no") => {
            &["line", "lineno", "linenumber", "salesorderlinenumber", "position", "item", "行号", "序号"]
        }
        (Source::Sales, "quantity") => &["qty", "orderquantity", "units", "pieces", "volume", "cases", "数量", "销量"],
        (Source::Dealers, "dealer_name") => &["name", "dealername", "distributorname", "partnername", "经销商名称"],
        (Source::Dealers, "tier") => &["level", "grade", "dealertier", "class", "等级", "级别"],
        (Source::Dealers, "status") => &["dealerstatus", "active", "状态"],
        (Source::Dealers, "onboarded_on") => {
            &["onboarded", "onboarding", "since", "startdate", "hiredate", "contractdate", "签约日期", "开户日期"]
        }
        (Source::Dealers, "manager") => &["owner", "accountmanager", "kam", "salesmanager", "负责人", "经理"],
        (Source::Outlets, "outlet_name") => {
            &["name", "outletname", "storename", "customername", "resellername", "门店名称", "客户名称", "终端名称"]
        }
        (Source::Outlets, "account_id") => {
            &["account", "chain", "chainid", "group", "keyaccount", "连锁", "系统", "集团"]
        }
        (Source::Outlets, "opened_on") => &["opened", "openingdate", "opendate", "开店日期"],
        (Source::Outlets, "closed_on") => &["closed", "closingdate", "closedate", "关店日期"],
        (Source::Products, "product_name") => {
            &["name", "productname", "description", "itemname", "englishproductname", "产品名称", "商品名称"]
        }
        (Source::Products, "category") => {
            &["productcategory", "productgroup", "englishproductcategoryname", "品类", "类别"]
        }
        (Source::Products, "brand") => &["brandname", "品牌"],
        (Source::Products, "list_price") => &["listprice", "price", "unitprice", "标准价", "单价"],
        (Source::Market, "outlets_total") => {
            &["outlets", "universe", "stores", "resellers", "outletstotal", "门店总数", "网点总数"]
        }
        (Source::Market, "market_value") => &["marketvalue", "marketsize", "potential", "市场容量"],
        (Source::Targets, "month") => &["period", "targetmonth", "yearmonth", "月份", "月度"],
        (Source::Targets, "target_amount") => {
            &["target", "quota", "salesamountquota", "goal", "plan", "budget", "目标", "目标金额", "销售目标"]
        }
        (Source::Promotions, "promotion_id") => {
            &["promotion", "promo", "promoid", "campaign", "campaignid", "促销编号", "活动编号"]
        }
        (Source::Promotions, "promotion_name") => &["name", "campaignname", "description", "促销名称", "活动名称"],
        (Source::Promotions, "starts_on") => &["start", "startdate", "from", "validfrom", "开始日期"],
        (Source::Promotions, "ends_on") => &["end", "enddate", "to", "validto", "结束日期"],
        (Source::Visits, "visited_on") => &["visitdate", "calldate", "拜访日期"],
        (Source::Visits, "visit_id") => &["visit", "visitno", "callid", "拜访编号"],
        (Source::Visits, "visit_type") => &["type", "purpose", "calltype", "拜访类型"],
        (Source::Visits, "visited_by") => &["rep", "salesrep", "visitor", "业务员"],
        (Source::Promotions | Source::Visits, "cost") => &["costs", "expense", "budget", "费用"],
        _ => &[],
    }
}
