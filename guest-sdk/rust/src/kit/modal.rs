//! A question in front of the page.

use crate::prelude::*;

/// A dialog in front of the page, which is not reached while it is open.
///
/// It is opened by [`JS::show_modal`] and closed by [`JS::hide_modal`], by Escape, by a click beside it and by its own button; nothing
/// is sent. With `show` it opens as soon as it is there: `<Modal :if={self.editing} show cancel={…}>`.
///
/// Renders `<div class="hh-modal" hidden>` around `<div role="dialog">` with the title, what stands between the tags as
/// `hh-modal-body`, `hh-modal-actions`, and the button that closes it. Everything that elements have is passed on.
///
/// Accessibility: `role="dialog"`, `aria-modal` and a name from the title. When it opens, the focus goes to the element inside
/// with `data-autofocus`, or to the first that can have it; Tab stays inside; when it closes, the focus goes back to what
/// opened it.
#[component]
pub fn Modal(
    /// Its id, to be opened by.
    id: &str,
    /// The heading.
    title: &str,
    /// Opens it as soon as it is there.
    #[prop(default)]
    show: bool,
    /// It interrupts: `role="alertdialog"`, and what stands between the tags is read out with the title.
    #[prop(default)]
    alert: bool,
    /// Commands to run when it is closed without an answer.
    cancel: Option<JS>,
    children: Slot,
    /// Buttons below.
    actions: Option<Slot>,
    /// The name of the button that closes it.
    #[prop(default = "Close")]
    close_label: &str,
    #[prop(rest)] rest: Attrs,
) -> Html {
    html! {
        <div
            id={id}
            class="hh-modal"
            hidden
            phx-mounted?={show.then(|| JS::new().push_focus(":focus").open_modal(id))}
            phx-window-keydown={JS::new().cancel_modal(id)}
            phx-key="Escape"
            data-cancel={JS::new().hide_modal(id).and(cancel.clone().unwrap_or_default())}
            {..rest}
        >
            <super::FocusWrap id={format!("{id}-wrap")} class="hh-modal-wrap">
                <div
                    id={format!("{id}-dialog")}
                    class="hh-modal-dialog"
                    role={if alert { "alertdialog" } else { "dialog" }}
                    aria-modal="true"
                    aria-labelledby={format!("{id}-title")}
                    aria-describedby?={alert.then(|| format!("{id}-words"))}
                    phx-click-away={JS::new().cancel_modal(id)}
                >
                    <h2 id={format!("{id}-title")} class="hh-modal-title">{title}</h2>
                    <div id?={alert.then(|| format!("{id}-words"))} class="hh-modal-body">{render_slot(children)}</div>
                    <div :if={actions.is_some()} class="hh-modal-actions">{render_slot(actions)}</div>
                    <button type="button" class="hh-modal-close" aria-label={close_label} phx-click={JS::new().cancel_modal(id)}>
                        <super::Icon glyph={super::Glyph::Close}/>
                    </button>
                </div>
            </super::FocusWrap>
        </div>
    }
}

impl<Last> JS<Last> {
    /// Opens a [`Modal`] by its id. What the commands are bound to gets the focus back when it closes.
    pub fn show_modal(self, id: &str) -> JS {
        self.push_focus(To::This).open_modal(id)
    }

    /// Closes a [`Modal`] by its id, and gives the focus back.
    pub fn hide_modal(self, id: &str) -> JS {
        self.set_attr("hidden", "").to(format!("#{id}")).pop_focus().done()
    }

    fn open_modal(self, id: &str) -> JS {
        self.remove_attr("hidden")
            .to(format!("#{id}"))
            .focus_first(format!("#{id}-dialog"))
            .focus(format!("#{id}-dialog [data-autofocus]"))
            .done()
    }

    /// What is to happen when a modal that is open is left.
    pub(super) fn cancel_modal(self, id: &str) -> JS {
        self.exec("data-cancel").to(format!("#{id}:not([hidden])")).done()
    }
}
