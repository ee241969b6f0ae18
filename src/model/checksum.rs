//! The SHA-256 of files and texts, as `sha256sum` prints it: of inputs, tables and settings alike. Where a number is enough,
//! XXH64.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};
use twox_hash::XxHash64;

use crate::model::failure::{Failure, Result};

const BUFFER: usize = 1 << 18;

/// Size in bytes and checksum of a file.
pub fn of_file(path: &Path) -> Result<(u64, String)> {
    of_file_and(path, |_| Ok(()))
}

/// The same, while `look` sees each block of the file, so that whoever wants to know more need not read it again. Its
/// failure ends the reading.
pub fn of_file_and(path: &Path, mut look: impl FnMut(&[u8]) -> Result<()>) -> Result<(u64, String)> {
    let mut file = File::open(path).map_err(|error| Failure::unreadable(path, &error))?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; BUFFER];
    let mut bytes = 0;
    loop {
        let count = file.read(&mut buffer).map_err(|error| Failure::unreadable(path, &error))?;
        let Some(filled) = buffer.get(..count).filter(|filled| !filled.is_empty()) else { break };
        digest.update(filled);
        look(filled)?;
        bytes += filled.len() as u64;
    }
    Ok((bytes, hex(&digest.finalize())))
}

/// Checksum of parts, each ended by a zero byte so that their borders count.
pub fn of_parts(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    hex(&digest.finalize())
}

/// The XXH64 of a text as a signed number, the same on every machine.
pub fn number(text: &str) -> i64 {
    XxHash64::oneshot(0, text.as_bytes()).cast_signed()
}

/// Two XXH64 of different seeds, as one number of 128 bits.
pub fn wide_number(bytes: &[u8]) -> u128 {
    u128::from(XxHash64::oneshot(0, bytes)) << 64 | u128::from(XxHash64::oneshot(1, bytes))
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
        of_file(&path).map(|(_, sha256)| sha256)
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
        let failure = of_file(Path::new("nowhere/table.parquet")).unwrap_err();
        assert!(failure.message.contains("nowhere/table.parquet"), "{failure}");
    }

    #[test]
    fn agrees_with_the_published_value_of_an_empty_input() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("empty");
        std::fs::write(&path, "").unwrap();
        let expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(of_file(&path).unwrap(), (0, expected.to_owned()));
    }

    #[test]
    fn numbers_agree_with_published_values() {
        // From the examples of the reference implementation of XXH64.
        assert_eq!(number(""), 0xEF46_DB37_51D8_E999_u64.cast_signed());
        assert_eq!(number("a"), 0xD24E_C4F1_A98C_6E5B_u64.cast_signed());
        assert_eq!(wide_number(b"a") >> 64, 0xD24E_C4F1_A98C_6E5B);
    }

    #[test]
    fn borders_of_parts_count() {
        assert_ne!(of_parts(&["ab", "c"]), of_parts(&["a", "bc"]));
    }
}
