//! Text is escaped in four places, which cannot share code: by the macro when a template is compiled, by the SDK where
//! an attribute is spread, by its test driver, and by the host. All do the same.

use hothouse_diff::escape::push_escaped;
use hothouse_sdk::prelude::*;
use hothouse_sdk::testing;

/// Every character of ASCII that text may have, and some others, as a literal of a template and as a value.
macro_rules! shown {
    ($text:tt) => {
        const TEXT: &str = $text;

        fn shown() -> Html {
            html! {
                <p title=$text>$text</p>
                <p title={Value(TEXT)}>{Value(TEXT)}</p>
                <p {..Attrs::new().with("title", TEXT)}></p>
            }
        }
    };
}

shown!(
    " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~ &amp;&#39; é\u{a0}\u{2028}<!--]]>"
);

/// A literal in braces is a literal; this is none.
struct Value(&'static str);

impl ToText for Value {
    fn to_text(&self) -> String {
        self.0.to_owned()
    }
}

struct Page;

impl LiveView for Page {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self)
    }

    fn render(&self) -> Html {
        shown()
    }
}

#[test]
fn text_is_escaped_alike_by_all() -> Result<()> {
    let view = testing::View::<Page>::mount(&testing::context().build())?;
    let mut escaped = String::new();
    push_escaped(&mut escaped, TEXT);
    for raw in ["<!", "\"#", "'("] {
        assert!(TEXT.contains(raw) && !escaped.contains(raw), "{raw} is escaped by the host");
    }
    assert_eq!(
        view.html(),
        format!(
            "<p title=\"{escaped}\">{escaped}</p><p title=\"{escaped}\">{escaped}</p><p title=\"{escaped}\"></p>"
        )
    );
    Ok(())
}
