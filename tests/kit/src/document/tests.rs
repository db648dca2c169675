//! What is told of elements that are found, of several, and of none.

use super::Document;
use crate::error::Code;

const PAGE: &str = "<body><main id=\"shop\"><ul class=\"plants\"><li id=\"fern\">Boston\n fern <button>Buy</button></li>\
    <li id=\"palm\">Palm <button disabled>Buy</button></li></ul></main></body>";

#[test]
fn one_element_is_found_by_selector_and_text_however_it_is_broken_into_lines() {
    let page = Document::parse(PAGE);
    assert_eq!(page.one("li", Some("Boston fern")).unwrap().attr("id"), Some("fern"));
    assert_eq!(page.one("#palm", None).unwrap().value().name(), "li");
    assert_eq!(page.all("li", None).unwrap().len(), 2);
}

#[test]
fn what_is_missing_is_told_with_what_comes_near_and_the_page() {
    let page = Document::parse(PAGE);
    for (selector, text, expected) in [
        (
            "li",
            Some("Moss"),
            "nothing is `li` with the text \"Moss\"\n`li` finds, with other text:\n  <li id=\"fern\">Boston fern Buy",
        ),
        ("#fren", None, "nothing is `#fren`\ndid you mean `#fern`?\nthe page:"),
        ("ul.plant > li", None, "did you mean `.plants`?"),
        ("p", Some("Palm"), "the text stands elsewhere:\n  <li id=\"palm\">Palm Buy   in li#palm"),
    ] {
        let problem = page.one(selector, text).unwrap_err();
        assert_eq!(problem.code, Code::Missing);
        let text = problem.at(std::panic::Location::caller()).to_string();
        assert!(text.contains(expected) && text.contains("<main id=\"shop\">"), "{text}");
    }
}

#[test]
fn several_elements_are_listed_with_where_they_are() {
    let problem = Document::parse(PAGE).one("button", Some("Buy")).unwrap_err();
    assert_eq!(problem.code, Code::Ambiguous);
    let text = problem.at(std::panic::Location::caller()).to_string();
    assert!(text.contains("2 elements are `button` with the text \"Buy\", and it must be one:"), "{text}");
    assert!(
        text.contains("<button>Buy   in li#fern > button\n  <button disabled>Buy   in li#palm > button"),
        "{text}"
    );
}

#[test]
fn a_selector_that_is_none_is_named() {
    assert_eq!(Document::parse(PAGE).one("li[", None).unwrap_err().code, Code::Selector);
}

#[test]
fn a_long_page_is_shown_in_part() {
    let rows: String =
        (0..500).map(|number| format!("<p id=\"p{number}\">{}</p>", "long ".repeat(100))).collect();
    let shown = Document::parse(&rows).shown();
    assert!(shown.len() < 60_000 && shown.contains("more lines"), "{}", shown.len());
}
