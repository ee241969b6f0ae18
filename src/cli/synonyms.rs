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
        ],
        (_, "product_id") => {
            &["product", "productcode", "productkey", "sku", "item", "itemid", "itemno", "material", "article"]
        }
        (_, "channel") => &["channelname", "businesstype", "outlettype", "storetype", "tradechannel", "segment"],
        (_, "territory") => &[
            "hometerritory",
            "territoryname",
            "area",
            "district",
            "city",
            "state",
            "stateprovincename",
            "province",
            "county",
        ],
        (_, "region") => &["regionname", "salesregion", "zone"],
        (Source::Sales, "sold_on") => {
            &["date", "orderdate", "salesdate", "invoicedate", "postingdate", "billingdate", "day"]
        }
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
        ],
        (Source::Sales, "line_no") => &["line", "lineno", "linenumber", "salesorderlinenumber", "position", "item"],
        (Source::Sales, "quantity") => &["qty", "orderquantity", "units", "pieces", "volume", "cases"],
        (Source::Dealers, "dealer_name") => &["name", "dealername", "distributorname", "partnername"],
        (Source::Dealers, "tier") => &["level", "grade", "dealertier", "class"],
        (Source::Dealers, "status") => &["dealerstatus", "active"],
        (Source::Dealers, "onboarded_on") => {
            &["onboarded", "onboarding", "since", "startdate", "hiredate", "contractdate"]
        }
        (Source::Dealers, "manager") => &["owner", "accountmanager", "kam", "salesmanager"],
        (Source::Outlets, "outlet_name") => &["name", "outletname", "storename", "customername", "resellername"],
        (Source::Outlets, "account_id") => &["account", "chain", "chainid", "group", "keyaccount"],
        (Source::Outlets, "opened_on") => &["opened", "openingdate", "opendate"],
        (Source::Outlets, "closed_on") => &["closed", "closingdate", "closedate"],
        (Source::Products, "product_name") => &["name", "productname", "description", "itemname", "englishproductname"],
        (Source::Products, "category") => &["productcategory", "productgroup", "englishproductcategoryname"],
        (Source::Products, "brand") => &["brandname"],
        (Source::Products, "list_price") => &["listprice", "price", "unitprice"],
        (Source::Market, "outlets_total") => &["outlets", "universe", "stores", "resellers", "outletstotal"],
        (Source::Market, "market_value") => &["marketvalue", "marketsize", "potential"],
        (Source::Targets, "month") => &["period", "targetmonth", "yearmonth"],
        (Source::Targets, "target_amount") => &["target", "quota", "salesamountquota", "goal", "plan", "budget"],
        _ => &[],
    }
}
