//! The sales source: one export a month, written line by line as the orders come.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Company;
use super::calendar::Month;
use super::files::CsvFile;
use super::orders::Orders;
use super::plan::Plan;
use super::restatements::Restatements;
use super::sale_line::{HEADER, SaleLine};
use super::spoil;

/// The folder of the exports, in the folder of the world.
pub const FOLDER: &str = "sales";

/// The month whose export comes twice, where there are as many: the fifth.
const TWICE: usize = 4;

/// What was written and sold.
pub struct Sold {
    pub files: u64,
    pub lines: u64,
    pub defects: u64,
    pub totals: Totals,
    /// Lines of orders and returns, without the bad and restated ones.
    ordered: u64,
}

/// Net sales by dealer and month in cents, as first reported.
pub struct Totals {
    months: usize,
    cents: Vec<i64>,
}

impl Totals {
    fn new(company: &Company) -> Self {
        let months = company.calendar.months.len();
        Self { months, cents: vec![0; company.dealers.len() * months] }
    }

    /// How many months there are.
    pub fn months(&self) -> usize {
        self.months
    }

    /// What a dealer sold in a month.
    pub fn get(&self, dealer: u32, month: usize) -> i64 {
        self.cents.get(dealer as usize * self.months + month).copied().unwrap_or(0)
    }

    fn add(&mut self, line: &SaleLine) {
        if let Some(total) = self.cents.get_mut(line.dealer as usize * self.months + line.month) {
            *total += line.signed_cents();
        }
    }
}

/// Writes the exports of all months.
pub fn write(company: &Company, folder: &Path) -> io::Result<Sold> {
    let plan = Plan::new(company);
    let mut orders = Orders::new(company);
    let mut restatements = Restatements::new(&company.world);
    let mut sold = Sold { files: 0, lines: 0, defects: 0, totals: Totals::new(company), ordered: 0 };
    for month in &company.calendar.months {
        let scale = plan.scale(month, sold.ordered);
        orders.start_month(month, scale);
        restatements.start_month(plan.lines(month, scale));
        let file = CsvFile::create(&path(folder, &month.label), HEADER)?;
        let (restatements, sold) = (&mut restatements, &mut sold);
        MonthFile { company, month, file, restatements, sold, buffer: Vec::new() }.write(&mut orders)?;
    }
    if company.world.with_defects {
        write_one_twice(company, folder, &mut sold)?;
    }
    Ok(sold)
}

fn path(folder: &Path, label: &str) -> PathBuf {
    folder.join(FOLDER).join(format!("sales-{label}.csv"))
}

/// The same content under two names.
fn write_one_twice(company: &Company, folder: &Path, sold: &mut Sold) -> io::Result<()> {
    let months = &company.calendar.months;
    if let Some(month) = months.get(TWICE).or(months.last()) {
        fs::copy(path(folder, &month.label), path(folder, &format!("{}_copy", month.label)))?;
        sold.files += 1;
        sold.defects += 1;
    }
    Ok(())
}

/// The export of one month while it is written.
struct MonthFile<'m> {
    company: &'m Company,
    month: &'m Month,
    file: CsvFile,
    restatements: &'m mut Restatements,
    sold: &'m mut Sold,
    buffer: Vec<u8>,
}

impl MonthFile<'_> {
    fn write(mut self, orders: &mut Orders<'_>) -> io::Result<()> {
        let bad_rows = spoil::sales_rows(self.company, self.month);
        for day in self.month.days.clone() {
            let date = self.company.calendar.date(day).to_string();
            orders.day(day, &mut |line: &SaleLine| self.ordered_line(&date, line))?;
            for row in bad_rows.iter().filter(|row| row.day == day) {
                self.bad_row(&row.bytes)?;
            }
        }
        self.restated_lines()?;
        self.sold.files += 1;
        self.file.finish()
    }

    fn ordered_line(&mut self, date: &str, line: &SaleLine) -> io::Result<()> {
        self.sold.ordered += 1;
        self.sold.totals.add(line);
        self.restatements.offer(line);
        let month = self.month;
        self.line(&month.code, date, line)
    }

    /// They stand at the end, with the order number and date they had.
    fn restated_lines(&mut self) -> io::Result<()> {
        let company = self.company;
        for line in self.restatements.restated() {
            if let Some(month) = company.calendar.months.get(line.month) {
                let date = company.calendar.date(line.day).to_string();
                self.line(&month.code, &date, &line)?;
            }
        }
        Ok(())
    }

    fn line(&mut self, code: &str, date: &str, line: &SaleLine) -> io::Result<()> {
        line.encode(&mut self.buffer, code, date);
        self.sold.lines += 1;
        self.file.raw(&self.buffer)
    }

    fn bad_row(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sold.lines += 1;
        self.sold.defects += 1;
        self.file.raw(bytes)
    }
}
