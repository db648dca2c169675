//! What `{expression}` between tags accepts.

use super::{Content, Html, ToText};
use crate::assign::Assign;

/// Something that can stand between tags: text of any kind, markup, or nothing.
///
/// Every [`ToText`] can; to show a type of your own as text, implement that.
/// Implement this one for types that are shown as markup.
///
/// ```
/// use hothouse_sdk::prelude::*;
/// struct Badge(u32);
/// impl ToHtml for Badge {
///     fn to_html(&self) -> Html {
///         html! { <span class="badge">{self.0}</span> }
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand between tags",
    label = "neither text nor markup",
    note = "implement `ToText` to show it as text, or `ToHtml` to show it as markup",
    note = "a slot of a component is shown by `{{render_slot(…)}}`"
)]
pub trait ToHtml {
    /// The markup.
    fn to_html(&self) -> Html;

    /// The markup of something that is not needed any longer.
    fn into_html(self) -> Html
    where
        Self: Sized,
    {
        self.to_html()
    }
}

impl<T: ToText + ?Sized> ToHtml for T {
    fn to_html(&self) -> Html {
        Html::whole(Content::Text(self.to_text()))
    }

    fn into_html(self) -> Html
    where
        Self: Sized,
    {
        Html::whole(Content::Text(self.into_text()))
    }
}

impl ToHtml for Html {
    fn to_html(&self) -> Html {
        self.clone()
    }

    fn into_html(self) -> Html {
        self
    }
}

impl ToHtml for Option<Html> {
    fn to_html(&self) -> Html {
        self.clone().into_html()
    }

    fn into_html(self) -> Html {
        self.unwrap_or_else(Html::empty)
    }
}

impl ToHtml for Assign<Html> {
    fn to_html(&self) -> Html {
        (**self).clone()
    }
}
