//! Names on the wire, each spelled once.
//!
//! The keys of payloads that are only read are the fields of the types in `decode`; those of the rendered tree belong
//! to the diff engine.

pub(crate) const TOPIC_PHOENIX: &str = "phoenix";
pub(crate) const TOPIC_VIEW: &str = "lv:";
pub(crate) const TOPIC_UPLOAD: &str = "lvu:";

/// Events that the client sends.
pub(crate) mod inbound {
    pub(crate) const HEARTBEAT: &str = "heartbeat";
    pub(crate) const JOIN: &str = "phx_join";
    pub(crate) const LEAVE: &str = "phx_leave";
    pub(crate) const EVENT: &str = "event";
    pub(crate) const LIVE_PATCH: &str = "live_patch";
    pub(crate) const COMPONENTS_WILL_DESTROY: &str = "cids_will_destroy";
    pub(crate) const COMPONENTS_DESTROYED: &str = "cids_destroyed";
    pub(crate) const ALLOW_UPLOAD: &str = "allow_upload";
    pub(crate) const PROGRESS: &str = "progress";
    /// `type` of an event whose value is a form.
    pub(crate) const TYPE_FORM: &str = "form";
}

/// Events and JSON fragments that the host sends.
pub(crate) mod outbound {
    pub(crate) const REPLY: &str = "phx_reply";
    pub(crate) const ERROR: &str = "phx_error";
    pub(crate) const CLOSE: &str = "phx_close";
    pub(crate) const DIFF: &str = "diff";
    pub(crate) const LIVE_PATCH: &str = "live_patch";
    pub(crate) const LIVE_REDIRECT: &str = "live_redirect";
    pub(crate) const REDIRECT: &str = "redirect";
    pub(crate) const TO: &str = "\"to\":";
    pub(crate) const KIND: &str = ",\"kind\":";
    pub(crate) const PUSH: &str = "push";
    pub(crate) const REPLACE: &str = "replace";
    pub(crate) const FLASH: &str = ",\"flash\":";
    pub(crate) const CRASHED: &str = "{\"reason\":\"channel_crash\"}";
    pub(crate) const OK: &str = "{\"status\":\"ok\",\"response\":";
    pub(crate) const REFUSED: &str = "{\"status\":\"error\",\"response\":";
    pub(crate) const RENDERED: &str = "{\"rendered\":";
    pub(crate) const VERSION: &str = ",\"liveview_version\":";
    pub(crate) const IN_DIFF: &str = "{\"diff\":";
    pub(crate) const LINK_REDIRECT: &str = "{\"link_redirect\":true}";
    pub(crate) const CIDS: &str = "{\"cids\":[";
    pub(crate) const REASON: &str = "{\"reason\":";
    pub(crate) const STATUS: &str = ",\"status\":";
    pub(crate) const TOKEN: &str = ",\"token\":";

    /// Reasons of refusals.
    pub(crate) mod reason {
        pub(crate) const UNAUTHORIZED: &str = "unauthorized";
        pub(crate) const STALE: &str = "stale";
        pub(crate) const RELOAD: &str = "reload";
        pub(crate) const JOIN_CRASHED: &str = "join crashed";
        pub(crate) const UNMATCHED_TOPIC: &str = "unmatched topic";
        pub(crate) const DISALLOWED: &str = "disallowed";
    }
}
