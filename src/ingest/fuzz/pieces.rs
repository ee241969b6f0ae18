//! What broken exports are made of: rows as they should be, and pieces that break the format in every way.

use encoding_rs::GB18030;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// How text becomes bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    Utf8,
    MarkedUtf8,
    Utf16Le,
    MarkedUtf16Le,
    MarkedUtf16Be,
    Gb18030,
}

impl Script {
    pub const ALL: [Self; 6] =
        [Self::Utf8, Self::MarkedUtf8, Self::Utf16Le, Self::MarkedUtf16Le, Self::MarkedUtf16Be, Self::Gb18030];

    /// Its name in a job file.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Utf8 | Self::MarkedUtf8 => "utf-8",
            Self::Utf16Le | Self::MarkedUtf16Le => "utf-16le",
            Self::MarkedUtf16Be => "utf-16be",
            Self::Gb18030 => "gb18030",
        }
    }

    const fn mark(self) -> &'static [u8] {
        match self {
            Self::MarkedUtf8 => b"\xEF\xBB\xBF",
            Self::MarkedUtf16Le => b"\xFF\xFE",
            Self::MarkedUtf16Be => b"\xFE\xFF",
            Self::Utf8 | Self::Utf16Le | Self::Gb18030 => b"",
        }
    }

    fn bytes(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 | Self::MarkedUtf8 => text.as_bytes().to_vec(),
            Self::Utf16Le | Self::MarkedUtf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::MarkedUtf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Self::Gb18030 => GB18030.encode(text).0.into_owned(),
        }
    }
}

/// A piece of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Fields of a whole line.
    Row(Vec<String>),
    Text(&'static str),
    Delimiter,
    /// Put there as they are, whatever the rest is written in.
    Bytes(&'static [u8]),
    Noise(Vec<u8>),
}

impl Piece {
    fn bytes(&self, script: Script, delimiter: &str) -> Vec<u8> {
        match self {
            Self::Row(fields) => script.bytes(&format!("{}\n", fields.join(delimiter))),
            Self::Text(text) => script.bytes(text),
            Self::Delimiter => script.bytes(delimiter),
            Self::Bytes(bytes) => bytes.to_vec(),
            Self::Noise(bytes) => bytes.clone(),
        }
    }
}

/// The bytes of an export.
pub fn written(pieces: &[Piece], script: Script, delimiter: &str) -> Vec<u8> {
    let mut bytes = script.mark().to_vec();
    for piece in pieces {
        bytes.extend(piece.bytes(script, delimiter));
    }
    bytes
}

/// Delimiters, quotes, line ends and marks.
const SIGNS: [&str; 13] = ["\"", "\"", "\"\"", "'", "\n", "\r", "\r\n", "\0", "\u{FEFF}", ",", ";", "\t", "|"];

/// What stands in cells, rightly or not.
const DAYS: [&str; 8] =
    ["2024-02-29", "2024-02-30", "2024/2/9", "20240229", "45351", "2024年2月29日", "２０２４-２-９", "29.02.2024"];
const NUMBERS: [&str; 12] =
    ["12", "-1.5", "1,234.50", "1.234,50", "(1.00)", "5-", "12%", "$7", "１２", "1e5", "0.00005", "99999999999999"];
const WORDS: [&str; 10] = ["D1", "Ｄ１", " 007 ", "北京", "Müller", "\u{A0}x", "\u{3000}x", "NULL", "N/A", "2024Q2"];

/// Any of these values.
pub fn value() -> impl Strategy<Value = &'static str> {
    select([DAYS.as_slice(), NUMBERS.as_slice(), WORDS.as_slice()].concat())
}

/// Marks in the wrong place, broken UTF-8, pairs and fours of GB18030, and UTF-16.
pub const STRAY: [&[u8]; 14] = [
    b"\xFF",
    b"\xFF\xFE",
    b"\xFE\xFF",
    b"\xEF\xBB\xBF",
    b"\xE5\x8C",
    b"\xC0\x80",
    b"\xED\xA0\x80",
    b"\xB1\xB1\xBE\xA9",
    b"\x81\x30\x81\x30",
    b"\x81\x20",
    b"\0",
    b"D\x001\x00,\x00",
    b"\0D\x001\0\n",
    b"\x3D\xD8",
];

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        3 => Just(Piece::Delimiter),
        4 => select(SIGNS.to_vec()).prop_map(Piece::Text),
        4 => value().prop_map(Piece::Text),
        2 => select(STRAY.to_vec()).prop_map(Piece::Bytes),
    ]
}

/// Day, dealer, amount, order and quantity.
fn sale() -> impl Strategy<Value = Piece> {
    let dealer = select(vec!["D1", "Ｄ２", "北京 ", "Müller"]);
    let order = select(vec!["", "A1", " 007 ", "NULL"]);
    let quantity = select(vec!["", "3", "1.5", "x"]);
    (1_u32..30, dealer, -9_999_i32..9_999, order, quantity).prop_map(|(day, dealer, whole, order, quantity)| {
        let [dealer, order, quantity] = [dealer, order, quantity].map(str::to_owned);
        Piece::Row(vec![format!("2024-02-{day:02}"), dealer, format!("{whole}.25"), order, quantity])
    })
}

/// Year, dealer and twelve months.
fn target() -> impl Strategy<Value = Piece> {
    let year = select(vec!["2024", "2023", "２０２４", "x"]);
    let months = vec(select(vec!["1", "2.5", "-", "", "(3)", "x", "99999999999999"]), 12_usize);
    (year, select(vec!["D1", "D2", ""]), months).prop_map(|(year, dealer, months)| {
        Piece::Row([year, dealer].into_iter().chain(months).map(str::to_owned).collect())
    })
}

/// Rows and broken pieces in any order.
fn mixture(row: impl Strategy<Value = Piece>) -> impl Strategy<Value = Vec<Piece>> {
    let part = prop_oneof![4 => row.prop_map(|row| vec![row]), 5 => vec(piece(), 0..12)];
    vec(part, 0..8).prop_map(|parts| parts.concat())
}

pub fn sales() -> impl Strategy<Value = Vec<Piece>> {
    mixture(sale())
}

pub fn targets() -> impl Strategy<Value = Vec<Piece>> {
    mixture(target())
}

/// Random bytes, with a delimiter or a line end here and there.
pub fn noise() -> impl Strategy<Value = Vec<Piece>> {
    let bytes = vec(any::<u8>(), 0..24).prop_map(Piece::Noise);
    vec(prop_oneof![3 => bytes, 1 => Just(Piece::Delimiter), 2 => Just(Piece::Text("\n"))], 0..8)
}
