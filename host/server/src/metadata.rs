//! What a page tells search engines and previews, as its view has described it.

use hothouse_diff::escape;
use url::Url;

/// Names whose values are URLs.
const URLS: [&str; 8] = [
    "canonical",
    "og:url",
    "og:image",
    "og:image:url",
    "og:image:secure_url",
    "og:video",
    "og:audio",
    "twitter:image",
];

/// Writes the elements for names and values into the head of a page with this title.
pub(crate) fn push(
    document: &mut String,
    metadata: &[(String, String)],
    title: &str,
    public_url: Option<&Url>,
) {
    for (name, value) in metadata {
        push_one(document, name, value, public_url);
    }
    // Previews show little for a page that names an image and no title.
    if metadata.iter().any(|(name, _)| name.starts_with("og:")) {
        let value_of =
            |wanted: &str| metadata.iter().find(|(name, _)| name == wanted).map(|(_, value)| &**value);
        for (name, value) in [("og:title", Some(title)), ("og:description", value_of("description"))] {
            if let Some(value) = value.filter(|_| value_of(name).is_none()) {
                push_one(document, name, value, public_url);
            }
        }
    }
}

fn push_one(document: &mut String, name: &str, value: &str, public_url: Option<&Url>) {
    let absolute = public_url
        .filter(|_| URLS.contains(&name) && value.starts_with('/'))
        .and_then(|public| public.join(value).ok());
    let value = absolute.as_ref().map_or(value, Url::as_str);
    let (opening, between) = match name {
        "canonical" => ("<link rel=\"", "\" href=\""),
        name if name.starts_with("twitter:") || !name.contains(':') => ("<meta name=\"", "\" content=\""),
        _ => ("<meta property=\"", "\" content=\""),
    };
    document.push_str(opening);
    escape::push_escaped(document, name);
    document.push_str(between);
    escape::push_escaped(document, value);
    document.push_str("\">");
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::push;

    fn head(metadata: &[(&str, &str)], public_url: Option<&str>) -> String {
        let metadata: Vec<(String, String)> =
            metadata.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut document = String::new();
        push(&mut document, &metadata, "Palms", public_url.map(|url| Url::parse(url).unwrap()).as_ref());
        document
    }

    #[test]
    fn each_name_stands_in_its_own_kind_of_element_and_values_are_escaped() {
        assert_eq!(
            head(
                &[("description", "\"><script>"), ("twitter:card", "summary"), ("article:author", "A")],
                None
            ),
            "<meta name=\"description\" content=\"&quot;&gt;&lt;script&gt;\">\
             <meta name=\"twitter:card\" content=\"summary\"><meta property=\"article:author\" content=\"A\">"
        );
    }

    #[test]
    fn paths_become_absolute_where_the_app_says_where_it_is() {
        let canonical = [("canonical", "/palms?x=1")];
        assert_eq!(
            head(&canonical, Some("https://shop.example")),
            "<link rel=\"canonical\" href=\"https://shop.example/palms?x=1\">"
        );
        assert_eq!(head(&canonical, None), "<link rel=\"canonical\" href=\"/palms?x=1\">");
        assert!(head(&[("description", "/palms")], Some("https://shop.example")).contains("\"/palms\""));
    }

    #[test]
    fn previews_have_a_title_and_a_description_as_soon_as_there_is_one_at_all() {
        let preview = head(&[("description", "Tall"), ("og:image", "https://a.example/p.png")], None);
        assert!(preview.contains("<meta property=\"og:title\" content=\"Palms\">"), "{preview}");
        assert!(preview.contains("<meta property=\"og:description\" content=\"Tall\">"), "{preview}");
        assert_eq!(head(&[("og:title", "Own")], None), "<meta property=\"og:title\" content=\"Own\">");
        assert!(head(&[], None).is_empty());
    }
}
