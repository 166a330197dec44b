//! The arrows of DESIGN section 9: who may use whom, and where the two halves part.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Which top-level modules each may use, beside itself.
const MAY_USE: [(&str, &[&str]); 7] = [
    ("shared", &[]),
    ("lab", &["shared"]),
    ("api", &["shared", "lab"]),
    ("client", &["shared", "lab", "api"]),
    ("ui", &["shared", "lab", "api", "client"]),
    ("app", &["shared", "lab", "api", "client", "ui"]),
    ("server", &["shared", "lab", "app"]),
];

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(&root).unwrap().to_owned(), text));
            }
        }
    }
    files.retain(|(path, _)| !path.starts_with("tests") && !path.components().any(|part| part.as_os_str() == "tests"));
    files.retain(|(path, _)| path.file_name().is_some_and(|name| name != "tests.rs"));
    assert!(files.len() > 50, "the sources are found");
    files
}

/// What the file is made of when it is not under test, without comments.
fn code(text: &str) -> String {
    let product = text.split("#[cfg(test)]").next().unwrap_or_default();
    product
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .fold(String::new(), |code, line| code + line + "\n")
}

fn top_level(path: &Path) -> String {
    path.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The names that follow `prefix`, be it one or a list in braces.
fn used(code: &str, prefix: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (position, _) in code.match_indices(prefix) {
        let rest = &code[position + prefix.len()..];
        if code[..position].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == ':') {
            continue;
        }
        match rest.strip_prefix('{') {
            Some(list) => names.extend(first_names(list)),
            None => names.extend(first_name(rest)),
        }
    }
    names
}

fn first_name(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

/// The first name of every item of a list that ends with the brace that closes it.
fn first_names(list: &str) -> Vec<String> {
    let mut depth = 0;
    let mut item = String::new();
    let mut names = Vec::new();
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.extend(first_name(std::mem::take(&mut item).trim())),
            _ => {}
        }
        if depth == 0 && c != ',' {
            item.push(c);
        }
    }
    names.extend(first_name(item.trim()));
    names
}

#[test]
fn names_are_found_in_paths_and_in_lists() {
    let code = "use crate::{\n  server::{a, b::{c}},\n  shared::Code,\n};\nlet x = crate::ui::Y; other_crate::z;";
    assert_eq!(used(code, "crate::"), ["server", "shared", "ui"].map(str::to_owned).into());
}

#[test]
fn dependencies_point_one_way() {
    for (path, text) in sources() {
        let module = top_level(&path);
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) else { continue };
        for name in used(&code(&text), "crate::") {
            let is_exception = module == "api" && (name == "server" || name == "client");
            assert!(name == module || allowed.contains(&&*name) || is_exception, "{} uses {name}", path.display());
        }
    }
}

/// A server function names its client type, and its body runs on the server: the two exceptions, and how far they go.
#[test]
fn the_api_sees_the_client_as_a_transport_and_the_server_in_bodies_alone() {
    for (path, text) in sources().into_iter().filter(|(path, _)| path.starts_with("api")) {
        let code = code(&text);
        assert!(!code.contains("crate::client::{"), "{}", path.display());
        for name in used(&code, "client::") {
            assert_eq!(name, "transport", "{}", path.display());
        }
        for line in code.lines().filter(|line| line.contains("server::") && !line.contains("axum")) {
            assert!(line.starts_with("    ") && line.contains("crate::server::"), "{}: {line}", path.display());
        }
    }
}

#[test]
fn services_know_no_web_framework_but_for_the_cookie() {
    for (path, text) in sources() {
        let is_service = path.starts_with("server/auth") || path.starts_with("server/store");
        if is_service && path != Path::new("server/auth/cookie.rs") {
            let code = code(&text);
            for word in ["axum", "hyper::", "tower", "leptos"] {
                assert!(!code.contains(word), "{} mentions {word}", path.display());
            }
        }
    }
}

#[test]
fn services_do_not_look_up() {
    for (path, text) in sources() {
        if path.starts_with("server/auth") || path.starts_with("server/store") {
            let names = used(&code(&text), "server::{").into_iter().chain(used(&code(&text), "crate::server::"));
            let list = code(&text).split_once("server::{").map(|(_, list)| first_names(list)).unwrap_or_default();
            for name in names.chain(list) {
                let above =
                    ["router", "middleware", "state", "call", "config", "listener", "bootstrap", "command", "pages"];
                assert!(!above.contains(&&*name), "{} uses {name}", path.display());
            }
        }
    }
}

/// The lab is vulnerable on purpose: it must not be able to reach an account, a session or a key.
#[test]
fn the_lab_knows_neither_the_services_nor_the_store() {
    let of_the_lab = sources().into_iter().filter(|(path, _)| path.starts_with("server/lab"));
    let may_use = ["clock", "config", "entropy", "id", "lab", "listener", "middleware"];
    let mut files = 0;
    for (path, text) in of_the_lab {
        files += 1;
        let code = code(&text);
        let list = code.split_once("server::{").map(|(_, list)| first_names(list)).unwrap_or_default();
        let is_root = path == Path::new("server/lab/mod.rs");
        let above = if is_root { used(&code, "super::") } else { BTreeSet::new() };
        for name in used(&code, "server::").into_iter().chain(list).chain(above) {
            assert!(may_use.contains(&&*name), "{} uses {name}", path.display());
        }
        for word in ["AppState", "auth::", "store::"] {
            assert!(!code.contains(word), "{} mentions {word}", path.display());
        }
    }
    assert!(files > 10, "the lab is found");
}

#[test]
fn the_halves_part_in_two_places() {
    for (path, text) in sources() {
        let gates = text.matches("#[cfg(").count() - text.matches("#[cfg(test)]").count();
        let twins = text.matches("cfg_attr(").count();
        let expected = match path.to_str().unwrap() {
            "lib.rs" => (2, 0),
            "client/mod.rs" => (0, 2),
            _ => (0, 0),
        };
        assert_eq!((gates, twins), expected, "{}", path.display());
        assert!(!code(&text).contains("cfg!("), "{}", path.display());
    }
}

#[test]
fn nothing_is_left_to_do_and_no_file_is_a_book() {
    for (path, text) in sources() {
        for word in ["TODO", "FIXME", "XXX", "HACK"] {
            assert!(!text.contains(word), "{} has a {word}", path.display());
        }
        assert!(text.lines().count() < 600, "{} is too long", path.display());
    }
}
