//! Every message that the host may send, as one enum, written straight into a string.

use crate::LIVEVIEW_VERSION;
use crate::keys::outbound::{self as names, reason};

/// A message to the client. Diffs and rendered trees arrive as JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outbound<'a> {
    /// `phx_reply`: the answer to one message.
    Reply {
        /// As the message had it.
        join_ref: Option<&'a str>,
        /// The message's `ref`.
        message_ref: &'a str,
        /// The message's topic.
        topic: &'a str,
        /// The answer.
        response: Response<'a>,
    },
    /// A message that answers none.
    Push {
        /// `ref` of the topic's join: without the right one the client drops the message.
        join_ref: &'a str,
        /// The view's topic.
        topic: &'a str,
        /// What is pushed.
        push: Push<'a>,
    },
}

/// What a reply says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response<'a> {
    /// Nothing more.
    Ok,
    /// The join's tree, a JSON object with `s` (protocol 3.3).
    Rendered {
        /// JSON text.
        rendered: &'a str,
        /// Where the view has changed the address to while it was mounted.
        patch: Option<Destination<'a>>,
    },
    /// What an event changed, a JSON object.
    Diff(&'a str),
    /// The URL of a `live_patch` belongs to another view: the client navigates to it.
    LinkRedirect,
    /// The view sends its page away: the client leaves it.
    Away(Away<'a>),
    /// The components that were really deleted.
    ComponentsDestroyed(&'a [u32]),
    /// Status `error`. Only for joins and unknown topics: an event answered so leaves its element locked.
    Refused(Refusal<'a>),
}

/// An address inside of the app, and what becomes of the present entry of the browser's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Destination<'a> {
    /// Path, query and fragment.
    pub to: &'a str,
    /// Whether the present entry is replaced.
    pub replace: bool,
}

/// Where a page goes when its view sends it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Away<'a> {
    /// `live_redirect`: to another view, over the same socket.
    Navigate {
        /// Where to.
        destination: Destination<'a>,
        /// The flash token that goes along.
        flash: Option<&'a str>,
    },
    /// `redirect`: the page is loaded.
    Redirect {
        /// A path, or an absolute URL.
        to: &'a str,
        /// The flash token that goes along.
        flash: Option<&'a str>,
    },
}

/// Why a join, or a message for no view, is refused (protocol 3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal<'a> {
    /// The client loads the page at once, without limit: never for what a page load cannot mend.
    Unauthorized,
    /// As [`Refusal::Unauthorized`]; the tokens are the problem.
    Stale,
    /// The client loads the page again, with the token in a cookie.
    Reload {
        /// HTTP status of the page to come.
        status: u16,
        /// Signed: what the page is to say.
        token: &'a str,
    },
    /// The client shows its error state and tries again later.
    JoinCrashed,
    /// The view sends its page away while it is mounted.
    Away(Away<'a>),
    /// No view runs under this topic.
    UnmatchedTopic,
    /// No upload is expected.
    UploadDisallowed,
}

/// What is pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Push<'a> {
    /// A change that no event of this client caused.
    Diff(&'a str),
    /// `live_patch`: the address changes, and the view stays. To be sent before the diff that goes with it.
    Patch(Destination<'a>),
    /// The view sends its page away; [`Push::Closed`] follows.
    Away(Away<'a>),
    /// `phx_error`: the view crashed; the client joins again by itself.
    Crashed,
    /// `phx_close`: the view ended for good; the client will not join again.
    Closed,
}

impl Outbound<'_> {
    /// Appends the frame to `out`.
    pub fn encode_into(&self, out: &mut String) {
        match self {
            Self::Reply { join_ref, message_ref, topic, response } => {
                envelope(out, *join_ref, Some(message_ref), topic, names::REPLY);
                response.encode_into(out);
            }
            Self::Push { join_ref, topic, push } => {
                let written;
                let (message_ref, event, payload) = match push {
                    Push::Diff(diff) => (None, names::DIFF, *diff),
                    Push::Patch(destination) => {
                        written = destination.json();
                        (None, names::LIVE_PATCH, written.as_str())
                    }
                    Push::Away(away) => {
                        written = away.json();
                        (None, away.name(), written.as_str())
                    }
                    Push::Crashed => (Some(*join_ref), names::ERROR, names::CRASHED),
                    Push::Closed => (Some(*join_ref), names::CLOSE, "{}"),
                };
                envelope(out, Some(join_ref), message_ref, topic, event);
                out.push_str(payload);
            }
        }
        out.push(']');
    }
}

impl Response<'_> {
    fn encode_into(&self, out: &mut String) {
        out.push_str(if matches!(self, Self::Refused(_)) { names::REFUSED } else { names::OK });
        match self {
            Self::Ok => out.push_str("{}"),
            Self::Rendered { rendered, patch } => {
                out.push_str(names::RENDERED);
                out.push_str(rendered);
                out.push_str(names::VERSION);
                push_string(out, LIVEVIEW_VERSION);
                if let Some(destination) = patch {
                    out.push(',');
                    push_member(out, names::LIVE_PATCH, &destination.json());
                }
                out.push('}');
            }
            Self::Diff(diff) => {
                out.push_str(names::IN_DIFF);
                out.push_str(diff);
                out.push('}');
            }
            Self::LinkRedirect => out.push_str(names::LINK_REDIRECT),
            Self::Away(away) => away.encode_into(out),
            Self::ComponentsDestroyed(cids) => {
                out.push_str(names::CIDS);
                for (index, cid) in cids.iter().enumerate() {
                    if index > 0 {
                        out.push(',');
                    }
                    out.push_str(&cid.to_string());
                }
                out.push_str("]}");
            }
            Self::Refused(refusal) => refusal.encode_into(out),
        }
        out.push('}');
    }
}

impl Refusal<'_> {
    fn encode_into(self, out: &mut String) {
        let reason = match self {
            Self::Away(away) => return away.encode_into(out),
            Self::Unauthorized => reason::UNAUTHORIZED,
            Self::Stale => reason::STALE,
            Self::Reload { .. } => reason::RELOAD,
            Self::JoinCrashed => reason::JOIN_CRASHED,
            Self::UnmatchedTopic => reason::UNMATCHED_TOPIC,
            Self::UploadDisallowed => reason::DISALLOWED,
        };
        out.push_str(names::REASON);
        push_string(out, reason);
        if let Self::Reload { status, token } = self {
            out.push_str(names::STATUS);
            out.push_str(&status.to_string());
            out.push_str(names::TOKEN);
            push_string(out, token);
        }
        out.push('}');
    }
}

impl Destination<'_> {
    fn json(self) -> String {
        let mut json = String::from("{");
        self.members_into(&mut json);
        json.push('}');
        json
    }

    fn members_into(self, out: &mut String) {
        out.push_str(names::TO);
        push_string(out, self.to);
        out.push_str(names::KIND);
        push_string(out, if self.replace { names::REPLACE } else { names::PUSH });
    }
}

impl Away<'_> {
    fn name(self) -> &'static str {
        match self {
            Self::Navigate { .. } => names::LIVE_REDIRECT,
            Self::Redirect { .. } => names::REDIRECT,
        }
    }

    fn json(self) -> String {
        let mut json = String::from("{");
        let flash = match self {
            Self::Navigate { destination, flash } => {
                destination.members_into(&mut json);
                flash
            }
            Self::Redirect { to, flash } => {
                json.push_str(names::TO);
                push_string(&mut json, to);
                flash
            }
        };
        if let Some(flash) = flash {
            json.push_str(names::FLASH);
            push_string(&mut json, flash);
        }
        json.push('}');
        json
    }

    /// As the only member of an object.
    fn encode_into(self, out: &mut String) {
        out.push('{');
        push_member(out, self.name(), &self.json());
        out.push('}');
    }
}

fn push_member(out: &mut String, name: &str, json: &str) {
    push_string(out, name);
    out.push(':');
    out.push_str(json);
}

fn envelope(out: &mut String, join_ref: Option<&str>, message_ref: Option<&str>, topic: &str, event: &str) {
    out.push('[');
    for value in [join_ref, message_ref] {
        match value {
            Some(value) => push_string(out, value),
            None => out.push_str("null"),
        }
        out.push(',');
    }
    push_string(out, topic);
    out.push(',');
    push_string(out, event);
    out.push(',');
}

/// Appends a JSON string.
fn push_string(out: &mut String, text: &str) {
    const HEX: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    out.push('"');
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.push_str(text);
    } else {
        for character in text.chars() {
            match character {
                '"' => out.push_str("\\\""),
                '\\' => out.push_str("\\\\"),
                control if control < ' ' => {
                    let code = usize::try_from(u32::from(control)).unwrap_or_default();
                    out.push_str("\\u00");
                    out.extend(HEX.get(code / 16));
                    out.extend(HEX.get(code % 16));
                }
                other => out.push(other),
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests;
