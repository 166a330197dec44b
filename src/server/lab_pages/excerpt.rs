//! Excerpts of this program's own source, cut out where the source itself marks them.

/// The lines between `// region: NAME` and `// endregion`, without the indentation that they share.
pub fn excerpt(source: &str, name: &str) -> Option<String> {
    let begin = format!("// region: {name}");
    let mut lines = source.lines().skip_while(|line| line.trim() != begin);
    lines.next()?;
    let region: Vec<_> = lines.take_while(|line| line.trim() != "// endregion").collect();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let shared = region.iter().filter(|line| !line.trim().is_empty()).map(indent).min()?;
    Some(region.iter().map(|line| line.get(shared..).unwrap_or_default()).collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn an_excerpt_is_what_stands_between_its_markers() {
        let source = "fn a() {}\n    // region: b\n    fn b() {\n\n        c();\n    }\n    // endregion\nfn d() {}\n";
        assert_eq!(excerpt(source, "b").unwrap(), "fn b() {\n\n    c();\n}");
        assert_eq!(excerpt(source, "a"), None);
        assert_eq!(excerpt("// region: empty\n// endregion\n", "empty"), None);
    }
}
