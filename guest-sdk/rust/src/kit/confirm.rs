//! A question that is answered before something happens.

use super::{Button, Modal, Variant};
use crate::prelude::*;

/// A [`Modal`] that asks whether something is to happen, with a button for it and one against it.
///
/// ```
/// use hothouse_sdk::kit::{Button, ConfirmDialog, Variant};
/// use hothouse_sdk::prelude::*;
///
/// fn page() -> Html {
///     html! {
///         <Button phx-click={JS::new().show_modal("clear")}>"Clear"</Button>
///         <ConfirmDialog
///             id="clear"
///             title="Clear the bench?"
///             confirm={JS::new().push("clear")}
///             confirm_label="Clear"
///             cancel_label="Keep them"
///             variant={Variant::Danger}
///         >
///             <p>"All plants on it are removed."</p>
///         </ConfirmDialog>
///     }
/// }
/// ```
///
/// It is opened by [`JS::show_modal`], or as soon as it is there with `show`, and closed by either button, by Escape and by a
/// click beside it. Renders what a [`Modal`] renders. Everything that elements have is passed on.
///
/// Accessibility: `role="alertdialog"`, described by its content, which is read out when it opens. The focus begins on the
/// button that changes nothing.
#[component]
pub fn ConfirmDialog(
    /// Its id, to be opened by.
    id: &str,
    /// The question.
    title: &str,
    /// Commands to run when the answer is yes: it is closed already.
    confirm: JS,
    /// The words on the button that says yes: what happens then.
    #[prop(default = "Confirm")]
    confirm_label: &str,
    /// Commands to run when it is closed in any other way.
    cancel: Option<JS>,
    /// The words on the button that says no.
    #[prop(default = "Cancel")]
    cancel_label: &str,
    /// How much the button that says yes stands out.
    #[prop(default = Variant::Primary)]
    variant: Variant,
    /// Opens it as soon as it is there.
    #[prop(default)]
    show: bool,
    /// The name of the button that closes it.
    #[prop(default = "Close")]
    close_label: &str,
    /// What becomes of it.
    children: Slot,
    #[prop(rest)] rest: Attrs,
) -> Html {
    html! {
        <Modal id={id} title={title} alert show={show} cancel?={cancel} close_label={close_label} {..rest}>
            {render_slot(children)}
            <:actions>
                <Button data-autofocus="" phx-click={JS::new().cancel_modal(id)}>{cancel_label}</Button>
                <Button variant={variant} phx-click={JS::new().hide_modal(id).and(confirm.clone())}>{confirm_label}</Button>
            </:actions>
        </Modal>
    }
}
