//! The rules of the wizard: what is shown, what is called wrong, and what becomes of the answers.

use hothouse_sdk::testing::{Effect, View, context};

use super::*;

fn at(path: &str, step: &str) -> View<SignUp> {
    let mut view = View::<SignUp>::mount(&context().build()).unwrap();
    view.patch(path, &[("step", step)]).unwrap();
    view
}

#[test]
fn nobody_is_called_wrong_before_they_go_on() {
    let mut view = View::<SignUp>::mount(&context().build()).unwrap();
    view.event("change", r#"{"name":" "}"#).unwrap();
    assert!(!view.html().contains("Tell us your name."));
    view.event("next", r#"{"name":" "}"#).unwrap();
    assert!(view.html().contains("Tell us your name."));
}

#[test]
fn a_step_whose_earlier_ones_are_not_answered_is_not_shown() {
    let mut view = at("/sign-up/confirm", "confirm");
    assert!(view.html().contains("Your name"));
    view.event("change", r#"{"name":"A"}"#).unwrap();
    assert!(view.html().contains("Your name"), "whoever types is left where they are");
    view.event("next", r#"{"name":"Ann"}"#).unwrap();
    let effects = view.take_effects();
    assert!(
        matches!(effects.as_slice(), [.., Effect::Patch(to)] if to.to == "/sign-up/garden"),
        "{effects:?}"
    );
    assert!(view.patch("/sign-up/nowhere", &[("step", "nowhere")]).is_err());
}

#[test]
fn what_was_answered_before_the_connection_was_lost_brings_its_step_back() {
    let mut view = at("/sign-up/confirm", "confirm");
    view.event("recover", r#"{"name":"Ann","garden":"balcony"}"#).unwrap();
    assert!(view.html().contains("Ann, with plants on a balcony."), "{}", view.html());
}

#[test]
fn who_has_answered_everything_is_signed_in() {
    let mut view = at("/sign-up/confirm", "confirm");
    view.event("recover", r#"{"name":"Ann ","garden":"balcony"}"#).unwrap();
    view.take_effects();
    view.event("next", r#"{"name":"Ann ","garden":"balcony"}"#).unwrap();
    let effects = view.take_effects();
    let [Effect::PutSession(put), Effect::PutFlash(_), Effect::Navigate(to)] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    let put: Vec<_> = put.iter().map(|pair| (pair.name.as_str(), pair.value.as_str())).collect();
    assert_eq!((put.as_slice(), to.to.as_str()), (&[("user", "Ann"), ("garden", "balcony")][..], "/account"));
}
