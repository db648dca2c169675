//! Addresses of the app, put together of values.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::html::ToText;

/// All but what is unreserved (RFC 3986, 2.3): it means nothing anywhere in a URL.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What stands in the place of a segment that no address can have.
const NO_SEGMENT: &str = "\u{fffd}";

/// An address of the app: a path, perhaps with a query and a fragment, in which every value is encoded. It cannot lead to
/// another host, whatever the values are.
///
/// ```
/// use hothouse_sdk::prelude::*;
///
/// let address = Address::new("/books").segment("Alice & Bob").query("tab", "notes").query("page", 2).fragment("last");
/// assert_eq!(address.as_str(), "/books/Alice%20%26%20Bob?tab=notes&page=2#last");
/// ```
///
/// Links, commands and effects take it:
///
/// ```
/// use hothouse_sdk::kit::Link;
/// use hothouse_sdk::prelude::*;
///
/// fn book(name: &str) -> Address {
///     Address::new("/books").segment(name)
/// }
///
/// fn links(name: &str) -> Html {
///     html! {
///         <Link patch={book(name)}>{name}</Link>
///         <button type="button" phx-click={JS::new().patch(book(name).query("tab", "notes"))}>"Notes"</button>
///     }
/// }
///
/// fn go(name: &str, socket: &mut Socket) {
///     socket.push_patch(book(name));
/// }
/// ```
///
/// The host takes addresses of up to 8 KiB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    text: String,
    /// Where the path ends, and where the query does.
    path: usize,
    query: usize,
}

impl Address {
    /// A path as plain text. `/` separates its segments, of which empty ones count for nothing; every other character
    /// stands for itself.
    pub fn new(path: impl ToText) -> Self {
        let root = Self { text: "/".to_owned(), path: 1, query: 1 };
        path.into_text().split('/').filter(|segment| !segment.is_empty()).fold(root, Self::segment)
    }

    /// One more segment of the path, whatever is in it. Three texts cannot be one, since browsers take them for something
    /// else: the empty one, `.` and `..`. In their place stands U+FFFD, which is no name of anything.
    #[must_use]
    pub fn segment(mut self, segment: impl ToText) -> Self {
        let segment = segment.into_text();
        let mut encoded = if self.path > 1 { "/".to_owned() } else { String::new() };
        push_encoded(&mut encoded, if matches!(&*segment, "" | "." | "..") { NO_SEGMENT } else { &segment });
        self.text.insert_str(self.path, &encoded);
        self.path += encoded.len();
        self.query += encoded.len();
        self
    }

    /// One more parameter of the query.
    #[must_use]
    pub fn query(mut self, name: impl ToText, value: impl ToText) -> Self {
        let mut encoded = if self.query > self.path { "&".to_owned() } else { "?".to_owned() };
        push_encoded(&mut encoded, &name.into_text());
        encoded.push('=');
        push_encoded(&mut encoded, &value.into_text());
        self.text.insert_str(self.query, &encoded);
        self.query += encoded.len();
        self
    }

    /// The element of the page to which the browser scrolls: its id.
    #[must_use]
    pub fn fragment(mut self, id: impl ToText) -> Self {
        self.text.truncate(self.query);
        self.text.push('#');
        push_encoded(&mut self.text, &id.into_text());
        self
    }

    /// The address, encoded.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

fn push_encoded(to: &mut String, text: &str) {
    to.extend(utf8_percent_encode(text, ENCODED));
}

impl ToText for Address {
    fn to_text(&self) -> String {
        self.text.clone()
    }

    fn into_text(self) -> String {
        self.text
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.text
    }
}
