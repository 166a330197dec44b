//! What the README shows is what there is.

use counterfoil::lab::{Attack, Matrix, Strategy, matrix::measured};
use std::collections::BTreeMap;

const README: &str = include_str!("../../README.md");

#[test]
fn the_measured_matrix_is_the_one_that_the_browser_tests_wrote() {
    let tables = measured();
    let [chromium, others @ ..] = &*tables else { panic!("nothing was measured") };
    assert_eq!(others.len(), 2, "a table cannot be read");
    let markdown = chromium.to_markdown();
    assert!(README.contains(&markdown), "of {} the README should have:\n{markdown}", chromium.browser);
    let lines: String = others.iter().map(|other| differences(other, chromium)).collect();
    assert!(README.contains(&format!("\n\n{lines}\n")), "of other browsers the README should have:\n{lines}");
}

/// In which cells a table says something else than another one, as a list in Markdown.
fn differences(table: &Matrix, other: &Matrix) -> String {
    let mut found = BTreeMap::<_, Vec<_>>::new();
    for strategy in Strategy::ALL {
        for attack in Attack::ALL {
            let words = table.words(*strategy, *attack);
            if words != other.words(*strategy, *attack) {
                found.entry((strategy, words)).or_default().push(attack.label());
            }
        }
    }
    if found.is_empty() {
        return format!("- {}: the same in every cell\n", table.browser);
    }
    let line = |((strategy, words), attacks): (&(&Strategy, String), &Vec<&str>)| {
        format!("- {}, {}: {words} ({})\n", table.browser, strategy.label(), attacks.join("; "))
    };
    found.iter().map(line).collect()
}

#[test]
fn the_recipe_for_several_nodes_is_the_one_that_is_tested() {
    for file in [
        include_str!("../../examples/nodes/nginx.conf"),
        include_str!("../../examples/nodes/counterfoil@.service"),
        include_str!("../../examples/nodes/counterfoil.env"),
    ] {
        assert!(README.contains(file), "the README should have:\n{file}");
    }
}
