//! What the README shows is what there is.

use counterfoil::lab::matrix::measured;

const README: &str = include_str!("../../README.md");

#[test]
fn the_measured_matrix_is_the_one_that_the_browser_tests_wrote() {
    let tables = measured();
    assert!(!tables.is_empty());
    for table in tables {
        let markdown = table.to_markdown();
        assert!(README.contains(&markdown), "of {} the README should have:\n{markdown}", table.browser);
    }
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
