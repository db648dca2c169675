//! What operators ask a running server: its metrics, whether it lives, whether it serves; and where their services
//! announce something to views. For a listener of its own.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hothouse_runtime::Tenant;
use tokio::sync::watch;

use crate::site::Site;
use crate::telemetry::metrics::Metrics;

mod broadcast;

#[cfg(test)]
pub(crate) use broadcast::BroadcastRefused;
pub use broadcast::{BroadcastToken, MIN_TOKEN_BYTES, TokenTooShort};

/// The text format of Prometheus, which everything that scrapes reads.
const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Code of the log line for metrics that could not be written.
pub(crate) const METRICS_UNWRITTEN: &str = "metrics-unwritten";

/// What the answers are made of.
#[derive(Clone)]
pub(crate) struct Operations {
    metrics: Arc<Metrics>,
    tenant: Tenant,
    stopping: watch::Receiver<bool>,
}

impl Operations {
    pub(crate) fn new(metrics: Arc<Metrics>, tenant: Tenant, stopping: watch::Receiver<bool>) -> Self {
        Self { metrics, tenant, stopping }
    }

    /// Whether requests are served. A server is there once its app is loaded; when it is dropped, nothing is served.
    fn is_ready(&self) -> bool {
        !*self.stopping.borrow() && self.stopping.has_changed().is_ok()
    }
}

/// All of it; announcements where there is a token for them.
pub(crate) fn router(operations: Operations, site: Arc<Site>, token: Option<BroadcastToken>) -> Router {
    let router = Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .with_state(operations);
    match token {
        Some(token) => router.merge(broadcast::router(site, token)),
        None => router,
    }
}

async fn metrics(State(operations): State<Operations>) -> Response {
    let Operations { metrics, tenant, .. } = &operations;
    metrics.set_memory(tenant.name(), tenant.memory_bytes());
    match metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, TEXT_FORMAT)], text).into_response(),
        Err(error) => {
            tracing::error!(code = METRICS_UNWRITTEN, %error, "the metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn ready(State(operations): State<Operations>) -> Response {
    if operations.is_ready() {
        "ready\n".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response()
    }
}
