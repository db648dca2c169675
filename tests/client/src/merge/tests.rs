//! The literal examples of the protocol's description (4.3, 4.5, 4.6, 4.13), and what a client cannot take.

use serde_json::{Value, json};

use super::Tree;

#[track_caller]
fn check(rendered: Value, steps: &[(Value, &str)]) {
    let mut tree = Tree::from_rendered(rendered).unwrap();
    for (diff, html) in steps {
        tree.apply(diff.clone()).unwrap();
        assert_eq!(tree.html().unwrap(), *html, "{diff}");
    }
}

#[track_caller]
fn check_rows(diffs: &[Value], expected: &str) {
    let rows = json!({"0": {"0": "ann"}, "1": {"0": "bob"}, "2": {"0": "cy"}, "kc": 3});
    let mut tree =
        Tree::from_rendered(json!({"0": {"s": ["<li>", "</li>"], "k": rows}, "s": ["<ul>", "</ul>"]}))
            .unwrap();
    for diff in diffs {
        tree.apply(json!({ "0": diff })).unwrap();
    }
    let items: String = expected.split_whitespace().map(|item| format!("<li>{item}</li>")).collect();
    assert_eq!(tree.html().unwrap(), format!("<ul>{items}</ul>"), "{diffs:?}");
}

#[track_caller]
fn check_refused(diff: &Value, expected: &str) {
    let rendered = json!({
        "0": {"s": ["<i>", "</i>"], "k": {"0": {"0": "x"}, "1": {"0": "y"}, "kc": 2}},
        "1": "text", "2": {"0": "inner", "s": ["<b>", "</b>"]}, "3": 1,
        "s": ["", "", "", "", ""],
        "c": {"1": {"0": "A", "r": 1, "s": ["<p>", "</p>"]}},
    });
    let mut tree = Tree::from_rendered(rendered).unwrap();
    let before = tree.clone();
    let error = tree.apply(diff.clone()).unwrap_err();
    assert!(error.to_string().contains(expected), "{diff}: {error}");
    assert_eq!(tree, before);
}

#[test]
fn rows_change_appear_vanish_and_move() {
    check_rows(&[], "ann bob cy");
    check_rows(&[json!({"k": {"1": {"0": "BOB"}, "kc": 3}})], "ann BOB cy");
    check_rows(&[json!({"k": {"3": {"0": "dee"}, "kc": 4}})], "ann bob cy dee");
    check_rows(&[json!({"k": {"kc": 2}})], "ann bob");
    check_rows(&[json!({"k": {"0": 1, "1": 2, "kc": 2, "km": true}})], "bob cy");
    check_rows(&[json!({"k": {"0": 1, "1": 0, "kc": 3, "km": true}})], "bob ann cy");
    check_rows(
        &[json!({"k": {"0": {"0": "new"}, "1": 0, "2": 1, "3": 2, "kc": 4, "km": true}})],
        "new ann bob cy",
    );
    check_rows(&[json!({"k": {"0": [2, {"0": "CY"}], "1": 0, "2": 1, "kc": 3, "km": true}})], "CY ann bob");
    check_rows(&[json!({"k": {"kc": 0}})], "");
    check_rows(&[json!({"k": {"kc": 0}}), json!({"k": {"0": {"0": "x"}, "kc": 1}})], "x");
}

#[test]
fn more_than_ten_rows_keep_their_order() {
    let row = |index: usize| (index.to_string(), json!({ "0": index.to_string() }));
    let mut rows: serde_json::Map<String, Value> = (3..12).map(row).collect();
    rows.insert("kc".to_owned(), json!(12));
    let turned: serde_json::Map<String, Value> = (0..12_usize)
        .map(|index| (index.to_string(), json!(11 - index)))
        .chain([("kc".to_owned(), json!(12)), ("km".to_owned(), json!(true))])
        .collect();
    check_rows(&[json!({ "k": rows }), json!({ "k": turned })], "11 10 9 8 7 6 5 4 3 cy bob ann");
}

#[test]
fn nested_rows_move_on_their_own() {
    let inner = |first: &str, second: &str| json!({"s": ["<i>", "</i>"], "k": {"0": {"0": first}, "1": {"0": second}, "kc": 2}});
    let outer =
        json!({"0": {"0": "A", "1": inner("1", "2")}, "1": {"0": "B", "1": inner("3", "4")}, "kc": 2});
    let turn = json!({"k": {"0": 1, "1": 0, "kc": 2, "km": true}});
    check(
        json!({"0": {"s": ["", ":", ";"], "k": outer}, "s": ["", ""]}),
        &[
            (json!({}), "A:<i>1</i><i>2</i>;B:<i>3</i><i>4</i>;"),
            (json!({"0": {"k": {"0": {"1": turn}, "kc": 2}}}), "A:<i>2</i><i>1</i>;B:<i>3</i><i>4</i>;"),
            (
                json!({"0": {"k": {"0": [1, {"1": turn}], "1": 0, "kc": 2, "km": true}}}),
                "B:<i>4</i><i>3</i>;A:<i>2</i><i>1</i>;",
            ),
        ],
    );
}

#[test]
fn statics_are_shared_within_one_message() {
    check(
        json!({"0": {"0": "A", "s": 0}, "1": {"0": "B", "s": 0}, "s": 1, "p": {"0": ["<b>", "</b>"], "1": ["<div>", " ", "</div>"]}}),
        &[
            (json!({}), "<div><b>A</b> <b>B</b></div>"),
            (json!({"1": {"0": "C"}}), "<div><b>A</b> <b>C</b></div>"),
            // Numbers begin again, and a subtree may have its own.
            (json!({"1": {"0": "D", "s": 0}, "p": {"0": ["<i>", "</i>"]}}), "<div><b>A</b> <i>D</i></div>"),
            (
                json!({"0": {"0": "E", "s": 0, "p": {"0": ["<u>", "</u>"]}}, "p": {"0": ["<i>", "</i>"]}}),
                "<div><u>E</u> <i>D</i></div>",
            ),
        ],
    );
}

#[test]
fn templates_of_a_list_are_for_its_rows_where_no_others_are() {
    let list = |statics: Value| json!({"s": statics, "k": {"0": {"0": {"0": "x", "s": 0}}, "kc": 1}, "p": {"0": ["<b>", "</b>"]}});
    check(json!({"0": list(json!(["<li>", "</li>"])), "s": ["", ""]}), &[(json!({}), "<li><b>x</b></li>")]);
    check(
        json!({"0": list(json!(1)), "s": ["", ""], "p": {"0": ["<i>", "</i>"], "1": ["<li>", "</li>"]}}),
        &[(json!({}), "<li><i>x</i></li>")],
    );
    assert!(Tree::from_rendered(json!({"0": list(json!(0)), "s": ["", ""]})).is_err());
}

#[test]
fn components_take_statics_from_each_other() {
    check(
        json!({
            "0": 1, "1": 2, "s": ["<main>", "", "</main>"],
            "c": {"1": {"0": "A", "r": 1, "s": ["<section>", "</section>"]}, "2": {"0": "B", "s": 1}},
        }),
        &[
            (json!({}), "<main><section>A</section><section>B</section></main>"),
            (json!({"c": {"2": {"0": "b"}}}), "<main><section>A</section><section>b</section></main>"),
            // As component 1 was before, whatever this message does to it.
            (
                json!({"0": 3, "c": {"1": {"0": "gone", "r": 1, "s": ["<p>", "</p>"]}, "3": {"0": "C", "s": -1}}}),
                "<main><section>C</section><section>b</section></main>",
            ),
            // A chain, against the order of ids.
            (
                json!({"0": 4, "1": 5, "c": {"4": {"0": "D", "s": 5}, "5": {"0": "E", "s": 6}, "6": {"0": "F", "s": -3}}}),
                "<main><section>D</section><section>E</section></main>",
            ),
        ],
    );
}

#[test]
fn components_are_marked_at_their_roots() {
    let tree = Tree::from_rendered(json!({
        "0": 1, "s": ["<main>", "</main>"],
        "c": {
            "1": {"0": 2, "r": 1, "s": ["<!-- one --><section class=\"a\">", "</section>"]},
            "2": {"r": 1, "s": ["\n<hr>"]},
        },
    }))
    .unwrap();
    assert_eq!(
        tree.marked_html().unwrap(),
        "<main><!-- one --><section data-phx-component=\"1\" class=\"a\">\n<hr data-phx-component=\"2\"></section></main>"
    );
}

#[test]
fn components_nest_and_are_in_rows() {
    check(
        json!({
            "0": {"s": ["<li>", "</li>"], "k": {"0": {"0": 1}, "1": {"0": 2}, "kc": 2}}, "s": ["<ul>", "</ul>"],
            "c": {
                "1": {"0": 3, "r": 1, "s": ["<b>", "</b>"]},
                "2": {"0": "two", "r": 1, "s": ["<b>", "</b>"]},
                "3": {"0": {"0": "inner", "s": 0}, "r": 1, "s": ["<i>", "</i>"], "p": {"0": ["(", ")"]}},
            },
        }),
        &[
            (json!({}), "<ul><li><b><i>(inner)</i></b></li><li><b>two</b></li></ul>"),
            (
                json!({"c": {"3": {"0": {"0": "new"}}}}),
                "<ul><li><b><i>(new)</i></b></li><li><b>two</b></li></ul>",
            ),
            (
                json!({"0": {"k": {"0": 1, "1": 0, "kc": 2, "km": true}}}),
                "<ul><li><b>two</b></li><li><b><i>(new)</i></b></li></ul>",
            ),
        ],
    );
}

#[test]
fn the_worked_sequence_leads_where_it_says() {
    let page = |list: [&str; 2], note: &str, count: u32| {
        let [first, second] =
            list.map(|item| format!("<li id=\"t{}\">{item}</li>", 1 + u32::from(item == "sell")));
        format!("<h1>Tasks</h1><ul>{first}{second}</ul>{note}<footer id=\"f\">{count}</footer>")
    };
    let note = |text: &str| format!("<p class=\"note\">{text}</p>");
    let (list, swapped) = (["buy", "sell"], ["sell", "buy"]);
    let shown = json!({"2": {"0": "1 open", "r": 1, "s": ["<p class=\"note\">", "</p>"]}});
    check(
        json!({
            "0": "Tasks", "1": {"s": 0, "k": {"0": {"0": "1", "1": "buy"}, "1": {"0": "2", "1": "sell"}, "kc": 2}},
            "2": "", "3": 1,
            "s": 1, "p": {"0": ["<li id=\"t", "\">", "</li>"], "1": ["<h1>", "</h1><ul>", "</ul>", "", ""]},
            "c": {"1": {"0": "0", "r": 1, "s": ["<footer id=\"f\">", "</footer>"]}},
        }),
        &[
            (json!({}), &page(list, "", 0)),
            (
                json!({"2": {"0": "2 open", "r": 1, "s": ["<p class=\"note\">", "</p>"]}, "c": {"1": {"0": "2"}}}),
                &page(list, &note("2 open"), 2),
            ),
            (json!({"2": {"0": "1 open"}}), &page(list, &note("1 open"), 2)),
            (json!({"c": {"1": {"0": "3"}}}), &page(list, &note("1 open"), 3)),
            (json!({"2": "", "1": {"k": {"0": 1, "1": 0, "kc": 2, "km": true}}}), &page(swapped, "", 3)),
            (shown, &page(swapped, &note("1 open"), 3)),
        ],
    );
}

#[test]
fn a_new_root_forgets_the_old_one_and_its_components() {
    let rendered = json!({"0": 1, "s": ["<p>", "</p>"], "c": {"1": {"r": 1, "s": ["<b></b>"]}}});
    check(
        rendered.clone(),
        &[(json!({"0": 2, "s": ["<q>", "</q>"], "c": {"2": {"r": 1, "s": ["<i></i>"]}}}), "<q><i></i></q>")],
    );
    let mut tree = Tree::from_rendered(rendered).unwrap();
    for diff in
        [json!({"0": 1, "s": ["<q>", "</q>"]}), json!({"0": 2, "s": ["<q>", "</q>"], "c": {"2": {"s": -1}}})]
    {
        assert!(tree.apply(diff.clone()).is_err(), "{diff}");
    }
}

#[test]
fn title_events_and_reply_are_no_part_of_the_tree() {
    let mut tree = Tree::from_rendered(json!({"0": "x", "s": ["", ""], "t": "Cart"})).unwrap();
    assert_eq!(tree.extra("t"), Some(&json!("Cart")));
    tree.apply(json!({"r": {"pong": 1}, "e": [["saved", {"id": 7}]]})).unwrap();
    assert_eq!((tree.extra("t"), tree.extra("r")), (None, Some(&json!({"pong": 1}))));
    assert_eq!(tree.extra("e"), Some(&json!([["saved", {"id": 7}]])));
    assert_eq!(tree.html().unwrap(), "x");
}

#[test]
fn what_a_client_cannot_take_is_refused_and_changes_nothing() {
    for (diff, expected) in [
        (json!([]), "no object"),
        (json!({"0": {"k": {"0": {"0": "y"}}}}), "without a count `kc`"),
        (json!({"0": {"k": {"0": 1, "1": 0, "kc": 2}}}), "there is no `km`"),
        (json!({"0": {"k": {"0": [1, {"0": "z"}], "kc": 2}}}), "there is no `km`"),
        (json!({"0": {"k": {"0": {"0": "z"}, "kc": 2, "km": true}}}), "no row moves"),
        (json!({"0": {"k": {"kc": 2, "km": false}}}), "`km` is false"),
        (json!({"0": {"k": {"0": 2, "kc": 2, "km": true}}}), "where there is none"),
        (json!({"0": {"k": {"0": [0], "kc": 2, "km": true}}}), "row 0 is"),
        (json!({"0": {"k": {"0": "z", "kc": 2}}}), "row 0 is"),
        (json!({"0": {"k": {"2": {"0": "z"}, "kc": 2}}}), "row 2 of 2"),
        (json!({"0": {"k": {"2": {"0": "z"}, "kc": 4}}}), "row 3 of 4"),
        (json!({"0": {"k": {"2": {}, "kc": 3}}}), "slot 0"),
        (json!({"0": {"k": {"x": {}, "kc": 2}}}), "row `x`"),
        (json!({"0": {"0": "z"}}), "a list, which has rows"),
        (json!({"0": {"0": "z", "k": {"kc": 2}}}), "beside `k`"),
        (json!({"0": {"k": {"kc": 2}, "stream": ["0", [], []]}}), "without an id"),
        (json!({"1": {"k": {"kc": 0}}}), "without statics"),
        (json!({"2": {"k": {"kc": 0}}}), "no list"),
        (json!({"1": {"0": "z"}}), "without statics"),
        (json!({"1": null}), "slot 1"),
        (json!({"1": true}), "slot 1"),
        (json!({"1": 2}), "component 2 is not known"),
        (json!({"1": 0}), "component 0 is not known"),
        (json!({"1": 1}), "two places"),
        (json!({"4": "z"}), "slot 4"),
        (json!({"x": "z"}), "`x` in an update"),
        (json!({"2": {"r": 1}}), "`r` in an update"),
        (json!({"1": {"0": "z", "s": 0}}), "statics 0 are not in this message"),
        (json!({"1": {"s": ["", ""]}}), "slot 0"),
        (json!({"1": {"s": []}}), "without statics"),
        (json!({"p": []}), "`p` is"),
        (json!({"c": {"0": {"r": 1, "s": [""]}}}), "component `0`"),
        (json!({"c": {"2": {"0": "z"}}}), "not known before"),
        (json!({"c": {"2": {"0": "z", "s": 1}}}), "not in this message"),
        (json!({"c": {"2": {"0": "z", "s": -3}}}), "not known before"),
        (json!({"c": {"2": {"s": 3}, "3": {"s": 2}}}), "from itself"),
        (json!({"3": 2, "c": {"2": {"s": [""]}}}), "no `r`"),
        (
            json!({"3": 2, "c": {"2": {"0": {"s": 0}, "r": 1, "s": ["", ""]}}, "p": {"0": [""]}}),
            "statics 0 are not in this message",
        ),
    ] {
        check_refused(&diff, expected);
    }
}

/// A page with a stream of two rows.
fn stream() -> Value {
    json!({"0": {"s": ["<li id=\"", "\">", "</li>"],
      "k": {"0": {"0": "m-1", "1": "hi"}, "1": {"0": "m-2", "1": "yo"}, "kc": 2},
      "stream": ["0", [["m-2", -1, null, null], ["m-1", -1, null, null]], []]},
     "s": ["<ul id=\"msgs\" phx-update=\"stream\">", "</ul>"]})
}

#[track_caller]
fn check_stream(diffs: &[Value], expected: &str) {
    let mut tree = Tree::from_rendered(stream()).unwrap();
    for diff in diffs {
        tree.apply(json!({ "0": diff })).unwrap();
    }
    let rows: String = expected
        .split_whitespace()
        .filter_map(|row| row.split_once(':'))
        .map(|(id, text)| format!("<li id=\"m-{id}\">{text}</li>"))
        .collect();
    assert_eq!(tree.html().unwrap(), format!("<ul id=\"msgs\" phx-update=\"stream\">{rows}</ul>"));
}

fn row(id: u32, text: &str) -> Value {
    json!({ "0": format!("m-{id}"), "1": text })
}

#[test]
fn rows_of_streams_live_in_the_page() {
    check_stream(&[], "1:hi 2:yo");
    let append =
        json!({"k": {"0": row(3, "new"), "kc": 1}, "stream": ["0", [["m-3", -1, -50, null]], ["m-1"]]});
    check_stream(std::slice::from_ref(&append), "2:yo 3:new");
    // What happened once does not happen again.
    check_stream(&[append.clone(), json!({"k": {"kc": 0}, "stream": ["0", [], []]})], "2:yo 3:new");
    let reset =
        json!({"k": {"0": row(9, "only"), "kc": 1}, "stream": ["0", [["m-9", -1, null, null]], [], true]});
    check_stream(&[append, reset], "9:only");
    let two = |at: i32| {
        json!({"k": {"0": row(3, "x"), "1": row(4, "y"), "kc": 2},
        "stream": ["0", [["m-3", at, null, null], ["m-4", at, null, null]], []]})
    };
    check_stream(&[two(0)], "4:y 3:x 1:hi 2:yo");
    check_stream(&[two(1)], "1:hi 4:y 3:x 2:yo");
    check_stream(&[two(7)], "1:hi 2:yo 3:x 4:y");
    let known = |operation: Value, deletes: Value| json!({"k": {"0": row(1, "again"), "kc": 1}, "stream": ["0", [operation], deletes]});
    check_stream(&[known(json!(["m-1", -1, 1, null]), json!([]))], "1:again 2:yo");
    check_stream(&[known(json!(["m-1", -1, null, null]), json!(["m-1"]))], "2:yo 1:again");
    let other = |limit: Value, update_only: Value| json!({"k": {"0": row(3, "z"), "kc": 1}, "stream": ["0", [["m-3", -1, limit, update_only]], []]});
    check_stream(&[other(json!(null), json!(true))], "1:hi 2:yo");
    check_stream(&[other(json!(-2), json!(false))], "2:yo 3:z");
    check_stream(&[other(json!(2), json!(null))], "1:hi 2:yo");
    check_stream(&[other(json!(0), json!(null))], "");
}

#[test]
fn streams_that_no_client_could_take_are_refused() {
    for (stream, expected) in [
        (json!(["0", [["m-4", -1, null, null]], []]), "is no insert"),
        (json!(["0", [["m-3", -1, null, null], ["m-4", -1, null, null]], []]), "has no row"),
        (json!(["0", [["m-3", -2, null, null]], []]), "a stream"),
        (json!(["0", [["m-3", -1, null, null]], [], false]), "a stream"),
        (json!([0, [["m-3", -1, null, null]], []]), "a stream"),
    ] {
        let mut tree = Tree::from_rendered(self::stream()).unwrap();
        let error =
            tree.apply(json!({"0": {"k": {"0": row(3, "x"), "kc": 1}, "stream": stream}})).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}
