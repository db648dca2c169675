//! What a view is told that is no event of its page: all that has arrived, then one render.

use hothouse_diff::Extras;
use hothouse_runtime::Message;

use super::effects::without_reply;
use super::not_rendered::Crashed;
use super::tasks::TaskMessage;
use super::turn::{Live, Told};
use crate::telemetry::metrics::Step;

impl Live {
    /// Waits until messages have arrived. Cancel-safe.
    pub(super) async fn messages_arrived(&self) {
        tokio::select! {
            () = self.surroundings.arrived() => {}
            () = self.tasks.arrived() => {}
        }
    }

    /// Hands all messages that have arrived to the guest, then renders once. The diff, if there is anything to tell.
    pub(super) async fn handle_messages(&mut self) -> Result<Told, Crashed> {
        let mut extras = Extras::default();
        let (messages, of_tasks) = (self.surroundings.take(), self.tasks.take());
        if messages.is_empty() && of_tasks.is_empty() {
            return Ok(Told::default());
        }
        for message in messages {
            if let Message::Lagged(_) = message {
                self.telemetry.lagged(!self.lagged);
                self.lagged = true;
            }
            let outcome = self.view.handle_info(message).await;
            self.telemetry.step(Step::HandleInfo, self.view.last_call());
            self.conclude(outcome.map(without_reply), &mut extras).await?;
            if self.course.leaves() {
                break;
            }
        }
        for message in of_tasks {
            if self.course.leaves() {
                break;
            }
            let (outcome, step) = match message {
                TaskMessage::Progress { key, data } => {
                    (self.view.handle_info(Message::TaskProgress { key, data }).await, Step::HandleInfo)
                }
                TaskMessage::Ended { key, outcome } => {
                    (self.view.handle_task(key.into(), outcome).await, Step::HandleTask)
                }
            };
            self.telemetry.step(step, self.view.last_call());
            self.conclude(outcome.map(without_reply), &mut extras).await?;
        }
        self.show(extras).await
    }
}
