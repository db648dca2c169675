//! How source files read: what opens them, what they may not hold, how long they may be.

use super::SourceFile;

const MAX_LINES: usize = 600;
/// Why a longer file is as it is.
const LONG_FILE_REASON: &str = "// tidy: long because";
/// The environment is read at the edge, and nowhere else.
const ENVIRONMENT_READERS: &[&str] =
    &["components/stock-wasi/", "host/server/src/config.rs", "host/server/build.rs", "xtask/"];

pub(crate) fn check(files: &[SourceFile]) -> Vec<String> {
    let rust = files.iter().filter(|file| file.path.ends_with(".rs") && !file.path.contains("/tests/ui/"));
    let mut problems: Vec<String> = rust.flat_map(check_rust).collect();
    for file in files.iter().filter(|file| file.path.starts_with("wit/") && file.path.ends_with(".wit")) {
        problems.extend(
            undocumented(&file.text).into_iter().map(|item| format!("{}: {item} has no `///`", file.path)),
        );
    }
    problems
}

fn check_rust(file: &SourceFile) -> Vec<String> {
    let SourceFile { path, text } = file;
    let mut problems = Vec::new();
    if !text.starts_with("//!") {
        problems.push(format!("{path}: does not begin with `//!`"));
    }
    for forbidden in [concat!("to", "do!("), concat!("unimplemented", "!(")] {
        if text.contains(forbidden) {
            problems.push(format!("{path}: has `{forbidden}`"));
        }
    }
    if text.contains("std::env::var") && !ENVIRONMENT_READERS.iter().any(|reader| path.starts_with(reader)) {
        problems.push(format!("{path}: reads the environment: pass the value in"));
    }
    let lines = text.lines().count();
    if lines > MAX_LINES && !text.contains(LONG_FILE_REASON) {
        problems.push(format!("{path}: {lines} lines, the limit is {MAX_LINES}: find a seam, or say why"));
    }
    problems
}

/// Items of a WIT file without a doc comment before them: functions, types, interfaces, and the fields and cases that
/// stand on lines of their own.
fn undocumented(text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let mut documented = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("///") {
            documented = true;
            continue;
        }
        let starts_item = ["interface ", "world ", "record ", "variant ", "enum ", "type ", "resource "]
            .iter()
            .any(|keyword| line.starts_with(keyword))
            || (line.contains(':') && !line.starts_with("package") && !line.starts_with("//"))
            || is_case(line);
        let is_link = ["import ", "export ", "use "].iter().any(|keyword| line.starts_with(keyword));
        if starts_item && !is_link && !documented {
            problems.push(format!("`{line}`"));
        }
        documented = false;
    }
    problems
}

/// A line such as `unchanged,` or `text(string),`.
fn is_case(line: &str) -> bool {
    line.ends_with(',') && line.starts_with(|first: char| first.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{check, undocumented};
    use crate::tidy::SourceFile;

    fn problems(path: &str, text: &str) -> Vec<String> {
        check(&[SourceFile { path: path.to_owned(), text: text.to_owned() }])
    }

    #[test]
    fn a_file_says_what_it_is_for() {
        assert!(problems("a.rs", "//! For this.\n").is_empty());
        assert_eq!(problems("a.rs", "fn a() {}\n").len(), 1);
    }

    #[test]
    fn unfinished_code_and_long_files_are_named() {
        assert_eq!(problems("a.rs", concat!("//! A.\nfn a() { to", "do!() }\n")).len(), 1);
        let long = format!("//! A.\n{}", "\n".repeat(600));
        assert_eq!(problems("a.rs", &long).len(), 1);
        assert!(problems("a.rs", &format!("{long}// tidy: long because generated\n")).is_empty());
    }

    #[test]
    fn only_the_edge_reads_the_environment() {
        let text = "//! A.\nfn a() { std::env::var(\"X\"); }\n";
        assert_eq!(problems("host/wire/src/lib.rs", text).len(), 1);
        assert!(problems("host/server/src/config.rs", text).is_empty());
    }

    #[test]
    fn every_item_of_the_contract_has_its_doc() {
        let documented = "/// I.\ninterface a {\n  /// F.\n  f: func();\n  /// V.\n  variant v {\n    /// C.\n    c,\n  }\n}\n";
        assert!(undocumented(documented).is_empty());
        assert_eq!(undocumented(&documented.replace("    /// C.\n", "")), ["`c,`"]);
        assert_eq!(undocumented(&documented.replace("  /// F.\n", "")), ["`f: func();`"]);
    }
}
