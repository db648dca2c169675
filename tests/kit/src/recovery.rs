//! Connections that are lost and views that end: joining again, with what was typed.

use std::collections::BTreeSet;
use std::future::Future;
use std::panic::Location;

use scraper::ElementRef;
use serde_json::{Map, json};

use crate::channel::Channel;
use crate::commands::{Happening, Kind};
use crate::document::Document;
use crate::error::{Code, Problem, Result};
use crate::form::controls::Control;
use crate::form::{Typing, phx_values, written};
use crate::view::{Standing, View};

/// A form as it was before the view was joined again.
struct Typed {
    id: String,
    binding: String,
    controls: Vec<Control>,
    used: BTreeSet<String>,
    has_marks: bool,
    values: Map<String, serde_json::Value>,
}

impl View {
    /// Cuts the socket, as a laptop does that is closed. The view ends on the server; the page stays as it is.
    pub fn disconnect(&mut self) {
        self.channel = None;
        if !matches!(self.standing, Standing::Left(_)) {
            self.standing = Standing::Disconnected;
        }
    }

    /// Joins the view again, as the client does by itself: on another socket when the former one was cut, on the same one
    /// when the view has ended. It is mounted anew; what was typed into forms with an `id` and `phx-change` is sent again,
    /// to `phx-auto-recover` if they have it.
    ///
    /// # Errors
    /// [`Code::NotJoined`] when the view has not been disconnected, or is not joined; whatever becomes of the forms.
    #[track_caller]
    pub fn reconnect(&mut self) -> impl Future<Output = Result> + Send {
        let at = Location::caller();
        async move { self.rejoin().await.map_err(|problem| problem.at(at)) }
    }

    /// Joins the live view of a page that was asked for with [`Browser::get`](crate::Browser::get). A join that leads
    /// elsewhere leaves the page: see [`View::follow`].
    ///
    /// # Errors
    /// As [`Browser::live`](crate::Browser::live).
    #[track_caller]
    pub fn join(&mut self) -> impl Future<Output = Result> + Send {
        let at = Location::caller();
        async move { self.connect().await.map_err(|problem| problem.at(at)) }
    }

    async fn rejoin(&mut self) -> std::result::Result<(), Problem> {
        let former = self.forms();
        match (&self.standing, self.channel.take()) {
            (Standing::Crashed, Some(Channel { socket, .. })) => self.join_on(socket, None).await?,
            (Standing::Crashed | Standing::Disconnected, _) => self.connect().await?,
            (_, channel) => {
                self.channel = channel;
                return Err(Problem::new(Code::NotJoined, "the view has not been disconnected"));
            }
        }
        (self.changes, self.typing) = (Vec::new(), Typing::default());
        for form in former {
            if !matches!(self.standing, Standing::Live) {
                break;
            }
            if let Some((binding, happening)) = form.recovery(&self.document) {
                self.happen(&binding, &happening).await?;
            }
        }
        Ok(())
    }

    /// The forms that are sent again.
    fn forms(&self) -> Vec<Typed> {
        let forms = self.document.all("[data-phx-main] form[id][phx-change]", None).unwrap_or_default();
        let wanted = |form: &ElementRef<'_>| form.attr("phx-auto-recover") != Some("ignore");
        let typed = |form: ElementRef<'_>| {
            Some(Typed {
                id: form.attr("id")?.to_owned(),
                binding: form.attr("phx-change")?.to_owned(),
                controls: self.typing.controls(&self.document, form),
                used: self.typing.used(form),
                has_marks: form.attr("phx-no-unused-field").is_none(),
                values: phx_values(form),
            })
        };
        forms.into_iter().filter(wanted).filter_map(typed).collect()
    }
}

impl Typed {
    /// What is sent for the form of the same id, if it hears of the same.
    fn recovery(&self, document: &Document) -> Option<(String, Happening)> {
        let form = document.by_id(&self.id).filter(|form| form.attr("phx-change") == Some(&self.binding))?;
        let binding = form.attr("phx-auto-recover").unwrap_or(&self.binding).to_owned();
        let mut named =
            self.controls.iter().filter(|control| !control.name.is_empty() && control.change.is_none());
        let first = named.clone().find(|control| !control.is_hidden()).or_else(|| named.next())?;
        let value = written::value(&self.controls, None, None, &self.used, self.has_marks);
        let mut meta = Map::from_iter([("_target".to_owned(), json!(first.name))]);
        meta.extend(self.values.clone());
        let kind = Kind::Form { value, meta, is_change: true };
        Some((binding, Happening { source: form.id(), kind }))
    }
}
