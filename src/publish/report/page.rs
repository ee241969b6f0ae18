//! The whole page: views and templates together, under a policy that lets nothing in from outside.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::{Environment, Error, UndefinedBehavior};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::model::failure::{Failure, Result};
use crate::publish::report::data::{SCRIPT, data};
use crate::publish::report::map::{MapView, map};
use crate::publish::report::opportunities::{Opportunities, opportunities};
use crate::publish::report::overview::{Head, Moves, Waterfall, head, moves, waterfall};
use crate::publish::report::places::{Heat, RegionRow, heat, regions};
use crate::publish::report::plan::{Plan, plan, plan_rows};
use crate::publish::report::quality::{Quality, quality};
use crate::publish::report::scope::Scope;
use crate::publish::report::trust::{Trust, trust};

const STYLE: &str = include_str!("templates/report.css");

/// Names that end in `.html` are escaped.
const TEMPLATES: [(&str, &str); 8] = [
    ("macros.html", include_str!("templates/macros.html")),
    ("overview.html", include_str!("templates/overview.html")),
    ("places.html", include_str!("templates/places.html")),
    ("opportunities.html", include_str!("templates/opportunities.html")),
    ("plan.html", include_str!("templates/plan.html")),
    ("trust.html", include_str!("templates/trust.html")),
    ("quality.html", include_str!("templates/quality.html")),
    ("report.html", include_str!("templates/report.html")),
];

const DEFINITIONS: [&str; 10] =
    ["window", "sales", "covered", "active", "distribution", "attainment", "class", "expected", "lead", "reachable"];

#[derive(Debug, Serialize)]
struct Page<'a> {
    lang: &'a str,
    t: &'a BTreeMap<String, String>,
    csp: String,
    css: &'static str,
    script: &'static str,
    data: String,
    title: String,
    heading: String,
    facts: String,
    footer: String,
    head: Head,
    map: MapView,
    waterfall: Option<Waterfall>,
    moves: Option<Vec<Moves>>,
    regions: Vec<RegionRow>,
    heat: Option<Heat>,
    opportunities: Opportunities,
    plan: Option<Plan>,
    trust: Option<Trust>,
    no_trust: String,
    quality: Quality,
    definitions: Vec<Definition>,
}

#[derive(Debug, Serialize)]
struct Definition {
    word: String,
    meaning: String,
}

/// The templates, ready for any number of pages.
#[derive(Debug)]
pub(super) struct Templates(Environment<'static>);

impl Templates {
    pub(super) fn new() -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        for (name, source) in TEMPLATES {
            environment.add_template(name, source).map_err(|error| broken(&error))?;
        }
        Ok(Self(environment))
    }

    /// One report; `links` leads from a region to its own.
    pub(super) fn render(&self, scope: &Scope<'_>, links: &BTreeMap<String, String>) -> Result<String> {
        let template = self.0.get_template("report.html").map_err(|error| broken(&error))?;
        template.render(page(scope, links)).map_err(|error| broken(&error))
    }
}

fn broken(error: &Error) -> Failure {
    Failure::defect(format!("the report cannot be rendered: {error:#}"))
}

fn page<'a>(scope: &Scope<'a>, links: &BTreeMap<String, String>) -> Page<'a> {
    let texts = scope.texts;
    let no_trust = if scope.region.is_some() { "trust_region" } else { "no_table" };
    let definition = |word: &&str| Definition { word: texts.kind("define", word), meaning: texts.kind("means", word) };
    Page {
        lang: texts.language(),
        t: texts.all(),
        csp: policy(),
        css: STYLE,
        script: SCRIPT,
        data: data(scope, plan_rows(scope)),
        title: scope.title(),
        heading: scope.heading(),
        facts: facts(scope),
        footer: footer(scope),
        head: head(scope),
        map: map(scope),
        waterfall: waterfall(scope),
        moves: moves(scope),
        regions: regions(scope, links),
        heat: heat(scope),
        opportunities: opportunities(scope),
        plan: plan(scope),
        trust: trust(scope),
        no_trust: texts.get(no_trust),
        quality: quality(scope),
        definitions: DEFINITIONS.iter().map(definition).collect(),
    }
}

fn facts(scope: &Scope<'_>) -> String {
    let texts = scope.texts;
    let base = match scope.cards.first().map(|card| card.word("comparison_base")) {
        Some(base @ ("year_ago" | "prior")) => texts.fill("facts_base", &[("base", texts.kind("base", base))]),
        _ => texts.get("facts_no_base"),
    };
    format!("{} · {base}", texts.fill("facts_of", &[("day", scope.as_of())]))
}

/// No time of day: the same run renders to the same bytes on any day.
fn footer(scope: &Scope<'_>) -> String {
    let manifest = scope.manifest;
    let values = [("run", manifest.run_id.clone()), ("version", manifest.dealerlens_version.clone())];
    let footer = scope.texts.fill("footer", &values);
    match scope.region {
        None => footer,
        Some(region) => format!("{footer} {}", scope.texts.fill("footer_region", &[("region", region.to_owned())])),
    }
}

/// Nothing is loaded, and nothing runs but the style and the script that are part of the page.
fn policy() -> String {
    let (style, script) = (fingerprint(STYLE), fingerprint(SCRIPT));
    format!(
        "default-src 'none'; style-src '{style}'; script-src '{script}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
}

fn fingerprint(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_those_a_browser_computes() {
        assert_eq!(fingerprint(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn templates_parse_and_hold_no_inline_code() {
        Templates::new().unwrap();
        for (name, source) in TEMPLATES {
            for forbidden in [" style=", " onclick=", "javascript:", "http://", "https://"] {
                assert!(!source.contains(forbidden), "{name}: {forbidden}");
            }
        }
    }
}
