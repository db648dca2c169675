//! The tables of protocol obligations and of attacks name tests that exist, every attack is in its table, and the
//! guide shows code that is in the tree.

use super::SourceFile;

const OBLIGATIONS: &str = "tests/protocol/COVERAGE.md";
const ATTACKS: &str = "tests/limits/ATTACKS.md";
/// Where attacks are made, each a line `name: how(…);`.
const ATTACK_TESTS: &str = "tests/limits/tests/";
/// Where tests of both tables are.
const TESTS: &[&str] = &["tests/protocol/tests/", ATTACK_TESTS, "host/"];
/// In a guide: the next fenced block is this file, whole.
const QUOTE: &str = "<!-- file: ";
/// In a guide: the next fenced block stands in this file, as it is.
const PART: &str = "<!-- from: ";

pub(crate) fn check(files: &[SourceFile]) -> Vec<String> {
    let mut problems = Vec::new();
    let is_test = |file: &&SourceFile| TESTS.iter().any(|folder| file.path.starts_with(folder));
    let code: String = files.iter().filter(is_test).map(|file| file.text.as_str()).collect();
    for name in [OBLIGATIONS, ATTACKS] {
        match files.iter().find(|file| file.path == name) {
            Some(table) => problems.extend(missing_tests(table, &code)),
            None => problems.push(format!("{name} is missing")),
        }
    }
    if let Some(table) = files.iter().find(|file| file.path == ATTACKS) {
        let attacks = files.iter().filter(|file| file.path.starts_with(ATTACK_TESTS));
        problems.extend(attacks.flat_map(|file| unlisted_attacks(&file.text, &table.text)));
    }
    for guide in files.iter().filter(|file| file.path.ends_with(".md")) {
        problems.extend(stale_quotes(guide, files));
    }
    problems
}

/// The last cell of each row is a test.
fn missing_tests(table: &SourceFile, code: &str) -> Vec<String> {
    let SourceFile { path, text } = table;
    let mut problems = Vec::new();
    let mut rows = 0;
    for line in text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---")).skip(1) {
        let Some(test) = line.trim_matches('|').rsplit('|').next().map(str::trim) else { continue };
        rows += 1;
        if !code.contains(&format!("fn {test}(")) && !code.contains(&format!("    {test}: ")) {
            problems.push(format!("{path}: the test `{test}` does not exist"));
        }
    }
    if rows == 0 {
        problems.push(format!("{path}: there are no rows"));
    }
    problems
}

fn unlisted_attacks(code: &str, table: &str) -> Vec<String> {
    let Some((_, attacks)) = code.split_once("\nattacks! {\n") else { return Vec::new() };
    let names = attacks.lines().filter_map(|line| line.strip_prefix("    ")?.split_once(": "));
    names
        .filter(|(name, _)| {
            name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        })
        .filter(|(name, _)| !table.contains(&format!("| {name} |")))
        .map(|(name, _)| format!("{ATTACKS}: the attack `{name}` is not in the table"))
        .collect()
}

fn stale_quotes(guide: &SourceFile, files: &[SourceFile]) -> Vec<String> {
    let mut problems = quotes(guide, QUOTE, files, |quoted, text| quoted.trim() == text.trim());
    problems.extend(quotes(guide, PART, files, |quoted, text| text.contains(quoted.trim_end())));
    problems
}

/// The fenced blocks behind a mark that are not what the file says.
fn quotes(
    guide: &SourceFile,
    mark: &str,
    files: &[SourceFile],
    is_same: impl Fn(&str, &str) -> bool,
) -> Vec<String> {
    let mut problems = Vec::new();
    for (_, after) in guide.text.match_indices(mark).map(|(at, _)| guide.text.split_at(at + mark.len())) {
        let Some((path, rest)) = after.split_once(" -->") else { continue };
        let quoted = rest
            .split_once("```")
            .and_then(|(_, block)| block.split_once('\n'))
            .and_then(|(_, block)| block.split_once("```"));
        let file = files.iter().find(|file| file.path == path);
        match (quoted, file) {
            (Some((quoted, _)), Some(file)) if is_same(quoted, &file.text) => {}
            (_, None) => problems.push(format!("{}: quotes `{path}`, which does not exist", guide.path)),
            _ => problems.push(format!("{}: its copy of `{path}` differs from the file", guide.path)),
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::{missing_tests, stale_quotes, unlisted_attacks};
    use crate::tidy::SourceFile;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_named_test_that_does_not_exist_is_a_problem() {
        let rows = "| section | obligation | test |\n| --- | --- | --- |\n| 2.4 | answers | heartbeat_is_answered |\n";
        let table = file("T.md", rows);
        assert!(missing_tests(&table, "async fn heartbeat_is_answered() {}").is_empty());
        assert!(missing_tests(&table, "    heartbeat_is_answered: so(1);").is_empty());
        assert_eq!(missing_tests(&table, "").len(), 1);
        assert_eq!(missing_tests(&file("T.md", ""), "").len(), 1);
    }

    #[test]
    fn an_attack_that_is_not_in_the_table_is_a_problem() {
        let code = "//! A.\n\nattacks! {\n    event_that_spins: ends(\"/\");\n}\n";
        assert!(unlisted_attacks(code, "| G1 | spins | event_that_spins |\n").is_empty());
        assert_eq!(unlisted_attacks(code, "| G1 | spins | another |\n").len(), 1);
    }

    #[test]
    fn a_guides_code_is_the_files_code() {
        let guide = file("docs/a.md", "Text\n<!-- file: a.rs -->\n```rust\nfn a() {}\n```\n");
        assert!(stale_quotes(&guide, &[file("a.rs", "fn a() {}\n")]).is_empty());
        assert_eq!(stale_quotes(&guide, &[file("a.rs", "fn b() {}\n")]).len(), 1);
        assert_eq!(stale_quotes(&guide, &[]).len(), 1);
        let part = file("docs/a.md", "<!-- from: a.c -->\n```c\n  int b;\n```\n");
        assert!(stale_quotes(&part, &[file("a.c", "int a;\n  int b;\nint c;\n")]).is_empty());
        assert_eq!(stale_quotes(&part, &[file("a.c", "int a;\nint b;\n")]).len(), 1);
    }
}
