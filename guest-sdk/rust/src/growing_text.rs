//! Text that grows in small pieces.

use std::fmt;
use std::ops::Deref;

use crate::bindings::hothouse::live::types::TextAppend;
use crate::html::ToText;
use crate::socket::Socket;
use crate::tracking::{Place, Stamp};

/// Text that grows piece by piece, such as an answer that is being written: of each piece the browser is sent the piece,
/// and nothing is rendered for it.
///
/// It is shown in one element, which has its id and nothing else in it. What else a template says of it is evaluated when
/// the first piece comes to an empty text, and when it is set: `if self.text.is_empty() { … }` is right, its length is not.
///
/// * [`push`](Self::push) adds a piece. [`set`](Self::set) and [`clear`](Self::clear) put other text in the place of all.
/// * Pieces that come between two documents are sent as one.
/// * Wherever the element is rendered anew, as after a reconnect, it is with the whole text.
/// * The first text, in [`mount`](crate::LiveView::mount), is given by [`with_text`](Self::with_text): nobody listens yet.
///
/// ```
/// use hothouse_sdk::prelude::*;
/// use hothouse_sdk::testing;
///
/// struct Answer { text: GrowingText }
///
/// impl LiveView for Answer {
///     type Event = RawEvent;
///     fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
///         Ok(Self { text: GrowingText::new("answer") })
///     }
///     fn handle_event(&mut self, event: RawEvent, socket: &mut Socket) -> Result<()> {
///         self.text.push(&event.name, socket);
///         Ok(())
///     }
///     fn render(&self) -> Html {
///         html! { <p id={self.text.id()} aria-live="polite">{self.text}</p> }
///     }
/// }
///
/// let mut view = testing::View::<Answer>::mount(&testing::context().build())?;
/// view.event("Hello", "{}")?;
/// view.event(" <b>", "{}")?;
/// assert_eq!(view.changes(), "=", "nothing was evaluated");
/// assert_eq!(view.html(), r#"<p id="answer" aria-live="polite">Hello &lt;b&gt;</p>"#);
/// # Ok::<(), Failure>(())
/// ```
pub struct GrowingText {
    id: String,
    text: String,
    /// Bytes of the text without the pieces that came since the last document.
    settled: usize,
    /// When the last piece came.
    pushed: Stamp,
    /// Whether the page may show pieces that it was not rendered with.
    is_grown: bool,
    written: Stamp,
    place: Place,
}

impl GrowingText {
    /// Empty text, for the element of this id.
    pub fn new(id: impl Into<String>) -> Self {
        Self::with_text(id, "")
    }

    /// Text that is there already, for the element of this id.
    pub fn with_text(id: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            id: id.into(),
            settled: text.len(),
            text,
            pushed: Stamp::new(),
            is_grown: false,
            written: Stamp::new(),
            place: Place::new(),
        }
    }

    /// The id of the element.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The whole text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Adds a piece to the end.
    pub fn push(&mut self, piece: &str, socket: &mut Socket) {
        if piece.is_empty() {
            return;
        }
        if !self.pushed.is_current() {
            self.settled = self.text.len();
        }
        self.pushed.touch();
        if self.text.is_empty() {
            self.written.touch();
        }
        self.text.push_str(piece);
        self.is_grown = true;
        socket.append_text(TextAppend { element: self.id.clone(), text: piece.to_owned(), replace: false });
    }

    /// Puts other text in the place of all.
    pub fn set(&mut self, text: impl Into<String>, socket: &mut Socket) {
        let text = text.into();
        if self.is_grown {
            // The page shows more than it was rendered with, which may be this very text.
            self.is_grown = false;
            socket.append_text(TextAppend { element: self.id.clone(), text: String::new(), replace: true });
        } else if self.text == text {
            return;
        }
        self.settled = text.len();
        self.text = text;
        self.written.touch();
    }

    /// Takes all of it away.
    pub fn clear(&mut self, socket: &mut Socket) {
        self.set("", socket);
    }

    pub(crate) fn changed(&self) -> bool {
        self.place.is_new() || self.written.is_current()
    }
}

impl Deref for GrowingText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

/// What a document shows: the pieces that come with it are appended to that.
impl ToText for GrowingText {
    fn to_text(&self) -> String {
        let shown = if self.pushed.is_current() { self.text.get(..self.settled) } else { Some(&*self.text) };
        shown.unwrap_or_default().to_owned()
    }
}

impl fmt::Debug for GrowingText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(formatter)
    }
}
