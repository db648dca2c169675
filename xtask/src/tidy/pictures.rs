//! Each picture that the docs show is there, small, and taken by a test; and none is there that nobody looks at.

use std::collections::BTreeSet;

use super::SourceFile;

/// Where pictures are taken, each by a line `picture("name", …`.
const TESTS: &str = "tests/browser/specs/pictures.mjs";
const MAX_BYTES: u64 = 150_000;

/// `pictures` are the names in the docs' folder, and how many bytes each has.
pub(crate) fn check(files: &[SourceFile], pictures: &[(String, u64)]) -> Vec<String> {
    let taken: BTreeSet<String> = files
        .iter()
        .filter(|file| file.path == TESTS)
        .flat_map(|file| between(&file.text, "\npicture(\"", "\""))
        .map(|name| format!("{name}.png"))
        .collect();
    let shown: BTreeSet<&str> = files
        .iter()
        .filter(|file| file.path.ends_with(".md"))
        .flat_map(|file| {
            let folder = if file.path.contains('/') { "](../images/" } else { "](docs/images/" };
            between(&file.text, folder, ")")
        })
        .collect();
    let mut problems = Vec::new();
    for name in &shown {
        if !taken.contains(*name) {
            problems.push(format!("docs/images/{name}: no test takes this picture: add it to {TESTS}"));
        }
        match pictures.iter().find(|(known, _)| known == name) {
            None => problems.push(format!("docs/images/{name}: is missing: `cargo xtask docs-images`")),
            Some((_, bytes)) if *bytes > MAX_BYTES => {
                problems.push(format!("docs/images/{name}: {bytes} bytes, the limit is {MAX_BYTES}"));
            }
            Some(_) => {}
        }
    }
    let there = pictures.iter().map(|(name, _)| name).chain(&taken);
    for name in there.filter(|name| !shown.contains(name.as_str())).collect::<BTreeSet<_>>() {
        problems.push(format!("docs/images/{name}: no page of the docs shows it"));
    }
    problems
}

fn between<'a>(text: &'a str, start: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).filter_map(move |rest| rest.split_once(end).map(|(inside, _)| inside))
}

#[cfg(test)]
mod tests {
    use super::{SourceFile, TESTS, check};

    fn problems(guide: &str, test: &str, pictures: &[(&str, u64)]) -> Vec<String> {
        let file = |path: &str, text: &str| SourceFile { path: path.to_owned(), text: text.to_owned() };
        let files = [file("docs/guide/a.md", guide), file(TESTS, test)];
        let pictures: Vec<_> = pictures.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)).collect();
        check(&files, &pictures)
    }

    #[test]
    fn a_picture_is_taken_by_a_test_and_shown_by_the_docs() {
        let guide = "![A](../images/a.png)";
        let test = "\npicture(\"a\", \"/\");";
        assert!(problems(guide, test, &[("a.png", 1)]).is_empty());
        assert_eq!(problems(guide, "", &[("a.png", 1)]).len(), 1, "no test takes it");
        assert_eq!(problems(guide, test, &[]).len(), 1, "it is not there");
        assert_eq!(problems(guide, test, &[("a.png", 200_000)]).len(), 1, "it is large");
        assert_eq!(problems("", test, &[("a.png", 1)]).len(), 1, "nobody shows it");
        assert_eq!(problems(guide, test, &[("a.png", 1), ("b.png", 1)]).len(), 1, "nobody shows another");
    }
}
