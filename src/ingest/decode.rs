//! Delimited text as plain UTF-8 with lines that end by a line feed: finds the encoding, and transcodes where it has to.
//!
//! The encoding is what the job file says; else a byte order mark; else UTF-8 if the whole file is; else UTF-16 by where
//! its NUL bytes stand; else a guess. Nothing is replaced silently: bytes that cannot be decoded stay invalid, and the
//! row that holds them is rejected.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use tempfile::TempPath;

use crate::config::SourceSection;
use crate::ingest::discover::Export;
use crate::ingest::unpack::Unpacked;
use crate::ingest::utf8::{Census, census};
use crate::model::failure::{Failure, Result};

const BUFFER: usize = 1 << 18;
/// Never valid in UTF-8: marks a place that could not be decoded.
const UNDECODABLE: &[u8] = &[0xFF];
/// Lines that are not UTF-8 up to which a file counts as UTF-8 with damaged rows.
const FEW_LINES: u64 = 5;

/// An export as UTF-8 text.
#[derive(Debug)]
pub struct Text {
    pub path: PathBuf,
    pub encoding: &'static str,
    pub is_guess: bool,
    /// Held for its drop, which removes the unpacked or transcoded file.
    _held: Held,
}

/// The file behind a text.
#[derive(Debug)]
enum Held {
    Unpacked { _file: Unpacked },
    Made { _file: TempPath },
}

/// Makes an export readable; temporary files go to `scratch`.
pub fn decode(export: &Export, section: &SourceSection, unpacked: Unpacked, scratch: &Path) -> Result<Text> {
    let (encoding, is_guess) = encoding_of(export, section, &unpacked.path)?;
    let failed = |error: std::io::Error| Failure::io("cannot decode", &export.path, error);
    let mut text = Text {
        path: unpacked.path.clone(),
        encoding: encoding.name(),
        is_guess,
        _held: Held::Unpacked { _file: unpacked },
    };
    if encoding != UTF_8 {
        text.replace_by(transcode(&text.path, encoding, scratch).map_err(failed)?);
    }
    if ends_lines_by_cr(&head(&text.path).map_err(failed)?) {
        text.replace_by(with_line_feeds(&text.path, scratch).map_err(failed)?);
    }
    Ok(text)
}

impl Text {
    fn replace_by(&mut self, file: TempPath) {
        self.path = file.to_path_buf();
        self._held = Held::Made { _file: file };
    }
}

/// Old programs end lines with a carriage return alone.
fn ends_lines_by_cr(head: &[u8]) -> bool {
    // The last byte of the head may be the first half of a line end.
    let inner = head.split_last().map_or(head, |(_, inner)| inner);
    inner.contains(&b'\r') && !head.contains(&b'\n')
}

fn with_line_feeds(path: &Path, scratch: &Path) -> std::io::Result<TempPath> {
    let mut writer = BufWriter::with_capacity(BUFFER, tempfile::NamedTempFile::new_in(scratch)?);
    let mut file = File::open(path)?;
    let mut buffer = vec![0; BUFFER];
    loop {
        let count = file.read(&mut buffer)?;
        let block = buffer.get_mut(..count).unwrap_or_default();
        block.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        writer.write_all(block)?;
        if count == 0 {
            return Ok(writer.into_inner().map_err(std::io::IntoInnerError::into_error)?.into_temp_path());
        }
    }
}

fn encoding_of(export: &Export, section: &SourceSection, path: &Path) -> Result<(&'static Encoding, bool)> {
    let unreadable = |error: std::io::Error| Failure::unreadable(&export.path, &error);
    let head = head(path).map_err(unreadable)?;
    let marked = Encoding::for_bom(&head).map(|(encoding, _)| encoding);
    if section.encoding != "auto" {
        let named = named(&section.encoding, export)?;
        // The label says nothing of the order of bytes; the mark does.
        let is_turned = section.encoding.eq_ignore_ascii_case("utf-16") && marked == Some(UTF_16BE);
        return Ok((if is_turned { UTF_16BE } else { named }, false));
    }
    if let Some(encoding) = marked {
        return Ok((encoding, false));
    }
    if let Some(encoding) = utf16_by_nul_parity(&head) {
        return Ok((encoding, true));
    }
    if export.is_ascii && path == export.path {
        return Ok((UTF_8, false));
    }
    // A header that is not UTF-8 says that nothing is; a few lines in the middle are damaged ones.
    let is_header_invalid =
        head.split(|byte| *byte == b'\n').next().is_some_and(|line| std::str::from_utf8(line).is_err());
    let Census { invalid_lines, multibyte_lines } = census(path).map_err(unreadable)?;
    let is_damaged = !is_header_invalid && invalid_lines <= FEW_LINES;
    if invalid_lines == 0 || is_damaged || invalid_lines <= multibyte_lines {
        return Ok((UTF_8, false));
    }
    detect(path).map(|encoding| (encoding, true)).map_err(unreadable)
}

/// The encoding of the job file; the Chinese ones are all read as the widest of them.
fn named(label: &str, export: &Export) -> Result<&'static Encoding> {
    let encoding = Encoding::for_label(label.as_bytes()).ok_or_else(|| {
        Failure::job_file(format!("sources.{}.encoding = \"{label}\" is no encoding", export.source))
            .hint("write utf-8, utf-16le, utf-16be, gb18030, big5, shift_jis, windows-1252 ... or auto")
    })?;
    Ok(if encoding == GBK { GB18030 } else { encoding })
}

fn head(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(4_096).read_to_end(&mut head)?;
    Ok(head)
}

/// In mostly Latin text, UTF-16 has a NUL in every other byte, always on the same side; in Chinese text still one for each
/// delimiter, digit and line end.
fn utf16_by_nul_parity(head: &[u8]) -> Option<&'static Encoding> {
    if begins_plainly(head) {
        return None;
    }
    let nuls = |side: usize| head.iter().skip(side).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (nuls(0), nuls(1), head.len() / 2);
    let is_side = |side: usize, other: usize| {
        side * 10 > half * 4 && other * 10 <= half * 4 || side >= 8 && side * 20 >= half && side >= other * 4
    };
    match (is_side(even, odd), is_side(odd, even)) {
        (false, true) => Some(UTF_16LE),
        (true, false) => Some(UTF_16BE),
        _ => None,
    }
}

/// The first line of a table in UTF-16 has a NUL at each of its delimiters, whatever the rest is; one that is plain has none,
/// and NULs further down are damage.
fn begins_plainly(head: &[u8]) -> bool {
    let line = head.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    !line.is_empty() && line.iter().all(|byte| matches!(byte, b'\t' | 0x20..=0x7E))
}

fn detect(path: &Path) -> std::io::Result<&'static Encoding> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut file = File::open(path)?;
    let mut buffer = vec![0; BUFFER];
    loop {
        let count = file.read(&mut buffer)?;
        detector.feed(buffer.get(..count).unwrap_or_default(), count == 0);
        if count == 0 {
            break;
        }
    }
    let guess = detector.guess(None, Utf8Detection::Deny);
    Ok(if guess == GBK { GB18030 } else { guess })
}

fn transcode(path: &Path, encoding: &'static Encoding, scratch: &Path) -> std::io::Result<TempPath> {
    let target = tempfile::NamedTempFile::new_in(scratch)?;
    let mut writer = BufWriter::with_capacity(BUFFER, target);
    let mut decoder = encoding.new_decoder_with_bom_removal();
    let mut file = File::open(path)?;
    let (mut input, mut output) = (vec![0; BUFFER], vec![0; BUFFER]);
    loop {
        let count = file.read(&mut input)?;
        let mut rest = input.get(..count).unwrap_or_default();
        loop {
            let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, &mut output, count == 0);
            writer.write_all(output.get(..written).unwrap_or_default())?;
            rest = rest.get(read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => writer.write_all(UNDECODABLE)?,
            }
        }
        if count == 0 {
            break;
        }
    }
    let target = writer.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    Ok(target.into_temp_path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf16_is_known_by_the_side_of_its_nuls() {
        let little: Vec<u8> = "a,b\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "a,b\n1,2\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(utf16_by_nul_parity(&little), Some(UTF_16LE));
        assert_eq!(utf16_by_nul_parity(&big), Some(UTF_16BE));
        let chinese = "日期,经销商编码,金额\n2024-05-27,上海好运商贸,12\n".encode_utf16();
        assert_eq!(utf16_by_nul_parity(&chinese.flat_map(u16::to_le_bytes).collect::<Vec<_>>()), Some(UTF_16LE));
        assert_eq!(utf16_by_nul_parity(b"a,b\n1,\x002\n"), None);
        let damaged = [b"sold_on,dealer_id,amount\n".to_vec(), b"\x002".repeat(40)].concat();
        assert_eq!(utf16_by_nul_parity(&damaged), None, "a plain header above NULs");
    }
}
