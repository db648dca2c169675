//! Rows that are written like the row before them: their bytes are compared with its literal parts, which is many times
//! quicker than reading their tags. What comes of it is the same.

use super::cut::{Child, Cut, Cutter, What};
use crate::attributes::is_static_url_allowed;
use crate::commands;

/// Whether a value has to be read to know whether it holds the client's commands.
fn may_be_commands(value: &str) -> bool {
    value.starts_with([commands::BEGIN, '&'])
}

impl Cutter<'_> {
    /// Takes the elements that follow the last one and are written like it. Whether there are any.
    pub(super) fn repeat(&mut self) -> bool {
        let begin = self.at;
        while let Some(child) = self.again() {
            self.at = child.range.end;
            if let Some(frame) = self.frames.last_mut() {
                frame.lead = self.at;
            }
            self.children.push(child);
        }
        self.at > begin
    }

    /// One more element like the last one.
    fn again(&mut self) -> Option<Child> {
        let frame = self.frames.last()?;
        let model = self.children.get(frame.children..)?.last()?.clone();
        let begin = self.cuts.len();
        let child = (!frame.has_text).then(|| self.like(&model)).flatten();
        if child.is_none() {
            self.cuts.truncate(begin);
        }
        child
    }

    fn like(&mut self, model: &Child) -> Option<Child> {
        let html = self.html;
        let (begin, first_cut) = (self.at, self.cuts.len());
        let (mut at, mut from) = (begin, model.lead);
        let mut key = None;
        for index in model.cuts.clone() {
            let Cut { range, what } = self.cuts.get(index)?.clone();
            let literal = html.get(from..range.start)?;
            let rest = html.get(at..)?.strip_prefix(literal)?;
            at += literal.len();
            let end = match what {
                What::Content | What::Text => '<',
                What::Value | What::Url | What::Hook => {
                    char::from(*html.as_bytes().get(range.start.checked_sub(1)?)?)
                }
                What::Node(_) | What::List(_) => return None,
            };
            let (value, _) = rest.split_once(end)?;
            let is_same = match what {
                What::Text => !value.trim_ascii().is_empty(),
                What::Url | What::Value | What::Hook if self.policy.raw_markup => true,
                What::Url => is_static_url_allowed(value) && !may_be_commands(value),
                What::Value => !may_be_commands(value),
                What::Hook => html.get(range.clone()) == Some(value),
                What::Content | What::Node(_) | What::List(_) => true,
            };
            if !is_same {
                return None;
            }
            let here = at..at + value.len();
            if model.key.as_ref() == Some(&range) {
                key = Some(here.clone()).filter(|key| !key.is_empty());
                key.as_ref()?;
            }
            at = here.end;
            from = range.end;
            self.cuts.push(Cut { range: here, what });
        }
        let literal = html.get(from..model.range.end)?;
        html.get(at..)?.strip_prefix(literal)?;
        if key.is_some() != model.key.is_some() {
            return None;
        }
        let moved = |place: usize| place - model.lead + begin;
        Some(Child {
            lead: begin,
            range: moved(model.range.start)..at + literal.len(),
            name: moved(model.name.start)..moved(model.name.end),
            key,
            cuts: first_cut..self.cuts.len(),
            ..model.clone()
        })
    }
}
