//! What can be wrong with a document. Always the guest's fault; messages name places and limits, never content.

/// A document, a template or an extra is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The literal parts of a template cannot be used.
    #[error("template {template}: {problem}")]
    Template {
        /// Its id in the instance.
        template: u32,
        /// What is wrong with it.
        problem: TemplateProblem,
    },
    /// A template's id is defined again with other literal parts.
    #[error("template {template} is defined again with other literal parts: give it a new id")]
    TemplateRedefined {
        /// Its id.
        template: u32,
    },
    /// A node or list uses a template that was never defined.
    #[error(
        "template {template} is not defined: send its literal parts with the first document that uses it"
    )]
    TemplateUnknown {
        /// Its id.
        template: u32,
    },
    /// A template's id is too large.
    #[error("template id {template} is above {limit}: count templates from 1")]
    TemplateId {
        /// Its id.
        template: u32,
        /// The limit.
        limit: u32,
    },
    /// A component has more templates, or more bytes of them, than it may.
    #[error("the component has more than {limit} {what} of templates: make literal parts that do not vary")]
    TooManyTemplates {
        /// What is counted.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// A node has more or fewer slots than its template.
    #[error("a node of template {template} has {found} slots, its template {expected}")]
    SlotCount {
        /// The template's id.
        template: u32,
        /// Slots of the node.
        found: usize,
        /// Slots of the template.
        expected: usize,
    },
    /// An index leads nowhere, or to what belongs to another place already.
    #[error("{what} {index} does not exist or is used twice: each belongs to exactly one place")]
    Index {
        /// `node`, `list` or `stream`.
        what: &'static str,
        /// The index.
        index: u32,
    },
    /// Something in the document has no place in it.
    #[error("{count} {what} of the document are not used by it")]
    Unused {
        /// `nodes`, `lists`, `streams` or `live components`.
        what: &'static str,
        /// How many.
        count: usize,
    },
    /// The document's root is neither a node nor `unchanged`.
    #[error("the root is neither a node nor `unchanged`: wrap it in a template")]
    Root,
    /// `unchanged` where nothing can be.
    #[error("slot {slot} of template {template} is `unchanged`, but {reason}")]
    Unchanged {
        /// The template's id.
        template: u32,
        /// Which slot, from 0.
        slot: usize,
        /// Why it cannot be.
        reason: &'static str,
    },
    /// A value of a kind that cannot stand where it does.
    #[error("slot {slot} of template {template} is {found}, but stands in {place}")]
    Position {
        /// The template's id.
        template: u32,
        /// Which slot, from 0.
        slot: usize,
        /// What it is.
        found: &'static str,
        /// Where it stands, and what may stand there.
        place: &'static str,
    },
    /// Attributes in a slot between attributes are not what they may be.
    #[error("slot {slot} of template {template} holds attributes: {problem}")]
    Attributes {
        /// The template's id.
        template: u32,
        /// Which slot, from 0.
        slot: usize,
        /// What is wrong with them.
        problem: TemplateProblem,
    },
    /// A value names a hook that the view may not name.
    #[error("slot {slot} of template {template}: {problem}")]
    Hook {
        /// The template's id.
        template: u32,
        /// Which slot, from 0.
        slot: usize,
        /// Why, and which line of the manifest would grant it.
        problem: String,
    },
    /// Commands for the client set what markup may not say.
    #[error("commands for the client: {problem}")]
    Commands {
        /// The command, and what is wrong with it.
        problem: String,
    },
    /// The rows of a list are not in order.
    #[error("a list of template {template}: row {row} {problem}")]
    Row {
        /// The template of the rows.
        template: u32,
        /// The row's id.
        row: u32,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A list says that its order is unchanged, but there was none at its place.
    #[error(
        "a list of template {template} has no order, and none was held at its place: send the order of its rows"
    )]
    Order {
        /// The template of the rows.
        template: u32,
    },
    /// A stream is not what it may be.
    #[error("a stream with rows of template {template} {problem}")]
    Stream {
        /// The template of the rows.
        template: u32,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// An operation of a stream is not what it may be.
    #[error("a stream with rows of template {template}: {operation} {index} {problem}")]
    StreamItem {
        /// The template of the rows.
        template: u32,
        /// `insert` or `delete`.
        operation: &'static str,
        /// Which one, from 0.
        index: usize,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A live component is not what it may be.
    #[error("live component {cid} {problem}")]
    Component {
        /// Its cid.
        cid: u32,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// More live components than there may be.
    #[error("the page has more than {limit} live components: make the smaller ones functions")]
    TooManyComponents {
        /// The limit.
        limit: usize,
    },
    /// More nodes, rows, live components and operations of streams than there may be.
    #[error("the document has more than {limit} nodes, rows, live components and operations of streams")]
    TooManyNodes {
        /// The limit.
        limit: usize,
    },
    /// Nested deeper than it may be.
    #[error("the document is nested deeper than {limit}")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// A tag of a document of HTML that would have to be cleaned has more attributes than it may.
    #[error("a tag has more than {limit} attributes")]
    TooManyAttributes {
        /// The limit.
        limit: usize,
    },
    /// More bytes than may be sent.
    #[error("the {what} has more than {limit} bytes: render less, for example a page of a list")]
    TooLarge {
        /// `diff` or `full render`.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// A tree from an instance that answered HTML, or the other way round.
    #[error("the document is {found}, and the first of this instance was {first}: answer one or the other")]
    MixedDocuments {
        /// What it is.
        found: &'static str,
        /// What the first was.
        first: &'static str,
    },
    /// A payload is not JSON, or not an object where it has to be.
    #[error("the payload of {what} is not {expected}")]
    Payload {
        /// Of what.
        what: &'static str,
        /// What it has to be.
        expected: &'static str,
    },
    /// What is done to an element names it by an id that no element can have.
    #[error("{what} {problem}")]
    ElementId {
        /// What is done.
        what: &'static str,
        /// What is wrong with the id.
        problem: &'static str,
    },
    /// The name of an event for the page is too long.
    #[error("{what} has {found} bytes, the limit is {limit}")]
    TooLong {
        /// What.
        what: &'static str,
        /// Its bytes.
        found: usize,
        /// The limit.
        limit: usize,
    },
}

impl Fault {
    /// Every code that [`Fault::code`] gives.
    pub const CODES: &'static [&'static str] = &[
        "bad-template",
        "template-redefined",
        "template-unknown",
        "template-id",
        "too-many-templates",
        "slot-count",
        "bad-index",
        "unused-parts",
        "bad-root",
        "bad-unchanged",
        "bad-position",
        "bad-attributes",
        "hook-not-granted",
        "bad-commands",
        "bad-row",
        "missing-order",
        "bad-stream",
        "bad-stream-item",
        "bad-component",
        "too-many-components",
        "too-many-nodes",
        "document-too-deep",
        "too-many-attributes",
        "document-too-large",
        "mixed-documents",
        "bad-payload",
        "bad-element-id",
        "name-too-long",
    ];

    /// A short name that stays the same, for logs and metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Template { .. } => "bad-template",
            Self::TemplateRedefined { .. } => "template-redefined",
            Self::TemplateUnknown { .. } => "template-unknown",
            Self::TemplateId { .. } => "template-id",
            Self::TooManyTemplates { .. } => "too-many-templates",
            Self::SlotCount { .. } => "slot-count",
            Self::Index { .. } => "bad-index",
            Self::Unused { .. } => "unused-parts",
            Self::Root => "bad-root",
            Self::Unchanged { .. } => "bad-unchanged",
            Self::Position { .. } => "bad-position",
            Self::Attributes { .. } => "bad-attributes",
            Self::Hook { .. } => "hook-not-granted",
            Self::Commands { .. } => "bad-commands",
            Self::Row { .. } => "bad-row",
            Self::Order { .. } => "missing-order",
            Self::Stream { .. } => "bad-stream",
            Self::StreamItem { .. } => "bad-stream-item",
            Self::Component { .. } => "bad-component",
            Self::TooManyComponents { .. } => "too-many-components",
            Self::TooManyNodes { .. } => "too-many-nodes",
            Self::TooDeep { .. } => "document-too-deep",
            Self::TooManyAttributes { .. } => "too-many-attributes",
            Self::TooLarge { .. } => "document-too-large",
            Self::MixedDocuments { .. } => "mixed-documents",
            Self::Payload { .. } => "bad-payload",
            Self::ElementId { .. } => "bad-element-id",
            Self::TooLong { .. } => "name-too-long",
        }
    }

    /// Whether a limit was reached.
    pub fn is_limit(&self) -> bool {
        match self {
            Self::TemplateId { .. }
            | Self::TooManyTemplates { .. }
            | Self::TooManyComponents { .. }
            | Self::TooManyNodes { .. }
            | Self::TooDeep { .. }
            | Self::TooManyAttributes { .. }
            | Self::TooLarge { .. }
            | Self::TooLong { .. } => true,
            Self::Template { .. }
            | Self::TemplateRedefined { .. }
            | Self::TemplateUnknown { .. }
            | Self::SlotCount { .. }
            | Self::Index { .. }
            | Self::Unused { .. }
            | Self::Root
            | Self::Unchanged { .. }
            | Self::Position { .. }
            | Self::Attributes { .. }
            | Self::Hook { .. }
            | Self::Commands { .. }
            | Self::Row { .. }
            | Self::Order { .. }
            | Self::MixedDocuments { .. }
            | Self::Stream { .. }
            | Self::StreamItem { .. }
            | Self::Component { .. }
            | Self::Payload { .. }
            | Self::ElementId { .. } => false,
        }
    }
}

/// Why literal parts cannot be used. `part` counts from 0; slot n stands behind part n.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("part {part}: {message}")]
pub struct TemplateProblem {
    pub(crate) part: usize,
    pub(crate) message: String,
}

#[cfg(test)]
mod tests {
    use super::{Fault, TemplateProblem};

    #[test]
    fn every_fault_has_its_code() {
        let (template, slot, index, row, limit, found) = (1, 0, 0, 0, 0, 0);
        let (what, reason, place, expected) = ("", "", "", "");
        let problem = TemplateProblem { part: 0, message: String::new() };
        let faults = [
            Fault::Template { template, problem: problem.clone() },
            Fault::TemplateRedefined { template },
            Fault::TemplateUnknown { template },
            Fault::TemplateId { template, limit: 0 },
            Fault::TooManyTemplates { what, limit },
            Fault::SlotCount { template, found, expected: 0 },
            Fault::Index { what, index },
            Fault::Unused { what, count: 1 },
            Fault::Root,
            Fault::Unchanged { template, slot, reason },
            Fault::Position { template, slot, found: "", place },
            Fault::Attributes { template, slot, problem },
            Fault::Hook { template, slot, problem: String::new() },
            Fault::Commands { problem: String::new() },
            Fault::Row { template, row, problem: "" },
            Fault::Order { template },
            Fault::Stream { template, problem: "" },
            Fault::StreamItem { template, operation: "", index: 0, problem: "" },
            Fault::Component { cid: 1, problem: "" },
            Fault::TooManyComponents { limit },
            Fault::TooManyNodes { limit },
            Fault::TooDeep { limit },
            Fault::TooManyAttributes { limit },
            Fault::TooLarge { what, limit },
            Fault::MixedDocuments { found: "", first: "" },
            Fault::Payload { what, expected },
            Fault::ElementId { what, problem: "" },
            Fault::TooLong { what, found, limit },
        ];
        let codes: Vec<&str> = faults.iter().map(Fault::code).collect();
        assert_eq!(codes, Fault::CODES);
        // A fault that names its limit is one of a limit.
        for fault in &faults {
            assert_eq!(fault.is_limit(), format!("{fault:?}").contains("limit: "), "{fault:?}");
        }
    }
}
