//! Plain names of columns, for headings.

/// Stems of column names in both languages. What is not here is read from the name itself.
const NAMES: [(&str, &str, &str); 175] = [
    ("active_outlets", "Active outlets", "活跃网点数"),
    ("active_rate", "Active rate", "活跃率"),
    ("activity_effect", "Active rate", "活跃率影响"),
    ("activation_rate", "Activation rate", "新开率"),
    ("adopted_seen", "Gaps closed, observed", "已补缺口数（观察）"),
    ("adopters_seen", "Buyers observed", "观察到的购买者数"),
    ("adoption_probability", "Probability of adoption", "采购概率"),
    ("amount", "Amount", "金额"),
    ("as_of", "As of", "截止日"),
    ("attainment", "Attainment", "目标达成率"),
    ("attainment_note", "Note on attainment", "达成率说明"),
    ("average_order_value", "Average order value", "平均订单金额"),
    ("behaviour", "Behaviour", "网点行为"),
    ("benchmark", "Benchmark", "对标值"),
    ("benchmark_level", "Benchmark group", "对标范围"),
    ("calibration_factor", "Calibration factor", "校准系数"),
    ("candidate_rank", "Rank among candidates", "候选排名"),
    ("candidates", "Candidates", "候选经销商数"),
    ("category", "Category", "品类"),
    ("change_cause", "Cause of the change", "变动原因"),
    ("channel", "Channel", "渠道"),
    ("channel_sales_per_order", "Sales per order in the channel", "渠道单均销售额"),
    ("comparison_base", "Comparison base", "对比基期"),
    ("coverage_benchmark_level", "Peer group, coverage", "覆盖对标范围"),
    ("coverage_effect", "Covered outlets", "覆盖网点影响"),
    ("coverage_metric", "Coverage measured by", "覆盖指标"),
    ("coverage_peers", "Peers, coverage", "覆盖对标经销商数"),
    ("coverage_probability", "Probability of strong coverage", "覆盖强的概率"),
    ("coverage_threshold", "Coverage threshold", "覆盖阈值"),
    ("coverage_value", "Coverage", "覆盖值"),
    ("covered_outlets", "Covered outlets", "覆盖网点数"),
    ("credibility", "Credibility of the own mean", "自身均值可信度"),
    ("dealer_class", "Class", "类别"),
    ("dealer_id", "Dealer", "经销商编号"),
    ("dealer_name", "Dealer name", "经销商名称"),
    ("dealer_outlets_in_cell", "Own outlets in the cell", "本单元自有网点数"),
    ("dealer_outlets_in_territory", "Own outlets in the territory", "本地区自有网点数"),
    ("distribution_note", "Note on distribution", "铺货率说明"),
    ("drop_probability", "Probability of a real drop", "真实下滑概率"),
    ("ends_on", "Ends on", "结束日"),
    ("entered", "Channels entered", "新进渠道"),
    ("evidence", "Evidence", "依据"),
    ("exited", "Channels left", "退出渠道"),
    ("expected_outlets", "Expected new outlets", "预期新增网点数"),
    ("expected_value", "Expected value", "预期金额"),
    ("export", "Export", "导出文件"),
    ("first_12w_value", "Value of their first 12 weeks", "首12周金额"),
    ("first_sold_on", "First sale", "首次销售日"),
    ("frequency_effect", "Orders per active outlet", "订货频次影响"),
    ("gap", "Gap", "缺口"),
    ("gaps_seen", "Gaps observed", "观察到的缺口数"),
    ("goal_factor", "Goal against now", "目标倍数"),
    ("goal_sales", "Goal", "目标销售额"),
    ("hhi", "Concentration (HHI)", "集中度（HHI）"),
    ("high_value", "High (80 %)", "上限（80%）"),
    ("horizontal_expected", "Expected from new outlets", "横向预期"),
    ("horizontal_value", "Of which new outlets", "其中横向"),
    ("is_changed", "Changed", "是否变动"),
    ("is_coverage_strong", "Coverage is strong", "覆盖是否强"),
    ("is_growth", "Counts as growth", "是否计入增长"),
    ("is_lead", "First candidate", "是否首选"),
    ("is_performance_high", "Performance is high", "业绩是否高"),
    ("is_universe_too_small", "Universe too small", "市场网点总数偏小"),
    ("kind", "Kind", "类型"),
    ("learned_level", "Learned from", "学习范围"),
    ("learned_periods", "Periods learned from", "学习期数"),
    ("lever", "Lever", "抓手"),
    ("lookalike_kind", "Kind of look-alikes", "相似网点类型"),
    ("lookalikes", "Look-alikes", "相似网点数"),
    ("low_value", "Low (80 %)", "下限（80%）"),
    ("manager", "Manager", "负责人"),
    ("normal_orders", "Normal orders", "正常订单数"),
    ("normal_sales", "Normal sales", "正常销售额"),
    ("numeric_distribution", "Numeric distribution", "数值铺货率"),
    ("onboarded_on", "Onboarded", "签约日"),
    ("opportunity_type", "Type of opportunity", "机会类型"),
    ("order_size", "Order size", "订单规模"),
    ("order_value", "Order value", "订单金额"),
    ("orders", "Orders", "订单数"),
    ("orders_per_active_outlet", "Orders per active outlet", "单活跃网点订单数"),
    ("outcome", "Outcome", "处理结果"),
    ("outlet_expected_value", "Expected value of the outlet", "网点预期金额"),
    ("outlet_id", "Outlet", "网点编号"),
    ("outlet_name", "Outlet name", "网点名称"),
    ("outlets_to_threshold", "Outlets to the threshold", "距阈值网点数"),
    ("own_period_mean", "Own mean a period", "自身期均销售额"),
    ("peer_buyers", "Peers that buy it", "购买的同类网点数"),
    ("peer_count", "Peers", "同类数量"),
    ("peer_period_mean", "Peers' mean a period", "同类期均销售额"),
    ("performance_benchmark_level", "Peer group, performance", "业绩对标范围"),
    ("performance_metric", "Performance measured by", "业绩指标"),
    ("performance_peers", "Peers, performance", "业绩对标经销商数"),
    ("performance_probability", "Probability of high performance", "业绩高的概率"),
    ("performance_threshold", "Performance threshold", "业绩阈值"),
    ("performance_value", "Performance", "业绩值"),
    ("period", "Period of 4 weeks", "期次（4周）"),
    ("planned_sales", "Planned sales", "计划销售额"),
    ("potential", "Potential", "潜力"),
    ("previous_class", "Class before", "原类别"),
    ("prior_probability", "Probability in the channel", "渠道概率"),
    ("probability", "Probability", "概率"),
    ("rank_in_dealer", "Rank in the dealer", "经销商内排名"),
    ("rank_in_pair", "Rank at the outlet", "网点内排名"),
    ("rank_in_region", "Rank in the region", "大区内排名"),
    ("rate_basis", "Rate applies to", "新开率基数类型"),
    ("rate_outlets", "Outlets the rate applies to", "新开率基数"),
    ("reachability", "Within reach", "可达性"),
    ("reason", "Reason", "原因"),
    ("reason_code", "Reason", "原因代码"),
    ("region", "Region", "大区"),
    ("remaining", "Not found yet", "尚待寻找"),
    ("remaining_value", "Of which not found yet", "其中尚待寻找"),
    ("returns", "Returns", "退货"),
    ("returns_effect", "Returns", "退货影响"),
    ("room_outlets", "Room to the benchmark", "距对标网点数"),
    ("rows", "Rows", "行数"),
    ("sales", "Net sales", "净销售额"),
    ("sales_change", "Change of net sales", "净销售额变动"),
    ("sales_growth", "Growth", "增长率"),
    ("sales_growth_note", "Note on growth", "增长说明"),
    ("sales_per_order", "Sales per order", "单均销售额"),
    ("sales_per_outlet", "Sales per new outlet", "新网点均销售额"),
    ("sales_to_threshold", "Sales to the threshold", "距阈值销售额"),
    ("scenario", "Scenario", "情景"),
    ("season", "Season", "季节系数"),
    ("shortfall", "Shortfall", "短缺额"),
    ("snapshot", "Periods ago", "距今期数"),
    ("snapshot_on", "Day", "日期"),
    ("source", "Source", "数据源"),
    ("spend_if_adopted", "Spent if adopted", "采购后金额"),
    ("spend_in_orders", "Spent, in orders", "采购量（订单数）"),
    ("spend_level", "Spending learned from", "采购额学习范围"),
    ("starts_on", "Starts on", "开始日"),
    ("status", "Status", "状态"),
    ("stretch_value", "Stretch (75 %)", "冲刺值（75%）"),
    ("target", "Target", "目标"),
    ("territory", "Territory", "地区"),
    ("ticket_effect", "Average order value", "单均金额影响"),
    ("tier", "Tier", "级别"),
    ("uncovered_outlets", "Uncovered outlets", "未覆盖网点数"),
    ("universe_outlets", "Outlets that exist", "市场网点总数"),
    ("unknown_amount_rows", "Rows of unknown amount", "金额不明行数"),
    ("value_level", "Value learned from", "金额学习范围"),
    ("value_outlets", "New outlets behind the value", "金额样本网点数"),
    ("vertical_expected", "Expected from present outlets", "纵向预期"),
    ("vertical_value", "Of which present outlets", "其中纵向"),
    ("weighted_distribution", "Weighted distribution", "加权铺货率"),
    ("table_name", "Table", "表"),
    ("column_name", "Column", "列"),
    ("description", "Description", "说明"),
    ("unit", "Unit", "单位"),
    ("common_factor", "Factor, if all four rise alike", "四因素同步所需倍数"),
    ("common_factor_of_three", "Factor, if the active rate stays", "活跃率不变时三因素所需倍数"),
    ("current_sales", "Of today's sales", "对应的当前销售额"),
    ("dealer_expected_value", "Expected, all gaps of the dealer", "经销商全部缺口预期"),
    ("dealer_high_value", "High, all gaps of the dealer", "经销商全部缺口上限"),
    ("dealer_low_value", "Low, all gaps of the dealer", "经销商全部缺口下限"),
    ("expected_factor", "Today's sales times, if all expected comes", "预期实现后的倍数"),
    ("expected_total", "Expected in all", "预期合计"),
    ("horizontal_high", "New outlets, if they do well", "横向上限"),
    ("is_not_reported", "Not reported", "未上报"),
    ("label_reached_share", "Share of them that reached it", "其中达成比例"),
    ("label_trials", "Earlier dealers with this label", "过往同标签经销商数"),
    ("net_active_expected", "Net of all active outlets", "全部活跃网点净变化"),
    ("numeric_distribution_without_suspects", "Numeric distribution without suspects", "剔除疑似重复后的数值铺货率"),
    ("reported_until", "Reported until", "上报至"),
    ("retain_expected", "At stake in outlets to keep", "待挽留金额"),
    ("season_basis", "Group of the season", "季节依据"),
    ("season_factor", "Season", "季节系数"),
    ("season_outlets", "Outlets behind the season", "季节依据网点数"),
    ("season_share", "Share of the period", "期次占比"),
    ("stretch_total", "In all, if they do well", "乐观合计"),
    ("suspected_duplicate_outlets", "Suspected duplicates", "疑似重复网点数"),
    ("usual_sales", "Sales as usual", "常态销售额"),
    ("vertical_stretch", "Present outlets, if they do well", "纵向乐观值"),
];

/// Endings that say the window, or whose figure it is.
const ENDINGS: [(&str, &str, &str); 5] = [
    ("_12w", "12 weeks", "12周"),
    ("_52w", "52 weeks", "52周"),
    ("_base", "base", "基期"),
    ("_expected", "expected", "预期"),
    ("_needed", "needed", "所需"),
];

/// The plain name of a column: `active_outlets_12w` is "Active outlets (12 weeks)".
pub(super) fn plain(name: &str, is_chinese: bool) -> String {
    if let Some((_, english, chinese)) = NAMES.iter().find(|(known, _, _)| *known == name) {
        return if is_chinese { (*chinese).to_owned() } else { (*english).to_owned() };
    }
    for (ending, english, chinese) in ENDINGS {
        if let Some(stem) = name.strip_suffix(ending) {
            let stem = plain(stem, is_chinese);
            return if is_chinese { format!("{stem}（{chinese}）") } else { format!("{stem} ({english})") };
        }
    }
    let mut letters = name.chars().map(|letter| if letter == '_' { ' ' } else { letter });
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_put_behind_the_stem() {
        assert_eq!(plain("active_outlets_12w", false), "Active outlets (12 weeks)");
        assert_eq!(plain("average_order_value_base", true), "平均订单金额（基期）");
        assert_eq!(plain("first_12w_value", false), "Value of their first 12 weeks");
        assert_eq!(plain("shelf_metres_52w", false), "Shelf metres (52 weeks)");
    }

    /// The columns of a built-in mart, by its contract.
    fn columns(mart: &str) -> Vec<String> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("queries/marts");
        let contract = std::fs::read_to_string(folder.join(format!("{mart}.contract.toml"))).unwrap();
        let names = contract.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
        names.map(str::to_owned).collect()
    }

    #[test]
    fn every_heading_is_chinese_in_a_chinese_workbook() {
        for mart in [
            "dealer_scorecard",
            "dealer_class_history",
            "growth_drivers",
            "data_quality",
            "vertical_opportunities",
            "horizontal_opportunities",
            "range_gaps",
            "growth_goals",
            "growth_plan",
        ] {
            let columns = columns(mart);
            let english: Vec<String> =
                columns.iter().map(|column| plain(column, true)).filter(|name| name.is_ascii()).collect();
            assert!(columns.len() > 5 && english.is_empty(), "{mart}: {english:?}");
        }
    }

    #[test]
    fn names_are_unique() {
        let known: std::collections::BTreeSet<_> = NAMES.iter().map(|(name, _, _)| name).collect();
        assert_eq!(known.len(), NAMES.len());
    }
}
