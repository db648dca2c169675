//! Small drawings.

use crate::prelude::*;

/// The drawings that there are, on a field of 24 by 24.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Glyph {
    /// A tick.
    Check,
    /// A cross.
    Close,
    /// An angle that points down.
    ChevronDown,
    /// An angle that points to the left.
    ChevronLeft,
    /// An angle that points to the right.
    ChevronRight,
    /// An arrow that points down.
    ArrowDown,
    /// An arrow that points up.
    ArrowUp,
    /// A plus sign.
    Plus,
    /// A minus sign.
    Minus,
    /// A magnifying glass.
    Search,
    /// A bin.
    Trash,
    /// A pencil.
    Pencil,
    /// Three dots in a row.
    More,
    /// A drop of water.
    Drop,
    /// A sun.
    Sun,
    /// A leaf.
    Leaf,
    /// A triangle with an exclamation mark.
    Warning,
    /// A circle with an `i`.
    Info,
}

impl Glyph {
    /// Every drawing that there is.
    pub const ALL: [Self; 18] = [
        Self::Check,
        Self::Close,
        Self::ChevronDown,
        Self::ChevronLeft,
        Self::ChevronRight,
        Self::ArrowDown,
        Self::ArrowUp,
        Self::Plus,
        Self::Minus,
        Self::Search,
        Self::Trash,
        Self::Pencil,
        Self::More,
        Self::Drop,
        Self::Sun,
        Self::Leaf,
        Self::Warning,
        Self::Info,
    ];

    /// Lines of two units' width, as the `d` of a `<path>`.
    fn path(self) -> &'static str {
        match self {
            Self::Check => "M5 13l4 4L19 7",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::ChevronDown => "M6 9l6 6 6-6",
            Self::ChevronLeft => "M15 6l-6 6 6 6",
            Self::ChevronRight => "M9 6l6 6-6 6",
            Self::ArrowDown => "M12 5v14M6 13l6 6 6-6",
            Self::ArrowUp => "M12 19V5M6 11l6-6 6 6",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Minus => "M5 12h14",
            Self::Search => "M17 11a6 6 0 1 1-12 0 6 6 0 0 1 12 0zM15.5 15.5L20 20",
            Self::Trash => "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
            Self::Pencil => "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
            Self::More => "M5 12h.01M12 12h.01M19 12h.01",
            Self::Drop => "M12 4c4 5 6 7.5 6 10.5a6 6 0 0 1-12 0C6 11.5 8 9 12 4z",
            Self::Sun => {
                "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4"
            }
            Self::Leaf => "M20 4c-9 0-15 4-15 11a5 5 0 0 0 5 5c7 0 10-7 10-16zM4 21c2-5 5-8 10-11",
            Self::Warning => "M12 4L2.5 20h19zM12 10v4M12 17h.01",
            Self::Info => "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM12 11v5M12 8h.01",
        }
    }
}

/// A drawing of the size and colour of the text around it.
///
/// Renders `<svg class="hh-icon">`. Everything that elements have is passed on.
///
/// Accessibility: without `label` it is decoration, which screen readers pass over (`aria-hidden`); with one it is a
/// picture of that name.
#[component]
pub fn Icon(
    /// What is drawn.
    glyph: Glyph,
    /// What it says, where no text beside it does.
    label: Option<&str>,
    #[prop(rest)] rest: Attrs,
) -> Html {
    html! {
        <svg
            class="hh-icon"
            viewBox="0 0 24 24"
            role?={label.map(|_| "img")}
            aria-label?={label}
            aria-hidden?={label.is_none().then_some("true")}
            {..rest}
        >
            <path d={glyph.path()}/>
        </svg>
    }
}
