//! A word about something, where the pointer or the focus is.

use crate::prelude::*;

/// Where a tooltip stands beside what it is about.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Above it.
    #[default]
    Above,
    /// Below it.
    Below,
    /// Before it, where a line begins.
    Before,
    /// Behind it, where a line ends.
    Behind,
}

impl Side {
    fn class(self) -> &'static str {
        match self {
            Self::Above => "",
            Self::Below => "hh-tooltip-below",
            Self::Before => "hh-tooltip-before",
            Self::Behind => "hh-tooltip-behind",
        }
    }
}

/// A short text about a button, a link or an input, shown while the pointer is over it or the keyboard has brought the
/// focus there; nothing is sent.
///
/// The content is given attributes that belong on what the text is about, so that those who do not see it hear it:
///
/// ```
/// use hothouse_sdk::kit::{Button, Glyph, Icon, Tooltip};
/// use hothouse_sdk::prelude::*;
///
/// fn page() -> Html {
///     html! {
///         <Tooltip id="mist" text="A fine spray, for ferns" :let={about}>
///             <Button phx-click="mist" aria-label="Mist" {..about}><Icon glyph={Glyph::Drop}/></Button>
///         </Tooltip>
///     }
/// }
/// ```
///
/// Renders `<span class="hh-tooltip">` around the content and a `role="tooltip"`. Everything that elements have is passed
/// on. It is text alone, and no place for what has to be read: a touch screen shows it only while something has the focus.
///
/// Accessibility: the text describes the element (`aria-describedby`). It stays while the pointer is over it, and Escape
/// puts it away until the focus leaves or there is a click elsewhere.
#[component]
pub fn Tooltip(
    /// Its id; that of its text begins with it.
    id: &str,
    /// What it says.
    text: &str,
    /// Where it stands.
    #[prop(default)]
    side: Side,
    #[prop(rest)] rest: Attrs,
    children: Slot<Attrs>,
) -> Html {
    html! {
        <span
            id={id}
            class={["hh-tooltip", side.class()]}
            phx-window-keydown={JS::new().dismiss_tooltip(id)}
            phx-key="Escape"
            phx-click-away={JS::new().restore_tooltip(id)}
            {..rest}
        >
            {render_slot(children, &about(id))}
            <span id={format!("{id}-text")} class="hh-tooltip-text" role="tooltip">{text}</span>
        </span>
    }
}

/// What the element has that the text is about.
fn about(id: &str) -> Attrs {
    Attrs::new()
        .with("aria-describedby", format!("{id}-text"))
        .with("phx-blur", JS::new().restore_tooltip(id))
}

impl JS {
    fn dismiss_tooltip(self, id: &str) -> JS {
        self.set_attr("data-dismissed", "").to(format!("#{id}:is(:hover, :has(:focus))")).done()
    }

    fn restore_tooltip(self, id: &str) -> JS {
        self.remove_attr("data-dismissed").to(format!("#{id}[data-dismissed]")).done()
    }
}
