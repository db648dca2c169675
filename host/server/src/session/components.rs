//! Live components of a view: how the client removes them (wire protocol 4.10), and what is done when they come back.

use hothouse_diff::{Extras, Update};
use hothouse_runtime::RenderScope;

use super::effects::without_reply;
use super::not_rendered::{Crashed, NotRendered};
use super::turn::{Live, Told};
use crate::telemetry::metrics::Step;

impl Live {
    /// The client has taken their elements out of the page. Their state is kept: they may come back.
    pub(super) fn components_will_be_destroyed(&mut self, cids: &[u32]) {
        self.held.mark_components(cids);
    }

    /// The client has done without them: which of them are removed.
    pub(super) fn take_destroyed_components(&mut self, cids: &[u32]) -> Vec<u32> {
        self.held.remove_components(cids)
    }

    /// Tells the guest that components are gone. What the browser is told.
    pub(super) async fn components_removed(&mut self, cids: &[u32]) -> Result<Told, Crashed> {
        if cids.is_empty() {
            return Ok(Told::default());
        }
        let mut extras = Extras::default();
        self.tell_removed(cids, &mut extras).await?;
        self.show(extras).await
    }

    /// Tells the guest of components that are gone, also of those of which the client never says so: it keeps no more
    /// than so many.
    pub(super) async fn tell_removed(&mut self, cids: &[u32], extras: &mut Extras) -> Result<(), Crashed> {
        let outcome = self.view.components_removed(cids).await;
        self.telemetry.step(Step::ComponentsRemoved, self.view.last_call());
        self.conclude(outcome.map(without_reply), extras).await
    }

    /// Asks for all of the components that have come back into the page: the browser may have forgotten them.
    pub(super) async fn complete(&mut self, update: &mut Update) -> Result<(), NotRendered> {
        let scope = RenderScope::Components(update.missing().to_vec());
        let document = self.view.render(scope).await;
        self.telemetry.step(Step::Render, self.view.last_call());
        self.telemetry.noticed(self.view.notices());
        if document.is_err() {
            self.held.forget();
        }
        hothouse_diff::complete(update, document?, &mut self.templates, &mut self.held, &self.limits)?;
        Ok(())
    }
}
