//! Each command of the client, as the client reads it.

use hothouse_sdk::prelude::*;

#[derive(Event)]
enum Shop {
    Add,
}

#[track_caller]
fn check<Last>(commands: JS<Last>, expected: &str) {
    assert_eq!(commands.to_text(), expected);
}

#[test]
fn no_commands_are_an_empty_list() {
    check(JS::new(), "[]");
}

#[test]
fn a_push_has_its_event_and_its_options() {
    check(JS::new().push("save"), r#"[["push",{"event":"save"}]]"#);
    check(JS::new().push(Shop::Add), r#"[["push",{"event":"add"}]]"#);
    check(JS::new().push(Shop::ADD), r#"[["push",{"event":"add"}]]"#);
    check(
        JS::new()
            .push("save")
            .target("#form")
            .loading("#spinner")
            .page_loading()
            .value(json!({ "id": 3, "name": "a \"b\"" })),
        r##"[["push",{"event":"save","target":"#form","loading":"#spinner","page_loading":true,"value":{"id":3,"name":"a \"b\""}}]]"##,
    );
    check(JS::new().push("save").target_component(3), r#"[["push",{"event":"save","target":3}]]"#);
}

#[test]
fn an_element_is_copied() {
    check(JS::new().copy("#link"), r##"[["dispatch",{"event":"hothouse:copy","to":"#link"}]]"##);
    check(
        JS::new().copy(To::closest("pre")),
        r#"[["dispatch",{"event":"hothouse:copy","to":{"closest":"pre"}}]]"#,
    );
}

#[test]
fn navigation_has_an_address() {
    check(JS::new().navigate("/a"), r#"[["navigate",{"href":"/a"}]]"#);
    check(JS::new().navigate("/a").replace(), r#"[["navigate",{"href":"/a","replace":true}]]"#);
    check(JS::new().patch("?page=2"), r#"[["patch",{"href":"?page=2"}]]"#);
    check(JS::new().patch("?page=2").replace(), r#"[["patch",{"href":"?page=2","replace":true}]]"#);
}

#[test]
fn elements_are_the_bindings_own_or_found_by_selectors() {
    check(JS::new().show(To::This), r#"[["show",{}]]"#);
    check(JS::new().show("#menu"), r##"[["show",{"to":"#menu"}]]"##);
    check(JS::new().show(format!("#menu-{}", 1)), r##"[["show",{"to":"#menu-1"}]]"##);
    check(JS::new().show(To::closest("li")), r#"[["show",{"to":{"closest":"li"}}]]"#);
    check(JS::new().show(To::inner(".menu")), r#"[["show",{"to":{"inner":".menu"}}]]"#);
}

#[test]
fn showing_and_hiding_take_time() {
    check(
        JS::new().show("#a").display("flex").time(300).blocking(false).with_transition("fade"),
        r##"[["show",{"to":"#a","display":"flex","time":300,"blocking":false,"transition":[["fade"],[],[]]}]]"##,
    );
    check(
        JS::new().hide("#a").with_transition(("ease out", "opacity-100", "opacity-0")),
        r##"[["hide",{"to":"#a","transition":[["ease","out"],["opacity-100"],["opacity-0"]]}]]"##,
    );
    check(
        JS::new().toggle("#a").display("grid").ins("in").outs(("out", "a", "b")).time(100).blocking(true),
        r##"[["toggle",{"to":"#a","display":"grid","ins":[["in"],[],[]],"outs":[["out"],["a"],["b"]],"time":100,"blocking":true}]]"##,
    );
}

#[test]
fn classes_are_lists_of_names() {
    check(JS::new().add_class("a b"), r#"[["add_class",{"names":["a","b"]}]]"#);
    check(
        JS::new().remove_class("a").to("#x").time(10).blocking(false).with_transition("t"),
        r##"[["remove_class",{"names":["a"],"to":"#x","time":10,"blocking":false,"transition":[["t"],[],[]]}]]"##,
    );
    check(
        JS::new().toggle_class("a").to(To::inner("b")),
        r#"[["toggle_class",{"names":["a"],"to":{"inner":"b"}}]]"#,
    );
}

#[test]
fn a_transition_is_a_command_of_its_own() {
    check(
        JS::new().transition(("shake", "a", "b")).to("#x").time(500).blocking(true),
        r##"[["transition",{"transition":[["shake"],["a"],["b"]],"to":"#x","time":500,"blocking":true}]]"##,
    );
}

#[test]
fn attributes_are_pairs() {
    check(
        JS::new().set_attr("aria-expanded", true).to("#a"),
        r##"[["set_attr",{"attr":["aria-expanded","true"],"to":"#a"}]]"##,
    );
    check(JS::new().remove_attr("hidden").to("#a"), r##"[["remove_attr",{"attr":"hidden","to":"#a"}]]"##);
    check(JS::new().toggle_attr("open", "open"), r#"[["toggle_attr",{"attr":["open","open"]}]]"#);
    check(
        JS::new().toggle_attr_between("aria-expanded", "true", "false").to("#a"),
        r##"[["toggle_attr",{"attr":["aria-expanded","true","false"],"to":"#a"}]]"##,
    );
    check(
        JS::new().ignore_attrs("open data-*").to("#a"),
        r##"[["ignore_attrs",{"attrs":["open","data-*"],"to":"#a"}]]"##,
    );
}

#[test]
fn the_focus_moves_and_comes_back() {
    check(JS::new().focus("#a"), r##"[["focus",{"to":"#a"}]]"##);
    check(JS::new().focus_first("#a"), r##"[["focus_first",{"to":"#a"}]]"##);
    check(JS::new().push_focus(To::This), r#"[["push_focus",{}]]"#);
    check(JS::new().pop_focus(), r#"[["pop_focus",{}]]"#);
}

#[test]
fn events_of_the_dom_are_dispatched() {
    check(JS::new().dispatch("click").to("#a"), r##"[["dispatch",{"event":"click","to":"#a"}]]"##);
    check(
        JS::new().dispatch("app:copy").detail(json!({ "text": "x" })).bubbles(false).blocking(),
        r#"[["dispatch",{"event":"app:copy","detail":{"text":"x"},"bubbles":false,"blocking":true}]]"#,
    );
}

#[test]
fn commands_in_an_attribute_are_run() {
    check(JS::new().exec("data-cancel").to("#a"), r##"[["exec",{"attr":"data-cancel","to":"#a"}]]"##);
}

#[test]
fn commands_follow_one_another_in_order() {
    check(
        JS::new().push("save").hide("#a").add_class("b").pop_focus(),
        r##"[["push",{"event":"save"}],["hide",{"to":"#a"}],["add_class",{"names":["b"]}],["pop_focus",{}]]"##,
    );
}

#[test]
fn lists_of_commands_are_joined() {
    let both = JS::new().add_class("a").and(JS::new().push("b").hide("#c"));
    check(both.clone(), r##"[["add_class",{"names":["a"]}],["push",{"event":"b"}],["hide",{"to":"#c"}]]"##);
    assert_eq!(both.clone().and(JS::new()), both);
    assert_eq!(JS::new().and(both.clone()), both);
    let open = |open: bool| if open { JS::new().show("#a").done() } else { JS::new().hide("#a").done() };
    check(open(true).focus("#a"), r##"[["show",{"to":"#a"}],["focus",{"to":"#a"}]]"##);
}
