//! The control room's page: the same for every visitor, readable without its script.

use crate::{
    lab::{Attack, Defence, Matrix, Strategy, defence::Hole, matrix::measured},
    server::lab::{assets::filled, origins::Origins},
};
use axum::response::Html;
use std::fmt::Write;

/// The whole page.
pub fn render(origins: &Origins) -> Html<String> {
    let strategies = Strategy::ALL.iter().enumerate();
    let strategies: String =
        strategies.map(|(at, one)| choice("radio", "strategy", one.as_str(), one.label(), at == 0)).collect();
    let defences: String =
        Defence::ALL.iter().map(|one| choice("checkbox", "defence", one.as_str(), one.label(), false)).collect();
    let holes: String = Hole::ALL
        .iter()
        .map(|one| choice("radio", "hole", one.as_str(), one.label(), *one == Hole::default()))
        .collect();
    let values = [
        ("victim", &*origins.victim.origin),
        ("attacker", &origins.attacker.origin),
        ("sibling", &origins.sibling.origin),
        ("strategies", &strategies),
        ("defences", &defences),
        ("holes", &holes),
        ("live", &live()),
        ("measured", &elsewhere()),
    ];
    Html(filled(include_str!("../pages/control.html"), &values))
}

fn choice(kind: &str, name: &str, value: &str, label: &str, is_checked: bool) -> String {
    let checked = if is_checked { " checked" } else { "" };
    format!(r#"<label class="choice"><input type="{kind}" name="{name}" value="{value}"{checked}> {label}</label>"#)
}

fn head() -> String {
    let mut text = String::from(r#"<thead><tr><th scope="col">Lives in</th>"#);
    for attack in Attack::ALL {
        let _ = write!(text, r#"<th scope="col">{}</th>"#, attack.label());
    }
    text + "</tr></thead>"
}

/// The table that the script fills; what cannot be tried says so from the start.
fn live() -> String {
    let mut text = head() + "<tbody>";
    for strategy in Strategy::ALL {
        let (name, label) = (strategy.as_str(), strategy.label());
        let _ = write!(text, r#"<tr><th scope="row">{label}</th>"#);
        for attack in Attack::ALL {
            let _ = if attack.applies_to(*strategy) {
                let (attack, what) = (attack.as_str(), attack.label());
                write!(
                    text,
                    r#"<td data-cell="{name}/{attack}" data-verdict="not-run"><button type="button" class="verdict" aria-label="Not run: {label}, {what}">Not run</button></td>"#
                )
            } else {
                write!(text, "<td>Does not apply</td>")
            };
        }
        text.push_str("</tr>");
    }
    text + "</tbody>"
}

/// The tables that were measured before, each with its browser.
fn elsewhere() -> String {
    measured().iter().map(table).collect()
}

fn table(matrix: &Matrix) -> String {
    let browser = &matrix.browser;
    let mut text = format!(
        r#"<div class="scroll" tabindex="0" role="region" aria-label="Measured in {browser}"><table class="table matrix"><caption>{browser}, by this project's own tests</caption>{}<tbody>"#,
        head()
    );
    for strategy in Strategy::ALL {
        let _ = write!(text, r#"<tr><th scope="row">{}</th>"#, strategy.label());
        for attack in Attack::ALL {
            let verdict = matrix.cell(*strategy, *attack).map_or("not-run", |cell| cell.verdict.as_str());
            let _ = write!(text, r#"<td data-verdict="{verdict}">{}</td>"#, matrix.words(*strategy, *attack));
        }
        text.push_str("</tr>");
    }
    text + "</tbody></table></div>"
}
