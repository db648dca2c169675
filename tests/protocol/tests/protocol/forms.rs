//! Forms of the SDK, as strangers send them: whatever it is, the view lives, and goes on.

use hothouse_protocol_tests::Joined;
use serde_json::json;

/// Sends a change of the order's form.
async fn change(open: &mut Joined, value: &str) -> anyhow::Result<String> {
    let payload = json!({ "type": "form", "event": "validate", "meta": {}, "uploads": {}, "value": value });
    open.view.push(&mut open.socket, payload).await?;
    open.view.html()
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_forms_are_taken_as_far_as_they_mean_something() -> anyhow::Result<()> {
    let mut open = Joined::open("nursery-order").await?;
    let deep = |depth: usize| format!("order{}=x", "[lines][0]".repeat(depth));
    let pairs = |pair: &dyn Fn(usize) -> String| (0..1_000).map(pair).collect::<Vec<_>>().join("&");
    for value in [
        deep(8),
        deep(500),
        pairs(&|index| format!("order[lines_sort][]={index}")),
        pairs(&|index| format!("order[lines][{index}][plant]=palm")),
        pairs(&|index| format!("order[lines][{index}][_persistent_id]=7")),
        pairs(&|_| "order[lines_drop][]=0".to_owned()),
        "order[lines]=x&order[lines][0]=y&order[lines][0][plant][]=z&order[delivery][a]=b".to_owned(),
        "order[__proto__][x]=1&order[lines][-1][count]=99999999999999999999&order[lines][1e9][count]=1"
            .to_owned(),
        "order[lines][0][count]=%F0%9F%8C%B4&order[gift]=%00&order[address]=&[]=&=&order[".to_owned(),
    ] {
        change(&mut open, &value).await.map_err(|error| anyhow::anyhow!("{value:.60}: {error}"))?;
        let html = change(
            &mut open,
            "order[lines_sort][]=0&order[lines][0][_persistent_id]=3&order[lines][0][plant]=moss&order[lines][0][count]=2",
        )
        .await?;
        assert!(html.contains("Total: 7.00"), "{value:.100}: {html}");
        assert!(html.contains("id=\"order_lines_3\""), "{value:.100}: {html}");
    }
    Ok(())
}
