//! Marts and checks of the user's own, in the folder that `[queries] extra` names.

use crate::workdir::Workdir;

const REGION_SALES: &str = "\
-- purpose: sales by region
select d.region, sum(s.amount) as sales
from sales as s
inner join dealers as d on d.dealer_id = s.dealer_id
group by d.region
";

const CONTRACT: &str = r#"
purpose = "sales by region"
grain = "one row per region"
key = ["region"]

[[column]]
name = "region"
type = "text"
description = "Region of the dealer."

[[column]]
name = "sales"
type = "money"
description = "Net sales."
"#;

/// A job with a mart of its own.
fn own_mart(sql: &str) -> Workdir {
    Workdir::new()
        .add_to_job("[queries]\nextra = \"own\"")
        .file("own/marts/region_sales.sql", sql)
        .file("own/marts/region_sales.contract.toml", CONTRACT)
}

/// Runs a job whose own query is wrong, and gives what it says.
fn refusal(dir: &Workdir) -> String {
    let outcome = dir.run(&["run"]).exits(78);
    dir.has_published_nothing();
    outcome.stderr
}

#[test]
fn a_mart_of_ones_own_is_published_and_described_beside_the_others() {
    let dir = own_mart(REGION_SALES);
    dir.run(&["run"]).exits(0);
    let published = dir.published();
    assert_eq!(published.column("region_sales", "region"), ["North", "South"]);
    assert_eq!(published.column("region_sales", "sales"), ["80.0000", "250.0000"]);
    let described = published.column("data_dictionary", "table_name");
    assert_eq!(described.iter().filter(|table| *table == "region_sales").count(), 2);
    assert!(published.checksums().contains_key("region_sales"));
    dir.run(&["schema", "region_sales", "--job", "dealerlens.toml"]).exits(0).stdout_has("Net sales.");
}

#[test]
fn a_mart_may_read_other_marts_and_helpers() {
    let dir = own_mart("select region, sales from helper").file(
        "own/intermediate/helper.sql",
        "select region, sum(sales_52w) as sales from dealer_scorecard group by region",
    );
    dir.run(&["run"]).exits(0);
    assert_eq!(dir.published().column("region_sales", "sales"), ["80.0000", "250.0000"]);
}

#[test]
fn a_changed_query_is_a_reason_to_run_again() {
    let dir = own_mart(REGION_SALES);
    dir.run(&["run"]).exits(0);
    dir.run(&["run"]).exits(0).stdout_has("unchanged");
    let dir = dir.file("own/marts/region_sales.sql", REGION_SALES.replace("group by", "where s.amount > 0 group by"));
    dir.run(&["run"]).exits(0).stdout_has("published");
    assert_eq!(dir.published().column("region_sales", "sales"), ["100.0000", "250.0000"]);
}

#[test]
fn a_mart_without_a_contract_is_told_which_file_to_write() {
    let dir = own_mart(REGION_SALES).without("own/marts/region_sales.contract.toml");
    insta::assert_snapshot!(refusal(&dir), @r"
    error: own/marts/region_sales.sql: the mart has no contract
    hint: write own/marts/region_sales.contract.toml with purpose, grain, key and one [[column]] for each column
    hint: nothing has been published yet
    ");
}

#[test]
fn an_unknown_relation_brings_the_name_that_is_near() {
    insta::assert_snapshot!(refusal(&own_mart("select region, sales from dealer_scorcard")), @r#"
    error: own/marts/region_sales.sql reads dealer_scorcard, and there is no such relation
    hint: did you mean "dealer_scorecard"?
    hint: nothing has been published yet
    "#);
}

#[test]
fn queries_that_read_each_other_are_shown_as_a_circle() {
    let dir = own_mart("select region, sales from helper")
        .file("own/intermediate/helper.sql", "select region, sales from region_sales");
    insta::assert_snapshot!(refusal(&dir), @r"
    error: queries read each other in a circle: helper -> region_sales -> helper
    hint: move what they share into a query of its own
    hint: nothing has been published yet
    ");
}

#[test]
fn an_unknown_parameter_brings_the_parameters() {
    let dir = own_mart(&REGION_SALES.replace("group by", "where s.sold_on < $as_off group by"));
    insta::assert_snapshot!(refusal(&dir), @r#"
    error: own/marts/region_sales.sql: there is no parameter $as_off
    hint: parameters are $as_of, $coverage_threshold, $goal, $is_settled, $lang, $performance, $performance_threshold, $previous_as_of, $report_within_days, $run_date
    hint: did you mean "$as_of"?
    hint: nothing has been published yet
    "#);
}

#[test]
fn an_unknown_column_brings_those_that_are_there() {
    let said = refusal(&own_mart("select region, amount as sales from dealers"));
    assert!(said.contains("own/marts/region_sales.sql: Schema error: No field named amount"), "{said}");
}

#[test]
fn columns_that_are_not_those_of_the_contract_are_named() {
    insta::assert_snapshot!(refusal(&own_mart(&REGION_SALES.replace("as sales", "as net"))), @r"
    error: own/marts/region_sales.sql: the query does not have the columns of its contract
    hint: only in the contract: sales
    hint: only in the query: net
    hint: the order counts too
    hint: nothing has been published yet
    ");
}

#[test]
fn a_type_against_the_contract_brings_the_cast() {
    let dir = own_mart("select region, 1.5 as sales from dealers");
    insta::assert_snapshot!(refusal(&dir), @r"
    error: own/marts/region_sales.sql: sales is Float64, not money
    hint: cast it in the query to Decimal128(18, 4)
    hint: nothing has been published yet
    ");
    dir.run(&["check"]).exits(78).stderr_has("sales is Float64, not money");
}

#[test]
fn null_where_the_contract_promises_a_value_is_refused() {
    let amount = "cast(case when region = 'North' then 1 end as decimal(18, 4))";
    let said = refusal(&own_mart(&format!("select region, {amount} as sales from dealers")));
    assert!(
        said.contains("table region_sales: column sales is NULL where region = South, against its contract"),
        "{said}"
    );
}

#[test]
fn two_rows_of_one_key_are_refused() {
    let said = refusal(&own_mart("select 'North' as region, cast(1 as decimal(18, 4)) as sales from dealers"));
    assert!(
        said.contains("table region_sales: two rows with region = North; a row should be one row per region"),
        "{said}"
    );
}

#[test]
fn a_name_that_is_taken_is_refused() {
    let dir = own_mart(REGION_SALES).file("own/intermediate/sales.sql", "select 1 as one");
    let said = refusal(&dir);
    assert!(said.contains("own/intermediate/sales.sql: queries/staging/sales.sql already defines sales"), "{said}");
}

#[test]
fn a_folder_without_queries_is_refused() {
    let dir = Workdir::new().add_to_job("[queries]\nextra = \"own\"");
    assert!(refusal(&dir).contains("own: there is no query in this folder"));
}

/// What a query may not do: define, change, write, set, look at the engine, or come with company.
const MORE_THAN_READING: [&str; 44] = [
    "create table stolen as select dealer_id from dealers",
    "create external table stolen stored as csv location 'dealers.csv'",
    "create view dealers as select 1 as one",
    "create or replace table dealers as select 1 as one",
    "create schema other",
    "create database other",
    "create function one() returns int return 1",
    "alter table dealers rename to stolen",
    "drop table dealers",
    "drop view dealers",
    "truncate table dealers",
    "select region, cast(1 as decimal(18, 4)) as sales into stolen from dealers",
    "insert into dealers select * from dealers",
    "insert into dealers values ('D3', 'East')",
    "update dealers set region = 'East'",
    "delete from dealers",
    "merge into dealers using sales on true when matched then delete",
    "with stolen as (insert into dealers values ('D3') returning *) select * from stolen",
    "with stolen as (delete from dealers) select region from stolen",
    "copy dealers to 'stolen.csv'",
    "copy (select 1 as one) to 'stolen.parquet' stored as parquet",
    "load data inpath 'dealers.csv' into table dealers",
    "attach 'stolen.db' as stolen",
    "install httpfs",
    "set datafusion.execution.target_partitions = 1",
    "set datafusion.catalog.information_schema = true",
    "reset datafusion.execution.batch_size",
    "use other",
    "pragma database_list",
    "explain select region from dealers",
    "explain analyze select region from dealers",
    "describe dealers",
    "show tables",
    "show all",
    "analyze table dealers",
    "prepare stolen as select 1 as one",
    "execute stolen",
    "deallocate stolen",
    "declare stolen cursor for select 1 as one",
    "call one()",
    "begin",
    "select 1 as one; select 2 as two",
    "select 1 as one; drop table dealers",
    "-- nothing but a comment",
];

#[test]
fn statements_that_do_more_than_read_are_refused_and_do_nothing() {
    for statement in MORE_THAN_READING {
        let dir = own_mart(statement);
        let said = refusal(&dir);
        assert!(said.contains("own/marts/region_sales.sql"), "{statement}: {said}");
        assert_eq!(dir.names("."), ["dealerlens.toml", "dealers.csv", "out", "own", "sales.csv"], "{statement}");
    }
}

#[test]
fn files_and_catalogs_are_no_relations() {
    let dir = own_mart(REGION_SALES);
    dir.run(&["run"]).exits(0);
    let table = dir.path("out/latest/dim_dealer.parquet").display().to_string();
    for relation in [
        "'dealers.csv'",
        "\"dealers.csv\"",
        "'/etc/passwd'",
        "'s3://company/in/dealers.csv'",
        "'https://example.com/dealers.parquet'",
        &format!("'{table}'"),
        &format!("\"{table}\""),
        &format!("read_parquet('{table}')"),
        "read_csv('dealers.csv')",
        "read_json('dealers.json')",
        "table(read_csv('dealers.csv'))",
        "lateral read_csv('dealers.csv')",
        "glob('*')",
        "range(1, 2)",
        "information_schema.tables",
        "information_schema.df_settings",
        "datafusion.information_schema.df_settings",
        "datafusion.public.dealers",
        "public.dealers",
    ] {
        for sql in [
            format!("select 'North' as region, cast(count(*) as decimal(18, 4)) as sales from {relation}"),
            format!("select region, cast((select count(*) from {relation}) as decimal(18, 4)) as sales from dealers"),
        ] {
            std::fs::write(dir.path("own/marts/region_sales.sql"), &sql).unwrap();
            let outcome = dir.run(&["check"]).exits(78);
            assert!(outcome.stderr.contains("own/marts/region_sales.sql"), "{sql}: {}", outcome.stderr);
        }
    }
}

#[test]
fn rows_out_of_nowhere_may_be_counted() {
    let sql = "select 'North' as region, cast(sum(value) as decimal(18, 4)) as sales from generate_series(1, 3)";
    let dir = own_mart(sql);
    dir.run(&["run"]).exits(0);
    assert_eq!(dir.published().column("region_sales", "sales"), ["6.0000"]);
}

#[test]
fn an_error_of_the_engine_quotes_no_more_than_the_beginning_of_a_value() {
    let long = format!("Dx{}", "7".repeat(5_000));
    let dir = own_mart("select region, cast(substr(dealer_id, 2) as decimal(18, 4)) as sales from dealers")
        .csv("dealers.csv", &["dealer_id,region", "D1,North", "D2,South", &format!("{long},East")]);
    let said = refusal(&dir);
    let error = said.lines().find(|line| line.starts_with("error: mart own/marts/region_sales.sql")).unwrap();
    assert!(error.contains("x777") && error.len() < 400, "{} bytes: {error}", error.len());
}

#[test]
fn a_check_of_ones_own_that_finds_rows_refuses_the_publication_and_is_named() {
    let south = "-- purpose: nobody sells in the south\nselect dealer_id from dealers where region = 'South'\n";
    let dir = own_mart(REGION_SALES).file("own/checks/nobody_in_the_south.sql", south);
    dir.run(&["run"])
        .exits(65)
        .stderr_has("FAIL     nobody_in_the_south: 1 rows, such as dealer_id=D2 (no row)")
        .stderr_has("nothing was published, because of nobody_in_the_south");
    dir.has_published_nothing();

    let dir = dir.csv("dealers.csv", &["dealer_id,region", "D1,North", "D2,East"]);
    dir.run(&["run"]).exits(0).stderr_has("PASS     nobody_in_the_south: nobody sells in the south (no row)");
}
