//! The page around the view: what search engines and previews are told of it.

use crate::failure::Result;

#[cfg(target_family = "wasm")]
use crate::bindings::hothouse::live::page as host;
use crate::bindings::hothouse::live::types::Pair;
#[cfg(not(target_family = "wasm"))]
use native as host;

/// Says what the page is about: names and values, of which the last of a name counts. To be called in `mount` or
/// `handle_params`; once the page is there it does nothing.
///
/// Names are `description`, `robots`, `author`, `theme-color`, `canonical`, and those that begin with `og:`, `article:`,
/// `profile:` or `twitter:`. URLs that begin with `/` become absolute where the app has a `public_url`. The title is
/// [`Socket::page_title`](crate::Socket::page_title).
///
/// ```
/// use hothouse_sdk::page;
///
/// # fn main() -> hothouse_sdk::Result<()> {
/// page::describe([("description", "Palms of all sizes."), ("og:image", "/assets/palm.png")])?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// `bad-input` for a name that is not one of these, `limit` for more than 32 names, or a value of more than 2,048 bytes.
pub fn describe<'a>(metadata: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<()> {
    let pair = |(name, value): (&str, &str)| Pair { name: name.to_owned(), value: value.to_owned() };
    let pairs: Vec<Pair> = metadata.into_iter().map(pair).collect();
    host::describe(&pairs)
}

#[cfg(not(target_family = "wasm"))]
mod native {
    use crate::bindings::hothouse::live::types::{Failure, Pair};

    pub(super) fn describe(_metadata: &[Pair]) -> Result<(), Failure> {
        Ok(())
    }
}
