//! Staging that was damaged since it was written, and staging that is not ours.

use std::fs;
use std::path::PathBuf;

use crate::workdir::Workdir;

/// What happens to a file; `None` removes it.
type Damage = fn(Vec<u8>) -> Option<Vec<u8>>;

const DAMAGES: [(&str, Damage); 7] = [
    (".parquet", flipped),
    (".parquet", |whole| Some(whole[..whole.len() / 2].to_vec())),
    (".parquet", |_| Some(Vec::new())),
    (".parquet", |_| None),
    (".rejections.parquet", flipped),
    (".rejections.parquet", |_| Some(b"PAR1 something else PAR1".to_vec())),
    (".json", |whole| Some(whole[..whole.len() / 2].to_vec())),
];

fn flipped(mut whole: Vec<u8>) -> Option<Vec<u8>> {
    let middle = whole.len() / 2;
    whole[middle] ^= 1;
    Some(whole)
}

/// The staging file of the one sales export.
fn staged(dir: &Workdir, suffix: &str) -> PathBuf {
    let names = dir.names("out/staging/sales");
    let is_wanted = |name: &&String| name.split_once('.').is_some_and(|(_, rest)| format!(".{rest}") == suffix);
    let found: Vec<_> = names.iter().filter(is_wanted).collect();
    assert_eq!(found.len(), 1, "{suffix} in {names:?}");
    dir.path("out/staging/sales").join(found[0])
}

#[test]
fn damaged_staging_is_made_anew_with_a_warning() {
    let dir = Workdir::new();
    dir.run(&["run"]).exits(0);
    let tables = dir.published().checksums();
    for (suffix, damage) in DAMAGES {
        let path = staged(&dir, suffix);
        match damage(fs::read(&path).unwrap()) {
            Some(damaged) => fs::write(&path, damaged).unwrap(),
            None => fs::remove_file(&path).unwrap(),
        }
        let said = "sales.csv was staged anew, because its staging of an earlier run is damaged: ";
        dir.run(&["run", "--force"])
            .exits(0)
            .stderr_has(&format!("WARN     {said}"))
            .stderr_has("ingest   2 exports, 1 of them unchanged and reused from staging");
        assert_eq!(dir.published().checksums(), tables, "{suffix}");
        let warning = dir.published().manifest()["warnings"][0].as_str().unwrap().to_owned();
        assert!(warning.starts_with(said), "{warning}");
    }
    dir.run(&["run", "--force"])
        .exits(0)
        .stderr_lacks("staged anew")
        .stderr_has("ingest   2 exports, 2 of them unchanged and reused from staging");
}

#[test]
fn staging_of_another_version_is_left_alone() {
    let dir = Workdir::new()
        .file("out/staging/sales/0123456789abcde.json", "{\"rows_read\":1}")
        .file("out/staging/sales/0123456789abcde.parquet", "PAR1");
    dir.run(&["run"]).exits(0).stderr_lacks("WARN").stderr_has("2 exports, 0 of them unchanged");
    assert_eq!(dir.published().sales_of("D2"), "250.0000");
}
