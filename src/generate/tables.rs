//! Writes the sources beside the sales.

use std::io;
use std::path::Path;

use super::files::CsvFile;
use super::sources::Table;
use super::spoil;

/// Writes a table, with its bad rows at the end if they are wanted, and returns their number.
pub fn write(
    table: Table,
    folder: &Path,
    rows: impl Iterator<Item = Vec<String>>,
    with_defects: bool,
) -> io::Result<u64> {
    let mut file = CsvFile::create(&folder.join(table.file_name()), table.header())?;
    let mut first = Vec::new();
    for row in rows {
        file.row(&row)?;
        if first.is_empty() {
            first = row;
        }
    }
    let defects = if with_defects { spoil::append(&mut file, table, &first)? } else { 0 };
    file.finish()?;
    Ok(defects)
}
