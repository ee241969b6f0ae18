//! What the workbook rests on: the quality of the night's data, and what every word and column means.

use rust_xlsxwriter::Worksheet;

use crate::model::contract::Contracts;
use crate::model::manifest::{Manifest, Verdict};
use crate::publish::workbook::cells::{Written, write_text};
use crate::publish::workbook::formats::Formats;
use crate::publish::workbook::words::Words;

/// The heading of the definitions.
const HEADING: u32 = 2;

/// Lines about the night. Readers of one region get those that say nothing of the others.
pub(super) fn facts(manifest: &Manifest, is_whole: bool, words: Words) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut add = |label: &str, text: String| facts.push((label.to_owned(), text));
    let known = |text: &Option<String>| text.clone().unwrap_or_else(|| words.say("unknown", "未知").to_owned());
    add(words.say("As of", "截至"), known(&manifest.as_of));
    add(words.say("Compared with", "对比基期"), known(&manifest.comparison_base));
    add(words.say("Newest sale", "最新销售日"), known(&manifest.newest_sale));
    for lack in &manifest.degraded {
        add(words.say("Not computed", "未计算"), format!("{}: {}", lack.what, lack.reason));
    }
    if is_whole {
        for check in manifest.checks.iter().filter(|check| check.verdict != Verdict::Pass) {
            add(check.verdict.word(), check.line());
        }
        for warning in &manifest.warnings {
            add(words.say("Warning", "警告"), warning.clone());
        }
    }
    facts
}

/// Writes the sheet of definitions: words first, then every column of every table.
pub(super) fn write_definitions(
    sheet: &mut Worksheet,
    contracts: &Contracts,
    formats: &Formats,
    words: Words,
) -> Written {
    write_text(sheet, 0, 0, words.say("Definitions", "数据定义"), &formats.title)?;
    let columns = [
        (words.say("Table", "表"), 26.0),
        (words.say("Column", "列"), 30.0),
        (words.say("Name", "名称"), 30.0),
        (words.say("Type", "类型"), 10.0),
        (words.say("Unit", "单位"), 18.0),
        (words.say("Description", "说明"), 100.0),
    ];
    for (column, (heading, width)) in (0..).zip(columns) {
        sheet.set_column_width(column, width)?;
        write_text(sheet, HEADING, column, heading, &formats.heading)?;
    }
    let mut next = HEADING + 1;
    for (word, english, chinese) in WORDS {
        write_line(sheet, next, ["", word, "", "", "", words.say(english, chinese)], formats)?;
        next += 1;
    }
    for (table, contract) in contracts {
        let about = format!("{}. {}", contract.purpose, contract.grain);
        write_line(sheet, next, [table.as_str(), "", "", "", "", about.as_str()], formats)?;
        next += 1;
        for column in &contract.columns {
            let (name, unit) = (words.column(&column.name), column.unit.as_deref().unwrap_or_default());
            let (known, meaning) = (column.name.as_str(), column.description.as_str());
            let cells = [table.as_str(), known, name.as_str(), column.kind.name(), unit, meaning];
            write_line(sheet, next, cells, formats)?;
            next += 1;
        }
    }
    sheet.autofilter(HEADING, 0, next - 1, 5)?.set_freeze_panes(HEADING + 1, 2)?.set_repeat_rows(HEADING, HEADING)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

fn write_line(sheet: &mut Worksheet, row: u32, texts: [&str; 6], formats: &Formats) -> Written {
    for (column, text) in (0..).zip(texts) {
        write_text(sheet, row, column, text, &formats.wrapped)?;
    }
    Ok(())
}

/// Words that stand in the tables or above them, and what they mean.
const WORDS: [(&str, &str, &str); 23] = [
    (
        "12 weeks, current window",
        "The 84 days to the day \"as of\": three periods of 28 days.",
        "截止日前84天：三个28天的期次。",
    ),
    (
        "base",
        "The window that the current one is compared with: the same weeks a year ago (year_ago), or the 12 weeks before (prior).",
        "用于对比的区间：去年同期（year_ago），或之前12周（prior）。",
    ),
    (
        "covered outlet",
        "An outlet that the master data gives to the dealer and that is open, or that ordered within 52 weeks.",
        "主数据归属该经销商且营业的网点，或52周内有订单的网点。",
    ),
    ("active outlet", "A covered outlet with an order in the window.", "区间内有订单的覆盖网点。"),
    (
        "driver",
        "Sales are covered outlets x active rate x orders per active outlet x average order value, plus returns. The drivers split a change of sales among these exactly.",
        "销售额 = 覆盖网点数 × 活跃率 × 单活跃网点订单数 × 平均订单金额 + 退货。各动因将销售变动精确分解到这些因素。",
    ),
    (
        "threshold",
        "The median of the dealer's peers, or the number of the job file. An axis of the class turns when the probability of being above it leaves 0.2 to 0.8.",
        "同类经销商的中位数，或配置中的数值。高于阈值的概率越出0.2至0.8时，该维度才会改变。",
    ),
    ("star", "Strong coverage, high performance.", "覆盖强，业绩高。"),
    ("expand", "Weak coverage, high performance: grow horizontally.", "覆盖弱，业绩高：横向增长。"),
    ("deepen", "Strong coverage, low performance: grow vertically.", "覆盖强，业绩低：纵向增长。"),
    ("fix", "Weak coverage, low performance: diagnose first.", "覆盖弱，业绩低：先诊断。"),
    ("new", "Fewer than 84 days since onboarding or the first sale.", "签约或首次销售不足84天。"),
    ("unrated", "A measure is missing; the reason says which.", "缺少指标，见原因。"),
    ("horizontal", "New outlets, channels and territories.", "新网点、新渠道、新地区。"),
    ("vertical", "More from the outlets that the dealer already has.", "从现有网点获得更多。"),
    ("frequency", "A lever: present outlets order more often.", "抓手：提高现有网点订货频次。"),
    ("ticket", "A lever: present outlets buy more in an order.", "抓手：提高现有网点单均金额。"),
    ("activate", "A lever: covered outlets that do not order begin to.", "抓手：激活未下单的覆盖网点。"),
    (
        "retain",
        "A lever: outlets that are about to leave stay. It protects sales and is never added to growth.",
        "抓手：挽留可能流失的网点。属于保护销售，不计入增长。",
    ),
    (
        "expected value, low, high",
        "What is expected in the next 12 weeks, and the interval in which four of five outcomes lie.",
        "未来12周的预期金额，以及五次中四次会落入的区间。",
    ),
    ("reachable", "What is usual at this time of the year suffices for the goal.", "当季常规销售即可达成目标。"),
    (
        "stretch",
        "It takes the found opportunities as well, and that they come out well.",
        "还需发现的机会，且结果较好。",
    ),
    ("out_of_reach", "Not even then.", "即便如此仍不够。"),
    ("restatement", "An export says something else of a day than it said before.", "导出文件对某天的数据与此前不同。"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::manifest::{CheckResult, Status};
    use crate::publish::samples;

    #[test]
    fn a_region_is_not_told_of_other_exports() {
        let mut manifest = samples::manifest("r1", Status::Published);
        manifest.warnings.push("exports/south.csv is empty".to_owned());
        let (name, allowed, observed) = ("rows".to_owned(), "10".to_owned(), "5".to_owned());
        manifest.checks.push(CheckResult { name, verdict: Verdict::Warn, observed, allowed });
        let whole = facts(&manifest, true, Words::of("en"));
        assert_eq!(whole.len(), 5);
        assert_eq!(whole[3], ("WARN".to_owned(), "rows: 5 (10)".to_owned()));
        assert_eq!(facts(&manifest, false, Words::of("en")).len(), 3);
    }
}
