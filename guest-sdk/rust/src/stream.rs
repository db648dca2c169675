//! Items that the page keeps and the view does not.

mod pending;

use std::cell::{Ref, RefCell};
use std::fmt;
use std::fmt::Display;
use std::rc::Rc;

use crate::tracking::{self, Place};

use pending::Pending;

/// A list whose items live in the page: the view sends them and forgets them.
///
/// For lists that are long or never end. What happens to a stream is kept until the next document is handed out, and then
/// nothing of it: neither the view nor the host has the items, so a stream cannot be read.
///
/// In a template a stream stands directly in an element with an id and `phx-update="stream"`. Its rows are pairs of the
/// id that the row's element must have and the item:
///
/// ```
/// use hothouse_sdk::prelude::*;
///
/// struct Post { id: u32, text: String }
///
/// struct Feed { posts: Stream<Post> }
///
/// impl Feed {
///     fn new() -> Self {
///         let mut posts = Stream::new("posts", |post: &Post| post.id);
///         posts.insert(Post { id: 1, text: "Hello".to_owned() });
///         Self { posts }
///     }
///     fn show(&self) -> Html {
///         html! {
///             <ul id="posts" phx-update="stream">
///                 for (dom_id, post) in self.posts {
///                     <li id={dom_id}>{post.text}</li>
///                 }
///             </ul>
///         }
///     }
/// }
/// ```
///
/// An item that the page has already is changed where it stands when it is inserted again. What else a row shows, beside
/// its item, is as it was when the item was inserted.
///
/// Other elements may stand in the stream's element, if they have ids: they stay, and count for indexes and limits. One that
/// styles show as the only child tells that the stream is empty; in the look that a host brings that is the class `only`.
///
/// Operations are lost with a callback's document if the host refuses it, or if the stream is not in it.
pub struct Stream<T> {
    name: String,
    key: Box<dyn Fn(&T) -> String>,
    pending: Rc<RefCell<Pending<T>>>,
    place: Place,
}

impl<T: 'static> Stream<T> {
    /// A stream without items. Its name is unique in the page: 1 to 64 ASCII letters, digits, `-` and `_`. The key tells
    /// an item from all others; the id of its element is `{name}-{key}`, without white space and at most 255 bytes long.
    pub fn new<K: Display>(name: impl Into<String>, key: impl Fn(&T) -> K + 'static) -> Self {
        Self {
            name: name.into(),
            key: Box::new(move |item| key(item).to_string()),
            pending: Rc::default(),
            place: Place::new(),
        }
    }

    /// Puts an item in at the end.
    pub fn insert(&mut self, item: T) -> Inserted<'_, T> {
        self.put(-1, false, item)
    }

    /// Puts an item in at the beginning. Of several in one callback the last is first.
    pub fn prepend(&mut self, item: T) -> Inserted<'_, T> {
        self.put(0, false, item)
    }

    /// Puts an item in behind so many others, or at the end if there are fewer. What is deleted in the same callback is
    /// gone by then.
    pub fn insert_at(&mut self, index: usize, item: T) -> Inserted<'_, T> {
        self.put(i32::try_from(index).unwrap_or(-1), false, item)
    }

    /// Changes an item where it stands; one that the page does not have is left out.
    pub fn update_only(&mut self, item: T) {
        self.put(-1, true, item);
    }

    /// Takes an item out.
    pub fn delete(&mut self, item: &T) {
        let element = self.dom_id(item);
        self.change().delete(element);
    }

    /// Takes the item with this key out.
    pub fn delete_by_id(&mut self, key: impl Display) {
        let element = self.element(key);
        self.change().delete(element);
    }

    /// Takes all items out and puts these in. Elements of items that were there already are kept.
    pub fn reset(&mut self, items: impl IntoIterator<Item = T>) {
        self.change().clear();
        self.extend(items);
    }

    /// The id of an item's element.
    pub fn dom_id(&self, item: &T) -> String {
        self.element((self.key)(item))
    }

    fn put(&mut self, at: i32, update_only: bool, item: T) -> Inserted<'_, T> {
        let element = self.dom_id(&item);
        let index = self.change().insert(element, at, update_only, item);
        Inserted { stream: self, index }
    }

    fn element(&self, key: impl Display) -> String {
        format!("{}-{key}", self.name)
    }

    fn change(&mut self) -> std::cell::RefMut<'_, Pending<T>> {
        if self.pending.borrow().is_empty() {
            tracking::forget_once_handed_out(self.pending.clone());
        }
        self.pending.borrow_mut()
    }
}

impl<T> Stream<T> {
    /// The name that it was made with.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether there is something to say of it.
    pub(crate) fn changed(&self) -> bool {
        self.place.is_new() || self.has_operations()
    }

    /// Whether something happened to it.
    pub(crate) fn has_operations(&self) -> bool {
        !self.pending.borrow().is_empty()
    }

    pub(crate) fn pending(&self) -> Ref<'_, Pending<T>> {
        self.pending.borrow()
    }
}

/// Puts items in at the end.
impl<T: 'static> Extend<T> for Stream<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        for item in items {
            self.insert(item);
        }
    }
}

impl<T> fmt::Debug for Stream<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Stream").field("name", &self.name).finish_non_exhaustive()
    }
}

/// An item that was just put into a stream.
#[derive(Debug)]
pub struct Inserted<'a, T> {
    stream: &'a mut Stream<T>,
    /// None when it takes the place of one that is in the same document: no limit holds for it.
    index: Option<usize>,
}

impl<T: 'static> Inserted<'_, T> {
    /// Has the page keep so many elements once the item is in: of the first if positive, of the last if negative. It does
    /// not hold for an item that the page has already.
    ///
    /// ```
    /// use hothouse_sdk::prelude::*;
    /// let mut lines = Stream::new("lines", |line: &u32| *line);
    /// lines.insert(7).limit(-100);
    /// lines.prepend(6).limit(100);
    /// ```
    pub fn limit(self, count: i32) {
        if let Some(index) = self.index {
            self.stream.change().limit(index, count);
        }
    }
}
