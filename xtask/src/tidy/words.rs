//! What does not belong into a tree that others clone: paths of one machine, addresses of registries, what was built.

use super::SourceFile;

pub(crate) fn check(files: &[SourceFile]) -> Vec<String> {
    files.iter().flat_map(check_file).collect()
}

fn check_file(file: &SourceFile) -> Vec<String> {
    let mut problems = Vec::new();
    if file.path.ends_with("package-lock.json") && file.text.contains("\"resolved\"") {
        problems.push(format!("{}: names the registry that it was written with", file.path));
    }
    if [".wasm", ".cwasm"].iter().any(|ending| file.path.ends_with(ending)) {
        problems.push(format!("{}: is built, not written", file.path));
    }
    for path in [concat!("/", "work/"), concat!("/", "tmp/w/"), concat!("/", "root/")] {
        if file.text.contains(path) {
            problems.push(format!("{}: names a path of one machine, `{path}`", file.path));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::SourceFile;

    #[test]
    fn paths_of_a_machine_and_of_a_registry_are_named() {
        let file = |path: &str, text: &str| vec![SourceFile { path: path.to_owned(), text: text.to_owned() }];
        assert!(check(&file("a.md", "work/ and tmp")).is_empty());
        assert_eq!(check(&file("a.md", concat!("see /", "work/main"))).len(), 1);
        assert_eq!(check(&file("package-lock.json", "\"resolved\": \"x\"")).len(), 1);
        assert_eq!(check(&file("build/a.wasm", "")).len(), 1);
    }
}
