//! The loops of templates: which rows to evaluate, and in what order they stand.

use std::marker::PhantomData;

use super::mistake;
use crate::html::{self, Content, Each, StreamInsert};
use crate::key::{Key, Number, number};
use crate::list::{self, Changes, List};
use crate::map::Map;
use crate::stream::Stream;
use crate::template::Template;
use crate::temporary::Temporary;

/// What the code around a loop knows about it.
#[derive(Debug)]
pub struct Loop {
    /// The template of a row.
    pub template: &'static Template,
    /// Nothing was at this place in the last document.
    pub fresh: bool,
    /// There may be other rows, or other values in them.
    pub source_differs: bool,
    /// A row reads something outside of it that may have changed.
    pub row_reads_differ: bool,
    /// The rows are those of a field, the same list on every render.
    pub own_list: bool,
}

/// The row that is being evaluated.
#[derive(Debug)]
pub struct Row {
    whole: bool,
    number: u32,
}

impl Row {
    /// Whether all of the row must be evaluated.
    pub fn begin(&mut self) -> bool {
        self.whole
    }

    /// The same for a row that its key tells apart.
    pub fn begin_keyed(&mut self, key: &(impl Key + ?Sized)) -> bool {
        match number(key) {
            Number::Known(number) => self.number = number,
            Number::New(number) => {
                self.number = number;
                self.whole = true;
            }
        }
        self.whole
    }
}

/// Rows of anything that can be iterated. Without keys, a row is told apart by its index.
#[derive(Debug)]
pub struct Plain;

impl Plain {
    /// Evaluates the rows.
    pub fn each<I, F>(self, rows: I, around: Loop, mut evaluate: F) -> Content
    where
        I: IntoIterator,
        F: FnMut(I::Item, &mut Row) -> Vec<Content>,
    {
        let whole = around.fresh || around.source_differs;
        let mut order = Vec::new();
        let mut changed = Vec::new();
        let mut any_new = whole;
        for (index, item) in rows.into_iter().enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            let mut row = Row { whole, number: index };
            let slots = evaluate(item, &mut row);
            any_new |= row.whole;
            order.push(row.number);
            changed.push((row.number, slots));
        }
        if let Some((first, second)) = duplicate(&order) {
            mistake(|| {
                format!(
                    "rows {first} and {second} of a loop have the same key: a key tells one row from all others"
                )
            });
        }
        each(Each { template: around.template, order: any_new.then_some(order), changed })
    }
}

/// The indexes of two rows with the same number.
fn duplicate(order: &[u32]) -> Option<(usize, usize)> {
    if order.is_sorted_by(|first, second| first < second) {
        return None;
    }
    let mut sorted: Vec<(u32, usize)> = order.iter().copied().zip(0..).collect();
    sorted.sort_unstable();
    let pair = sorted.array_windows().find(|[first, second]| first.0 == second.0)?;
    let [(_, first), (_, second)] = *pair;
    Some((first, second))
}

/// Rows of a [`List`]: told apart by their own identity, evaluated only when they changed.
#[derive(Debug)]
pub struct OfList;

impl OfList {
    /// Evaluates the rows that need it.
    pub fn each<'a, T, F>(self, list: &'a List<T>, around: Loop, mut evaluate: F) -> Content
    where
        F: FnMut(&'a T, &mut Row) -> Vec<Content>,
    {
        let changes = if around.fresh || (around.source_differs && !around.own_list) {
            Changes::Everything
        } else if around.own_list {
            list.changes()
        } else {
            // What is around it knows that it is the same list, and looks at it only when it has to.
            list.changes_within()
        };
        let mut evaluate_row = |row: &'a list::Row<T>, whole| {
            let number = row.id.0;
            (number, evaluate(&row.value, &mut Row { whole, number }))
        };
        let rows = list.rows();
        let all = around.row_reads_differ;
        let changed: Vec<_> = match changes {
            Changes::Everything => rows.iter().map(|row| evaluate_row(row, true)).collect(),
            _ if all => rows.iter().map(|row| evaluate_row(row, row.is_touched())).collect(),
            Changes::Nothing => Vec::new(),
            Changes::Few(indexes) => {
                let touched = indexes.iter().filter_map(|index| rows.get(*index as usize));
                touched.map(|row| evaluate_row(row, true)).collect()
            }
            Changes::Many | Changes::Order => {
                rows.iter().filter(|row| row.is_touched()).map(|row| evaluate_row(row, true)).collect()
            }
        };
        let order = matches!(changes, Changes::Everything | Changes::Order)
            .then(|| rows.iter().map(|row| row.id.0).collect());
        each(Each { template: around.template, order, changed })
    }
}

/// Rows of a [`Map`], as those of a list of pairs.
#[derive(Debug)]
pub struct OfMap;

impl OfMap {
    /// Evaluates the rows that need it.
    pub fn each<'a, K, V, F>(self, map: &'a Map<K, V>, around: Loop, evaluate: F) -> Content
    where
        F: FnMut(&'a (K, V), &mut Row) -> Vec<Content>,
    {
        OfList.each(map.list(), around, evaluate)
    }
}

/// Rows of what a [`Temporary`] holds.
#[derive(Debug)]
pub struct OfTemporary<T>(pub PhantomData<T>);

impl<T> OfTemporary<T> {
    /// Evaluates the rows, told apart by their index.
    pub fn each<I, F>(self, temporary: &Temporary<T>, around: Loop, evaluate: F) -> Content
    where
        for<'b> &'b T: IntoIterator<Item = &'b I>,
        F: FnMut(&I, &mut Row) -> Vec<Content>,
    {
        Plain.each(&*temporary.get(), around, evaluate)
    }
}

/// Items of a [`Stream`]: those that are put in now, whole; all others are in the page alone.
#[derive(Debug)]
pub struct OfStream;

impl OfStream {
    /// Evaluates the items that are put in, if anything happens to the stream.
    pub fn each<T, F>(self, stream: &Stream<T>, around: Loop, mut evaluate: F) -> Content
    where
        F: FnMut((&str, &T), &mut Row) -> Vec<Content>,
    {
        let may_be_another = around.fresh || (around.source_differs && !around.own_list);
        let has_changed = if around.own_list { stream.changed() } else { stream.has_operations() };
        if !may_be_another && !has_changed {
            return Content::Unchanged;
        }
        let pending = stream.pending();
        let inserts = pending.inserts().iter().map(|insert| StreamInsert {
            element: insert.element.clone(),
            at: insert.at,
            limit: insert.limit,
            update_only: insert.update_only,
            slots: evaluate((&insert.element, &insert.item), &mut Row { whole: true, number: 0 }),
        });
        Content::Stream(Box::new(html::Stream {
            template: around.template,
            name: stream.name().to_owned(),
            reset: pending.reset(),
            deletes: pending.deletes().to_vec(),
            inserts: inserts.collect(),
        }))
    }
}

/// Items of a [`Stream`] in a place where none may stand: a mistake with words of its own.
#[derive(Debug)]
pub struct StreamElsewhere;

impl StreamElsewhere {
    /// Never called: nothing is `LikeAList`.
    pub fn each<T, F>(self, stream: &Stream<T>, around: Loop, evaluate: F) -> Content
    where
        Stream<T>: LikeAList,
        F: FnMut((&str, &T), &mut Row) -> Vec<Content>,
    {
        OfStream.each(stream, around, evaluate)
    }
}

/// Implemented by nothing: its absence has the words of a mistake.
#[diagnostic::on_unimplemented(
    message = "a stream stands directly in an element with an id and `phx-update=\"stream\"`",
    label = "a stream, where only lists may stand",
    note = "write `<ul id=\"…\" phx-update=\"stream\">for (dom_id, item) in … {{ … }}</ul>`"
)]
pub trait LikeAList {}

fn each(each: Each) -> Content {
    match each {
        Each { order: None, ref changed, .. } if changed.is_empty() => Content::Unchanged,
        each => Content::Each(Box::new(each)),
    }
}
