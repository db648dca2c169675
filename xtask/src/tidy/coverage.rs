//! The table of protocol obligations names tests that exist, and the guide shows code that is in the tree.

use super::SourceFile;

const TABLE: &str = "tests/protocol/COVERAGE.md";
const TESTS: &str = "tests/protocol/tests/";
/// In a guide: the next fenced block is this file, whole.
const QUOTE: &str = "<!-- file: ";

pub(crate) fn check(files: &[SourceFile]) -> Vec<String> {
    let mut problems = Vec::new();
    let code: String =
        files.iter().filter(|file| file.path.starts_with(TESTS)).map(|file| file.text.as_str()).collect();
    match files.iter().find(|file| file.path == TABLE) {
        Some(table) => problems.extend(missing_tests(&table.text, &code)),
        None => problems.push(format!("{TABLE} is missing")),
    }
    for guide in files.iter().filter(|file| file.path.ends_with(".md")) {
        problems.extend(stale_quotes(guide, files));
    }
    problems
}

fn missing_tests(table: &str, code: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let mut rows = 0;
    for line in table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---")).skip(1) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [_, _, test] = cells.as_slice() else {
            problems.push(format!("{TABLE}: a row without three cells: {line}"));
            continue;
        };
        rows += 1;
        if !code.contains(&format!("fn {test}(")) {
            problems.push(format!("{TABLE}: the test `{test}` does not exist"));
        }
    }
    if rows == 0 {
        problems.push(format!("{TABLE}: there are no rows"));
    }
    problems
}

fn stale_quotes(guide: &SourceFile, files: &[SourceFile]) -> Vec<String> {
    let mut problems = Vec::new();
    for (_, after) in guide.text.match_indices(QUOTE).map(|(at, _)| guide.text.split_at(at + QUOTE.len())) {
        let Some((path, rest)) = after.split_once(" -->") else { continue };
        let quoted = rest
            .split_once("```")
            .and_then(|(_, block)| block.split_once('\n'))
            .and_then(|(_, block)| block.split_once("```"));
        let file = files.iter().find(|file| file.path == path);
        match (quoted, file) {
            (Some((quoted, _)), Some(file)) if quoted.trim() == file.text.trim() => {}
            (_, None) => problems.push(format!("{}: quotes `{path}`, which does not exist", guide.path)),
            _ => problems.push(format!("{}: its copy of `{path}` differs from the file", guide.path)),
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::{missing_tests, stale_quotes};
    use crate::tidy::SourceFile;

    #[test]
    fn a_named_test_that_does_not_exist_is_a_problem() {
        let table = "| section | obligation | test |\n| --- | --- | --- |\n| 2.4 | answers | heartbeat_is_answered |\n";
        assert!(missing_tests(table, "async fn heartbeat_is_answered() {}").is_empty());
        assert_eq!(missing_tests(table, "").len(), 1);
        assert_eq!(missing_tests("", "").len(), 1);
    }

    #[test]
    fn a_guides_code_is_the_files_code() {
        let file = |path: &str, text: &str| SourceFile { path: path.to_owned(), text: text.to_owned() };
        let guide = file("docs/a.md", "Text\n<!-- file: a.rs -->\n```rust\nfn a() {}\n```\n");
        assert!(stale_quotes(&guide, &[file("a.rs", "fn a() {}\n")]).is_empty());
        assert_eq!(stale_quotes(&guide, &[file("a.rs", "fn b() {}\n")]).len(), 1);
        assert_eq!(stale_quotes(&guide, &[]).len(), 1);
    }
}
