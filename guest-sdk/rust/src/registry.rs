//! The live components of a view: their state, from when they are first shown until the host says that they are gone.

use std::any::{Any, TypeId};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use crate::event::{Event as _, RawEvent};
use crate::failure::Result;
use crate::html::{Content, Html};
use crate::live_component::LiveComponent;
use crate::rendering::{self, Root};
use crate::socket::Socket;

/// Most components, those included that are on their way out. A host shows fewer.
const MAX_COMPONENTS: usize = 2_000;

/// A component without its type.
trait Component: Any {
    fn render(&self) -> Html;
    fn handle_event(&mut self, event: RawEvent, socket: &mut Socket) -> Result<()>;
}

struct Mounted<C: LiveComponent> {
    component: C,
    /// What its tag gave it last.
    given: C::Attributes,
}

impl<C: LiveComponent> Component for Mounted<C> {
    fn render(&self) -> Html {
        self.component.render()
    }

    fn handle_event(&mut self, event: RawEvent, socket: &mut Socket) -> Result<()> {
        self.component.handle_event(C::Event::decode(event)?, socket)
    }
}

/// What the host knows of a component.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    /// Nothing.
    New,
    /// It was in the document that was handed out last.
    HandedOut,
    /// It was in one that was accepted.
    Known,
}

struct Entry {
    kind: TypeId,
    id: String,
    kind_name: &'static str,
    events: TypeId,
    /// Away while its own code runs.
    component: Option<Box<dyn Component>>,
    /// The root of its last document.
    root: Option<Root>,
    /// Something may have been written since its last document.
    is_touched: bool,
    stage: Stage,
}

#[derive(Default)]
struct Registry {
    last: u32,
    entries: BTreeMap<u32, Entry>,
    cids: BTreeMap<(TypeId, String), u32>,
}

/// The component whose code runs.
#[derive(Clone, Copy)]
struct Current {
    cid: u32,
    events: TypeId,
}

thread_local! {
    static REGISTRY: RefCell<Registry> = RefCell::default();
    static CURRENT: Cell<Option<Current>> = const { Cell::new(None) };
    static LIVE: Cell<Option<&'static dyn Live>> = const { Cell::new(None) };
}

fn with<R>(change: impl FnOnce(&mut Registry) -> R) -> R {
    REGISTRY.with_borrow_mut(change)
}

/// Runs code of a component.
fn as_current<R>(current: Current, run: impl FnOnce() -> R) -> R {
    let outer = CURRENT.replace(Some(current));
    let answer = run();
    CURRENT.set(outer);
    answer
}

/// Runs code of a component with the component itself; none if it is not there, or runs already.
fn visit<R>(cid: u32, run: impl FnOnce(&mut dyn Component) -> R) -> Option<R> {
    let (mut component, current) = with(|registry| {
        let entry = registry.entries.get_mut(&cid)?;
        Some((entry.component.take()?, Current { cid, events: entry.events }))
    })?;
    let answer = as_current(current, || run(component.as_mut()));
    with(|registry| {
        if let Some(entry) = registry.entries.get_mut(&cid) {
            entry.component = Some(component);
        }
    });
    Some(answer)
}

fn touch(cid: u32) {
    with(|registry| {
        if let Some(entry) = registry.entries.get_mut(&cid) {
            entry.is_touched = true;
        }
    });
}

/// A tag shows a component: mounts it, or updates it if it is given something else. Its cid; none beyond the limit.
pub(crate) fn show<C: LiveComponent>(id: String, attributes: C::Attributes) -> Option<u32> {
    LIVE.set(Some(&Shown));
    let kind = TypeId::of::<C>();
    if let Some(cid) = with(|registry| registry.cids.get(&(kind, id.clone())).copied()) {
        let is_other = visit(cid, |component| {
            let mounted = (component as &mut dyn Any).downcast_mut::<Mounted<C>>();
            let Some(mounted) = mounted.filter(|mounted| mounted.given != attributes) else { return false };
            mounted.given = attributes.clone();
            mounted.component.update(attributes);
            true
        });
        if is_other == Some(true) {
            touch(cid);
        }
        return Some(cid);
    }
    let cid = with(|registry| {
        let has_room = registry.entries.len() < MAX_COMPONENTS;
        has_room.then(|| {
            registry.last += 1;
            registry.last
        })
    });
    let Some(cid) = cid else {
        rendering::mistake(|| format!("there are more than {MAX_COMPONENTS} live components"));
        return None;
    };
    let events = TypeId::of::<C::Event>();
    let component = as_current(Current { cid, events }, || C::mount(attributes.clone()));
    let entry = Entry {
        kind,
        id: id.clone(),
        kind_name: std::any::type_name::<C>(),
        events,
        component: Some(Box::new(Mounted { component, given: attributes })),
        root: None,
        is_touched: true,
        stage: Stage::New,
    };
    with(|registry| {
        registry.cids.insert((kind, id), cid);
        registry.entries.insert(cid, entry);
    });
    Some(cid)
}

/// Gives a component attributes, if it is there.
pub(crate) fn update<C: LiveComponent>(id: String, attributes: C::Attributes) {
    let Some(cid) = with(|registry| registry.cids.get(&(TypeId::of::<C>(), id)).copied()) else { return };
    visit(cid, |component| {
        if let Some(mounted) = (component as &mut dyn Any).downcast_mut::<Mounted<C>>() {
            mounted.component.update(attributes);
        }
    });
    touch(cid);
}

/// The component whose code runs.
pub(crate) fn current() -> Option<u32> {
    CURRENT.get().map(|current| current.cid)
}

/// The component whose code runs, if events of this type are its own.
pub(crate) fn target_of(events: TypeId) -> Option<u32> {
    CURRENT.get().filter(|current| current.events == events).map(|current| current.cid)
}

/// What only views with live components need: unless one is shown somewhere, none of it is in the compiled view.
pub(crate) trait Live {
    /// A document is asked for: was the last one accepted?
    fn last_document_was(&self, accepted: bool);

    /// Evaluates all live components that need it: those that were asked for, those that were touched, and, if the
    /// document is whole, all that it shows. What one gives to another while it is evaluated counts.
    fn evaluate(&self, root: &Html, asked: Vec<u32>, is_whole: bool) -> Vec<(u32, Html)>;

    /// These documents are handed out.
    fn hand_out(&self, documents: Vec<(u32, Html)>) -> Vec<(u32, Content)>;

    /// A render made no document: all are evaluated whole in the next.
    fn forget_roots(&self);

    fn handle_event(&self, cid: u32, event: RawEvent, socket: &mut Socket) -> Result<()>;

    fn remove(&self, cids: &[u32]);

    /// Forgets all: another view begins.
    fn forget(&self);
}

/// The live components; none as long as none was ever shown.
pub(crate) fn live() -> Option<&'static dyn Live> {
    LIVE.get()
}

/// Hands an event to the component that it is for. One that is gone hears nothing.
pub(crate) fn handle_event(cid: u32, event: RawEvent, socket: &mut Socket) -> Result<()> {
    live().map_or(Ok(()), |live| live.handle_event(cid, event, socket))
}

/// The host says that these are gone.
pub(crate) fn remove(cids: &[u32]) {
    if let Some(live) = live() {
        live.remove(cids);
    }
}

struct Shown;

impl Live for Shown {
    fn last_document_was(&self, accepted: bool) {
        let stage = if accepted { Stage::Known } else { Stage::New };
        with(|registry| {
            for entry in registry.entries.values_mut().filter(|entry| entry.stage == Stage::HandedOut) {
                entry.stage = stage;
            }
        });
    }

    fn evaluate(&self, root: &Html, asked: Vec<u32>, is_whole: bool) -> Vec<(u32, Html)> {
        let mut evaluated = BTreeMap::new();
        let mut waiting = asked;
        if !is_whole {
            waiting.extend(touched());
        }
        root.content.for_each_component(&mut |cid| waiting.push(cid));
        while let Some(cid) = waiting.pop() {
            let is_due = is_touched(cid) || is_whole && !evaluated.contains_key(&cid);
            if is_due && let Some(html) = evaluate(cid, is_whole) {
                html.content.for_each_component(&mut |cid| waiting.push(cid));
                evaluated.insert(cid, html);
            }
        }
        let mut shown = BTreeSet::new();
        for html in std::iter::once(root).chain(evaluated.values()) {
            html.content.for_each_component(&mut |cid| {
                if !shown.insert(cid) {
                    rendering::mistake(|| {
                        format!(
                            "{} stands twice in the page: ids tell components of a type apart",
                            describe(cid)
                        )
                    });
                }
            });
        }
        self.remove(&unknown(&shown));
        evaluated.retain(|cid, _| exists(*cid));
        check(&evaluated);
        evaluated.into_iter().collect()
    }

    fn hand_out(&self, documents: Vec<(u32, Html)>) -> Vec<(u32, Content)> {
        let nodes = documents.into_iter().filter_map(|(cid, html)| {
            let Content::Node(node) = &html.content else { return None };
            handed_out(cid, Root { template: node.template, owner: html.owner });
            Some((cid, html.content))
        });
        nodes.collect()
    }

    fn forget_roots(&self) {
        with(|registry| {
            for entry in registry.entries.values_mut() {
                (entry.root, entry.is_touched) = (None, true);
            }
        });
    }

    fn handle_event(&self, cid: u32, event: RawEvent, socket: &mut Socket) -> Result<()> {
        // A failure may leave something written.
        touch(cid);
        visit(cid, |component| component.handle_event(event, socket)).unwrap_or(Ok(()))
    }

    fn remove(&self, cids: &[u32]) {
        let removed: Vec<Entry> =
            with(|registry| cids.iter().filter_map(|cid| registry.take(*cid)).collect());
        // Outside: dropping them runs code of theirs.
        drop(removed);
    }

    fn forget(&self) {
        drop(REGISTRY.take());
    }
}

/// What the host would refuse, in words that name the component.
fn check(components: &BTreeMap<u32, Html>) {
    for (cid, html) in components {
        let is_element = match &html.content {
            Content::Node(node) => node.template.is_element(),
            Content::Unchanged => true,
            _ => false,
        };
        if !is_element {
            rendering::mistake(|| {
                format!(
                    "{} is not one element: its template begins and ends with the same tag",
                    describe(*cid)
                )
            });
        }
    }
}

/// All that may look otherwise than in their last document.
fn touched() -> Vec<u32> {
    with(|registry| {
        registry.entries.iter().filter(|(_, entry)| entry.is_touched).map(|(cid, _)| *cid).collect()
    })
}

fn is_touched(cid: u32) -> bool {
    with(|registry| registry.entries.get(&cid).is_some_and(|entry| entry.is_touched))
}

/// Evaluates a component's template, from now on untouched: what depends on something that changed, or all of it.
fn evaluate(cid: u32, is_whole: bool) -> Option<Html> {
    let root = with(|registry| {
        let entry = registry.entries.get_mut(&cid)?;
        entry.is_touched = false;
        entry.root
    });
    visit(cid, |component| rendering::evaluate(root.filter(|_| !is_whole), || component.render()))
}

/// Notes the root of a component that is being handed out.
fn handed_out(cid: u32, root: Root) {
    with(|registry| {
        if let Some(entry) = registry.entries.get_mut(&cid) {
            entry.root = Some(root);
            if entry.stage == Stage::New {
                entry.stage = Stage::HandedOut;
            }
        }
    });
}

/// Those that the host does not know, and that have no place in the document.
fn unknown(shown: &BTreeSet<u32>) -> Vec<u32> {
    with(|registry| {
        let unknown = registry.entries.iter().filter(|(_, entry)| entry.stage == Stage::New);
        unknown.map(|(cid, _)| *cid).filter(|cid| !shown.contains(cid)).collect()
    })
}

fn exists(cid: u32) -> bool {
    with(|registry| registry.entries.contains_key(&cid))
}

/// The component in words, for messages.
fn describe(cid: u32) -> String {
    with(|registry| match registry.entries.get(&cid) {
        Some(Entry { kind_name, id, .. }) => format!("live component `{kind_name}` with the id {id:?}"),
        None => format!("live component {cid}"),
    })
}

/// Looks at the state of a component.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn look<C: LiveComponent, R>(id: &str, look: impl FnOnce(&C) -> R) -> Option<R> {
    let cid = cid::<C>(id)?;
    visit(cid, |component| {
        (component as &mut dyn Any).downcast_mut::<Mounted<C>>().map(|mounted| look(&mounted.component))
    })
    .flatten()
}

/// The cid of a component.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn cid<C: LiveComponent>(id: &str) -> Option<u32> {
    with(|registry| registry.cids.get(&(TypeId::of::<C>(), id.to_owned())).copied())
}

impl Registry {
    fn take(&mut self, cid: u32) -> Option<Entry> {
        let entry = self.entries.remove(&cid)?;
        self.cids.remove(&(entry.kind, entry.id.clone()));
        Some(entry)
    }
}
