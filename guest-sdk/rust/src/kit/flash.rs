//! Short messages above everything else.

use super::{Glyph, Icon};
use crate::flash::Flash;
use crate::prelude::*;

/// The flash: one box for each kind, with a button that closes it. None goes away by itself: who reads slowly has time.
///
/// Renders `<div class="hh-flashes">` with `<div class="hh-flash hh-flash-KIND" id="flash-KIND">` for each message. The kinds
/// `info`, `success`, `warning` and `error` have looks of their own, others that of `info`.
///
/// Accessibility: messages of the kind `error` interrupt (`role="alert"`), the others wait until there is a pause
/// (`role="status"`). Both places are there before a message is, so that it is read out when it comes.
#[component]
pub fn FlashMessages(
    /// What the host says that it is: see [`LiveView::flash_changed`].
    flash: &Flash,
    /// The name of the buttons that close a message.
    #[prop(default = "Close")]
    close_label: &str,
) -> Html {
    html! {
        <div class="hh-flashes">
            <div role="status">
                for (kind, message) in flash.iter().filter(|(kind, _)| *kind != ERROR) key={kind} {
                    <FlashMessage kind={kind} message={message} close_label={close_label}/>
                }
            </div>
            <div role="alert">
                if let Some(message) = flash.get(ERROR) {
                    <FlashMessage kind={ERROR} message={message} close_label={close_label}/>
                }
            </div>
        </div>
    }
}

/// The kind that interrupts.
const ERROR: &str = "error";

#[component]
fn FlashMessage(kind: &str, message: &str, close_label: &str) -> Html {
    html! {
        <div id={format!("flash-{kind}")} class={["hh-flash".to_owned(), format!("hh-flash-{kind}")]}>
            <Icon glyph={glyph(kind)}/>
            <p>{message}</p>
            <button type="button" aria-label={close_label} phx-click="lv:clear-flash" phx-value-key={kind}>
                <Icon glyph={Glyph::Close}/>
            </button>
        </div>
    }
}

fn glyph(kind: &str) -> Glyph {
    match kind {
        "success" => Glyph::Check,
        "warning" | ERROR => Glyph::Warning,
        _ => Glyph::Info,
    }
}
