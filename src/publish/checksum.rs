//! The SHA-256 of a published file, as `sha256sum` prints it.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::model::failure::{Failure, Result};

/// Bytes read at once.
const BUFFER: usize = 1 << 18;

/// The checksum of a file as 64 lower-case hexadecimal digits. The file is streamed, whatever its size.
///
/// # Errors
/// The file cannot be read.
pub fn sha256_of_file(path: &Path) -> Result<String> {
    let unreadable = |error: io::Error| Failure::io("cannot read", path, error);
    let mut reader = BufReader::with_capacity(BUFFER, File::open(path).map_err(unreadable)?);
    let mut digest = Sha256::new();
    loop {
        let filled = reader.fill_buf().map_err(unreadable)?;
        if filled.is_empty() {
            break;
        }
        digest.update(filled);
        let count = filled.len();
        reader.consume(count);
    }
    Ok(hex(&digest.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checksum_of(content: &[u8]) -> Result<String> {
        let folder = tempfile::tempdir().map_err(|error| Failure::defect(error.to_string()))?;
        let path = folder.path().join("file");
        std::fs::write(&path, content).map_err(|error| Failure::io("cannot write", &path, error))?;
        sha256_of_file(&path)
    }

    #[test]
    fn agrees_with_published_values() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(checksum_of(b"").unwrap(), empty);
        assert_eq!(checksum_of(b"abc").unwrap(), abc);
    }

    #[test]
    fn reads_past_its_buffer() {
        // A million times "a", from the examples of FIPS 180.
        let million = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
        assert_eq!(checksum_of(&[b'a'; 1_000_000]).unwrap(), million);
    }

    #[test]
    fn a_missing_file_is_named() {
        let failure = sha256_of_file(Path::new("nowhere/table.parquet")).unwrap_err();
        assert!(failure.message.contains("nowhere/table.parquet"), "{failure}");
    }
}
