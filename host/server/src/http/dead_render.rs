//! The dead render: a view is mounted for one page, rendered once, and let go.

use std::sync::Arc;
use std::time::Instant;

use axum::http::Uri;
use hothouse_diff::Templates;
use hothouse_runtime::{CallError, Context, Document, Effect, LeaveReason, Phase, RenderScope, View};

use crate::app::{LiveView, Routed};
use crate::caller::Caller;
use crate::commit::commit;
use crate::navigation::{Course, Going, GoingRefused, MAX_FOLLOWING, Patch};
use crate::site::Site;
use crate::telemetry::metrics::{Kind, Step};
use crate::telemetry::{self, InstanceTelemetry};

/// Why there is no page; the log has been told.
pub(crate) enum PageError {
    Call(CallError),
    Document,
    Random,
}

impl PageError {
    fn of_call(error: CallError, telemetry: &InstanceTelemetry) -> Self {
        telemetry.call_failed(&error);
        Self::Call(error)
    }
}

impl From<getrandom::Error> for PageError {
    fn from(error: getrandom::Error) -> Self {
        telemetry::no_randomness(&error);
        Self::Random
    }
}

/// What becomes of a page.
pub(crate) enum Dead {
    Rendered(Rendered),
    /// The view sends the browser elsewhere.
    Sent(String),
}

pub(crate) struct Rendered {
    pub(crate) html: String,
    pub(super) title: Option<String>,
    pub(super) metadata: Vec<(String, String)>,
}

/// Mounts a view for one page, renders it, and lets it go.
pub(crate) async fn dead_render(
    site: &Site,
    uri: &Uri,
    session: &Arc<[(String, String)]>,
    caller: &Caller,
    routed: &Routed,
    course: &mut Course,
    telemetry: &InstanceTelemetry,
) -> Result<Dead, PageError> {
    let live_view = &routed.target.view;
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let context = Context {
        params: routed.params.clone(),
        session: session.clone(),
        flash: course.flash.pairs().to_vec(),
        connection: Arc::new(caller.connection()),
        ..Context::new(Phase::Dead, &live_view.name, path)
    };
    let (view, effects) = live_view
        .mount(&site.app.tenant, context, telemetry)
        .await
        .map_err(|error| PageError::of_call(error, telemetry))?;
    let mut dead = DeadView { site, view, course, telemetry, title: None };
    let rendered = dead.render(path, routed, effects).await;
    telemetry.noticed(dead.view.notices());
    rendered
}

/// A view that lives for one page.
struct DeadView<'a> {
    site: &'a Site,
    view: View,
    course: &'a mut Course,
    telemetry: &'a InstanceTelemetry,
    title: Option<String>,
}

impl DeadView<'_> {
    async fn render(&mut self, path: &str, routed: &Routed, effects: Vec<Effect>) -> Result<Dead, PageError> {
        self.carry_out(effects).await?;
        if self.course.going.is_none() {
            let handled = self.view.handle_params(path, &routed.params).await;
            self.telemetry.step(Step::HandleParams, self.view.last_call());
            let effects = self.of_call(handled)?;
            self.carry_out(effects).await?;
        }
        let going = self.course.going.take();
        let document = match &going {
            Some(_) => None,
            None => {
                let document = self.view.render(RenderScope::Everything).await;
                self.telemetry.step(Step::Render, self.view.last_call());
                Some(self.of_call(document)?)
            }
        };
        let metadata = self.view.take_metadata();
        let cause = self.view.terminate(LeaveReason::Left).await;
        self.telemetry.step(Step::Terminate, self.view.last_call());
        if let Some(cause) = cause {
            self.telemetry.ended(&cause);
        }
        match (going, document) {
            (Some(Going::Patch(Patch { to, .. }) | Going::Navigate { to, .. }), _) => {
                Ok(Dead::Sent(to.as_str().to_owned()))
            }
            (Some(Going::Redirect(to)), _) => Ok(Dead::Sent(to)),
            (None, Some(document)) => self.page(document, metadata, &routed.target.view).map(Dead::Rendered),
            (None, None) => Err(PageError::Document),
        }
    }

    fn page(
        &mut self,
        document: Document,
        metadata: Vec<(String, String)>,
        live_view: &LiveView,
    ) -> Result<Rendered, PageError> {
        let began = Instant::now();
        let mut templates = Templates::new(live_view.interner.clone());
        let (html, used) =
            hothouse_diff::html(document, &mut templates, &live_view.documents).map_err(|fault| {
                self.telemetry.document_refused(&fault);
                PageError::Document
            })?;
        self.telemetry.document(used, &live_view.documents);
        self.telemetry.step(Step::Diff, began.elapsed());
        self.telemetry.rendered(Kind::Page, html.len());
        Ok(Rendered { html, title: self.title.take(), metadata })
    }

    /// Commits what the callback has written, and takes from effects what means something where there is no socket: the
    /// title, the flash, and where to go.
    async fn carry_out(&mut self, effects: Vec<Effect>) -> Result<(), PageError> {
        self.take(effects).await?;
        for _ in 0..=MAX_FOLLOWING {
            // A page that is sent elsewhere, patched or not, is loaded there: the view need not know.
            let Some(message) = self.course.next_message() else { return Ok(()) };
            let handled = self.view.handle_info(message).await;
            self.telemetry.step(Step::HandleInfo, self.view.last_call());
            let effects = self.of_call(handled)?;
            self.take(effects).await?;
        }
        self.refused(&GoingRefused::TooMany { limit: MAX_FOLLOWING })
    }

    async fn take(&mut self, effects: Vec<Effect>) -> Result<(), PageError> {
        let writes = self.view.take_writes();
        self.of_call(self.course.permit(&effects).map_err(CallError::Refused))?;
        let changed = match self.course.check(&self.site.app, &effects) {
            Ok(changed) => changed,
            Err(refused) => return self.refused(&refused),
        };
        if let Some(writes) = writes
            && !commit(writes, self.course, self.telemetry)
                .await
                .or_else(|failure| self.of_call(Err(CallError::Refused(failure))))?
        {
            return Ok(());
        }
        self.course.change(changed);
        let title = effects.into_iter().rev().find_map(|effect| match effect {
            Effect::Title(title) => Some(title),
            _ => None,
        });
        self.title = title.or(self.title.take());
        Ok(())
    }

    fn refused(&self, refused: &GoingRefused) -> Result<(), PageError> {
        self.telemetry.document_refused(refused);
        Err(PageError::Document)
    }

    fn of_call<T>(&self, outcome: Result<T, CallError>) -> Result<T, PageError> {
        outcome.map_err(|error| PageError::of_call(error, self.telemetry))
    }
}
