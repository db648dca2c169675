//! Scripts with hooks that pages load before they connect: the app's own, and those that stand beside the source of a
//! component.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::file::{Cache, File};
use super::{Assets, HOST_PREFIX, Served};

/// The app's own, among its files.
const APP_HOOKS: &str = "hooks.js";
/// Largest script of a component, in bytes: every page loads it.
const MAX_MODULE_BYTES: u64 = 1024 * 1024;

/// Why the script with a component's hooks cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum HooksModuleError {
    /// It could not be read.
    #[error("{0}")]
    Read(#[from] std::io::Error),
    /// A link leads out of the app's folder.
    #[error("it leads out of the app's folder: anybody could read what it points to. Copy the file")]
    Outside,
    /// It is no file.
    #[error("it is not a file")]
    Special,
    /// It is too large.
    #[error(
        "{bytes} bytes, the limit is {MAX_MODULE_BYTES}: import large libraries from the folder of assets"
    )]
    TooLarge {
        /// Its size.
        bytes: u64,
    },
}

impl Assets {
    /// Reads the script of a component. To be called where it may block.
    pub(crate) fn add_hooks_module(
        &mut self,
        app: &Path,
        component: &str,
        path: &Path,
    ) -> Result<(), HooksModuleError> {
        let real = app.join(path).canonicalize()?;
        if !real.starts_with(app.canonicalize()?) {
            return Err(HooksModuleError::Outside);
        }
        let metadata = fs::metadata(&real)?;
        if !metadata.is_file() {
            return Err(HooksModuleError::Special);
        }
        if metadata.len() > MAX_MODULE_BYTES {
            return Err(HooksModuleError::TooLarge { bytes: metadata.len() });
        }
        let file = File::new(APP_HOOKS, fs::read(real)?);
        let url = format!("{HOST_PREFIX}hooks/{component}-{}.js", file.hash);
        self.files.insert(url.clone(), Served { file: Arc::new(file), cache: Cache::Forever });
        self.component_hooks.push((component.to_owned(), url));
        Ok(())
    }

    /// The scripts with hooks of every page, each with the component whose hooks they are: none for the app's own, which is
    /// the first.
    pub(crate) fn hooks(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = self.app_hooks().map(|url| ("", url));
        own.into_iter()
            .chain(self.component_hooks.iter().map(|(component, url)| (component.as_str(), url.as_str())))
    }

    /// The URL of the app's own.
    pub(crate) fn app_hooks(&self) -> Option<&str> {
        self.url(APP_HOOKS)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use axum::http::HeaderMap;

    use super::{Assets, HooksModuleError, MAX_MODULE_BYTES};

    fn assets(app: &Path) -> Assets {
        Assets::load(app).map_err(|(_, error)| error).unwrap()
    }

    #[test]
    fn a_page_has_the_apps_hooks_and_those_of_components_under_names_with_hashes() {
        let app = tempfile::tempdir().unwrap();
        assert_eq!(assets(app.path()).hooks().count(), 0);
        fs::create_dir_all(app.path().join("assets")).unwrap();
        fs::create_dir_all(app.path().join("views/chart")).unwrap();
        fs::write(app.path().join("assets/hooks.js"), "export default {};").unwrap();
        fs::write(app.path().join("views/chart/hooks.js"), "export default { Chart: {} };").unwrap();
        let mut assets = assets(app.path());
        assets.add_hooks_module(app.path(), "chart", Path::new("views/chart/hooks.js")).unwrap();
        let hooks: Vec<_> = assets.hooks().collect();
        let [("", own), ("chart", chart)] = hooks[..] else { panic!("{hooks:?}") };
        assert!(
            own.starts_with("/assets/hooks-") && chart.starts_with("/_hothouse/hooks/chart-"),
            "{hooks:?}"
        );
        for url in [own, chart] {
            let response = assets.respond(url, &HeaderMap::new()).unwrap();
            assert_eq!(response.headers()["content-type"], "text/javascript; charset=utf-8");
            assert_eq!(response.headers()["cache-control"], "public, max-age=31536000, immutable");
        }
        assert_eq!(assets.respond("/_hothouse/hooks/chart.js", &HeaderMap::new()).unwrap().status(), 404);
    }

    #[test]
    fn a_components_hooks_are_a_file_of_the_app_and_not_too_large() {
        let folder = tempfile::tempdir().unwrap();
        let app = folder.path().join("app");
        fs::create_dir_all(app.join("views")).unwrap();
        fs::write(folder.path().join("secret.js"), "secret").unwrap();
        symlink("../secret.js", app.join("leak.js")).unwrap();
        symlink("/etc", app.join("etc")).unwrap();
        symlink("hooks.js", app.join("same.js")).unwrap();
        let mut assets = assets(&app);
        let mut add = |path: &str| assets.add_hooks_module(&app, "cart", Path::new(path));
        assert!(matches!(add("hooks.js"), Err(HooksModuleError::Read(_))));
        assert!(matches!(add("leak.js"), Err(HooksModuleError::Outside)));
        assert!(matches!(add("etc/hostname"), Err(HooksModuleError::Outside)));
        assert!(matches!(add("views"), Err(HooksModuleError::Special)));
        let sized = |bytes| fs::File::create(app.join("hooks.js")).unwrap().set_len(bytes).unwrap();
        sized(MAX_MODULE_BYTES + 1);
        assert!(
            matches!(add("hooks.js"), Err(HooksModuleError::TooLarge { bytes }) if bytes > MAX_MODULE_BYTES)
        );
        sized(MAX_MODULE_BYTES);
        add("same.js").unwrap();
    }
}
