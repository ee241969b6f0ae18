//! The five sources beside the sales: one file each.

/// A source that is one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    Dealers,
    Outlets,
    Products,
    Market,
    Targets,
}

impl Table {
    pub const ALL: [Self; 5] = [Self::Dealers, Self::Outlets, Self::Products, Self::Market, Self::Targets];

    pub fn file_name(self) -> &'static str {
        match self {
            Self::Dealers => "dealers.csv",
            Self::Outlets => "outlets.csv",
            Self::Products => "products.csv",
            Self::Market => "market.csv",
            Self::Targets => "targets.csv",
        }
    }

    pub fn header(self) -> &'static str {
        match self {
            Self::Dealers => "Dealer Code,Dealer Name,Region,Home Territory,Tier,Status,Onboarded,Manager",
            Self::Outlets => "Outlet Code,Dealer Code,Outlet Name,Channel,Territory,Chain,Opened,Closed",
            Self::Products => "sku,product_name,category,brand,list_price",
            Self::Market => "territory,channel,outlets_total,market_value",
            Self::Targets => "dealer_id,month,target_amount",
        }
    }
}
