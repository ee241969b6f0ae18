//! One line of the sales, and how it is written: by hand into a reused buffer, because there may be tens of millions.

/// The header of a sales export.
pub const HEADER: &str = "Order No,Line,Date,Dealer Code,Outlet Code,SKU,Qty,Net Amount";

/// A line of an order, or of a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaleLine {
    /// Counts from 1 within a month.
    pub order: u64,
    pub is_return: bool,
    /// Counts from 1.
    pub line: u32,
    /// Index of the month.
    pub month: usize,
    pub day: i32,
    pub dealer: u32,
    pub outlet: u32,
    pub product: u32,
    /// Quantity and amount without sign: both are negative in a return.
    pub quantity: u64,
    pub cents: u64,
}

impl SaleLine {
    /// The amount with its sign.
    pub fn signed_cents(&self) -> i64 {
        if self.is_return { -(self.cents as i64) } else { self.cents as i64 }
    }

    /// Replaces the buffer by the line, without its end. The code is that of the order's month.
    pub fn encode(&self, buffer: &mut Vec<u8>, code: &str, date: &str) {
        let signed: &[u8] = if self.is_return { b",-" } else { b"," };
        buffer.clear();
        buffer.push(if self.is_return { b'R' } else { b'B' });
        buffer.extend_from_slice(code.as_bytes());
        push(buffer, b"-", self.order, 7);
        push(buffer, b",", u64::from(self.line), 1);
        buffer.push(b',');
        buffer.extend_from_slice(date.as_bytes());
        push(buffer, b",D", u64::from(self.dealer) + 1, 3);
        push(buffer, b",O", u64::from(self.outlet) + 1, 6);
        push(buffer, b",P", u64::from(self.product) + 1, 4);
        push(buffer, signed, self.quantity, 1);
        push(buffer, signed, self.cents / 100, 1);
        push(buffer, b".", self.cents % 100, 2);
    }
}

/// Appends a prefix and a number, with leading zeros up to a width.
fn push(buffer: &mut Vec<u8>, prefix: &[u8], number: u64, width: usize) {
    buffer.extend_from_slice(prefix);
    let start = buffer.len();
    let mut rest = number;
    while rest > 0 || buffer.len() - start < width {
        buffer.push(b'0' + (rest % 10) as u8);
        rest /= 10;
    }
    if let Some(digits) = buffer.get_mut(start..) {
        digits.reverse();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: SaleLine = SaleLine {
        order: 1_234,
        is_return: false,
        line: 2,
        month: 0,
        day: 4,
        dealer: 0,
        outlet: 122,
        product: 47,
        quantity: 10,
        cents: 4_505,
    };

    fn text(line: &SaleLine) -> String {
        let mut buffer = b"left over".to_vec();
        line.encode(&mut buffer, "2401", "2024-01-05");
        String::from_utf8(buffer).unwrap()
    }

    #[test]
    fn a_line_has_eight_fields_with_leading_zeros_in_ids() {
        assert_eq!(text(&LINE), "B2401-0001234,2,2024-01-05,D001,O000123,P0048,10,45.05");
    }

    #[test]
    fn a_return_is_negative_and_has_its_own_prefix() {
        let line = SaleLine { is_return: true, cents: 100, ..LINE };
        assert_eq!(text(&line), "R2401-0001234,2,2024-01-05,D001,O000123,P0048,-10,-1.00");
        assert_eq!(line.signed_cents(), -100);
    }
}
