//! The wire protocol, obligation by obligation; `COVERAGE.md` says which test holds which.

mod broadcasts;
mod component_lives;
mod components;
mod events;
mod forms;
mod framing;
mod growing_text;
mod handshake;
mod hooks;
mod http;
mod joining;
mod layouts;
mod navigation;
mod operations;
mod pages;
mod policies;
mod portals;
mod presence;
mod rendering;
mod sessions;
mod storage;
mod streams;
mod tasks;
mod timers;
mod topics;
mod visitor;
