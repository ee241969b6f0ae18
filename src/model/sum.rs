//! Length and XXH64 of files that a later night may use again.
//!
//! They serve again only if every byte is as it was written. The sum is taken while a file is written and compared before it
//! serves: that costs one reading, many times faster than the SHA-256 of its export, and finds what a disk does to a file. It
//! is no protection against somebody who may write there.

use std::fmt;
use std::fs::File;
use std::hash::Hasher as _;
use std::io::{self, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use twox_hash::XxHash64;

const BUFFER: usize = 1 << 18;

/// Length and XXH64 of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    bytes: u64,
    xxh64: u64,
}

impl fmt::Display for Sum {
    /// As part of a file name.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{:016x}", self.bytes, self.xxh64)
    }
}

impl Sum {
    /// Reads what `Display` wrote.
    pub fn of_text(text: &str) -> Option<Self> {
        let (bytes, xxh64) = text.split_once('-')?;
        Some(Self { bytes: bytes.parse().ok()?, xxh64: u64::from_str_radix(xxh64, 16).ok()? })
    }

    pub const fn bytes(self) -> u64 {
        self.bytes
    }

    /// What is wrong with a file that should have this sum.
    pub fn fault(self, path: &Path) -> Option<String> {
        let name = path.file_name().unwrap_or_default().display();
        match Self::of(path) {
            Err(error) => Some(format!("{name} cannot be read: {error}")),
            Ok(found) if found.bytes != self.bytes => {
                Some(format!("{name} has {} bytes instead of {}", found.bytes, self.bytes))
            }
            Ok(found) => (found != self).then(|| format!("{name} has another checksum than when it was written")),
        }
    }

    fn of(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut sink = Summed::new(io::sink());
        let mut buffer = vec![0; BUFFER];
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                return Ok(sink.finish().1);
            }
            sink.write_all(buffer.get(..count).unwrap_or_default())?;
        }
    }
}

/// A writer that sums up what passes.
pub struct Summed<W> {
    inner: W,
    bytes: u64,
    hasher: XxHash64,
}

impl<W> Summed<W> {
    pub fn new(inner: W) -> Self {
        Self { inner, bytes: 0, hasher: XxHash64::with_seed(0) }
    }

    /// What it wrote to, and the sum of what was written.
    pub fn finish(self) -> (W, Sum) {
        (self.inner, Sum { bytes: self.bytes, xxh64: self.hasher.finish() })
    }
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(buffer)?;
        let written = buffer.get(..count).unwrap_or_default();
        self.hasher.write(written);
        self.bytes += written.len() as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_published_check_value() {
        let mut summed = Summed::new(Vec::new());
        summed.write_all(b"1234").unwrap();
        summed.write_all(b"56789").unwrap();
        // As `xxh64sum` prints it.
        let sum = Sum { bytes: 9, xxh64: 0x8CB8_41DB_40E6_AE83 };
        assert_eq!(summed.finish(), (b"123456789".to_vec(), sum));
        assert_eq!(Sum::of_text(&sum.to_string()), Some(sum));
    }

    #[test]
    fn every_bit_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.parquet");
        let whole: Vec<u8> = (0..=255).collect();
        std::fs::write(&path, &whole).unwrap();
        let sum = Sum::of(&path).unwrap();
        assert_eq!(sum.fault(&path), None);
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            std::fs::write(&path, flipped).unwrap();
            let fault = sum.fault(&path).expect("a flipped bit was not found");
            assert_eq!(fault, "rows.parquet has another checksum than when it was written");
        }
        std::fs::write(&path, &whole[..100]).unwrap();
        assert_eq!(sum.fault(&path).unwrap(), "rows.parquet has 100 bytes instead of 256");
        std::fs::remove_file(&path).unwrap();
        assert!(sum.fault(&path).unwrap().starts_with("rows.parquet cannot be read"));
    }
}
