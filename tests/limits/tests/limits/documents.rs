//! Documents that are none: the view lives on, and its page is told.

use hothouse_limits_tests::Server;
use serde_json::json;

/// A view that works, then renders something that is refused, and then works again.
pub(crate) async fn is_refused(event: &str, code: &str) -> anyhow::Result<()> {
    is_refused_after("plain", event, code).await
}

/// As [`is_refused`], for a view that works with this document.
async fn is_refused_after(plain: &str, event: &str, code: &str) -> anyhow::Result<()> {
    let attack = async |server: &Server| {
        let mut visitor = server.visit(&format!("/?document={plain}")).await?;
        visitor.counts(1).await?;
        let answer = visitor.view.click(&mut visitor.socket, event, json!({})).await?;
        assert_eq!(answer.pointer("/diff/e/0/0"), Some(&json!("hothouse:failure")), "{answer}");
        visitor.view.click(&mut visitor.socket, &format!("document:{plain}"), json!({})).await?;
        visitor.counts(3).await
    };
    Server::start()?.endure("hothouse_documents_refused_total", code, attack).await
}

/// A view whose template cannot be used.
async fn is_no_template(html: &str) -> anyhow::Result<()> {
    is_refused(&format!("document:statics:{html}"), "bad-template").await
}

attacks! {
    node_that_does_not_exist: is_refused("document:bogus-node", "bad-index");
    node_within_itself: is_refused("document:cycle", "bad-index");
    node_in_two_places: is_refused("document:shared", "unused-parts");
    node_without_a_place: is_refused("document:unused-node", "unused-parts");
    node_of_an_unknown_template: is_refused("document:bogus-template", "template-unknown");
    node_with_too_few_slots: is_refused("document:wrong-slot-count", "slot-count");
    root_that_is_text: is_refused("document:text-root", "bad-root");
    nodes_too_deep: is_refused("document:deep:80", "document-too-deep");
    nodes_too_many: is_refused("document:wide:10001", "too-many-nodes");
    text_too_long: is_refused("document:long", "document-too-large");
    row_that_stands_twice: is_refused("document:same-row-twice", "bad-row");
    row_that_was_never_sent: is_refused("document:row-of-nothing", "bad-row");
    template_defined_twice: is_refused("document:redefined", "template-redefined");
    template_with_a_huge_id: is_refused("document:template-id", "template-id");
    html_too_deep_to_be_cleaned: is_refused_after("html-count", "document:html-deep", "document-too-deep");
    html_with_too_many_attributes: is_refused_after("html-count", "document:html-attributes", "too-many-attributes");
    html_after_a_tree: is_refused("document:html", "mixed-documents");
    reply_that_is_not_json: is_refused("reply:{", "bad-payload");
    pushed_event_that_is_no_object: is_refused("push:[1]", "bad-payload");
    text_for_an_element_that_cannot_be: is_refused("append:two words", "bad-element-id");
    script_in_a_template: is_no_template("<script>alert(1)</script>");
    style_in_a_template: is_no_template("<style>{}</style>");
    iframe_in_a_template: is_no_template("<iframe src=\"https://example.org\"></iframe>");
    handler_in_a_template: is_no_template("<a onclick=\"alert(1)\">x</a>");
    handler_with_a_slot: is_no_template("<a onclick=\"{}\">x</a>");
    srcdoc_in_a_template: is_no_template("<p srcdoc=\"{}\">x</p>");
    script_link_in_a_template: is_no_template("<a href=\"javascript:alert(1)\">x</a>");
    script_link_with_a_tab_in_a_template: is_no_template("<a href=\"java\tscript:alert(1)\">x</a>");
    client_attribute_in_a_template: is_no_template("<p data-phx-session=\"x\">x</p>");
    portal_to_the_notices_of_the_host: is_no_template(
        "<template id=\"a\" data-phx-portal=\"#hothouse-notices\"><p id=\"_lv_portal_wrap_a\">x</p></template>"
    );
    portal_to_what_a_selector_finds: is_no_template(
        "<template id=\"a\" data-phx-portal=\"[data-phx-main]\"><p id=\"_lv_portal_wrap_a\">x</p></template>"
    );
    portal_of_the_notices_of_the_host: is_no_template(
        "<template id=\"a\" data-phx-portal=\"body\"><p id=\"hothouse-notices\">x</p></template>"
    );
    template_that_is_no_portal: is_no_template("<template id=\"a\"><p id=\"_lv_portal_wrap_a\">x</p></template>");
    slot_in_a_tag_name: is_no_template("<{}>x</p>");
    slot_in_an_unquoted_value: is_no_template("<p class={}>x</p>");
    slot_in_a_comment: is_no_template("<!-- {} -->");
    slot_within_a_textarea_beside_its_end: is_no_template("<textarea><{}</textarea>");
    template_that_does_not_end: is_no_template("<p class=\"");
    template_with_half_a_tag: is_no_template("<p");
    element_that_is_not_closed: is_no_template("<p>x");
    stream_item_that_stands_twice: is_refused("document:stream:id-twice", "bad-stream-item");
    stream_item_with_an_empty_id: is_refused("document:stream:empty-id", "bad-stream-item");
    stream_item_with_a_spaced_id: is_refused("document:stream:spaced-id", "bad-stream-item");
    stream_item_in_another_element: is_refused("document:stream:other-id", "bad-stream-item");
    stream_item_in_no_element_with_an_id: is_refused("document:stream:no-id", "bad-stream-item");
    stream_item_below_the_beginning: is_refused("document:stream:below", "bad-stream-item");
    stream_outside_of_its_element: is_refused("document:stream:outside", "bad-stream");
    stream_with_the_name_of_another: is_refused("document:stream:same-name", "bad-stream");
    stream_in_two_lists: is_refused("document:stream:twice", "bad-index");
    stream_without_a_list: is_refused("document:stream:lost", "unused-parts");
    stream_with_too_many_operations: is_refused("document:stream:deletes:20000", "too-many-nodes");
    navigation_to_another_host: is_refused("navigate://evil.example", "bad-address");
    navigation_to_another_host_within_a_path: is_refused("navigate:/.//evil.example", "bad-address");
    redirect_to_a_script: is_refused("redirect:javascript:alert(1)", "foreign-redirect");
    redirect_to_a_host_without_a_grant: is_refused("redirect:https://evil.example/", "foreign-redirect");
    patch_to_another_view: is_refused("patch:/stock", "foreign-patch");
    flash_of_no_kind: is_refused("put:A kind=x", "bad-flash");
    hook_that_was_not_granted: is_no_template("<p id=\"h\" phx-hook=\"Sortable\">x</p>");
    hook_in_a_slot_that_was_not_granted: is_refused("document:hook:Sortable", "hook-not-granted");
    hook_of_another_component: is_refused("document:hook:asks-everything-second.Chart", "hook-not-granted");
    hook_with_a_name_that_is_none: is_refused("document:hook:\" onclick=\"alert(1)", "hook-not-granted");
    hook_among_attributes_that_was_not_granted: is_refused("document:attributes: id=\"h\" phx-hook=\"Sortable\"", "bad-attributes");
    hook_that_a_command_in_a_template_sets: is_no_template("<p title=\"&#91;[&quot;set_attr&quot;,{&quot;attr&quot;:[&quot;phx-hook&quot;,&quot;X&quot;]}]]\">x</p>");
    hook_that_a_command_with_a_slot_sets: is_no_template("<p title=\"[[&quot;{}_attr&quot;,{&quot;attr&quot;:[&quot;phx-hook&quot;,&quot;X&quot;]}]]\">x</p>");
    hook_that_a_pushed_command_sets: is_refused("push-as:hothouse:js/{\"js\":[[\"set_attr\",{\"attr\":[\"phx-hook\",\"X\"]}]]}", "bad-commands");
    ticket_that_a_view_makes_up: is_refused("push-as:hothouse:ticket/{\"ticket\":\"x\"}", "host-event");
    flash_that_changes_for_ever: is_refused("put:info=again", "too-many-patches");
}
