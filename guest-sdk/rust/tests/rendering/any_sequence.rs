//! Whatever is changed in whatever order: the page that the documents add up to is the page of the state.

use hothouse_sdk::prelude::*;
use hothouse_sdk::testing::{View, context};
use proptest::prelude::*;

use crate::support::change;

struct Garden {
    beds: List<Bed>,
    other_beds: List<Bed>,
    names: Assign<Vec<String>>,
    title: Assign<Option<String>>,
    season: Assign<u32>,
    plain: u32,
}

#[derive(Clone)]
struct Bed {
    name: u32,
    rows: List<u32>,
}

impl LiveView for Garden {
    type Event = ();

    fn mount(_context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self {
            beds: List::new(),
            other_beds: List::new(),
            names: Assign::default(),
            title: Assign::default(),
            season: Assign::default(),
            plain: 0,
        })
    }

    fn render(&self) -> Html {
        if *self.season == 3 {
            return html! { <p>"winter " {self.title}</p> };
        }
        html! {
            <h1 title?={self.title}>{self.season}</h1>
            if let Some(title) = &*self.title {
                <h2>{title} {self.season}</h2>
                for bed in self.other_beds {
                    <u>{bed.name} for row in bed.rows { <s>{row}</s> }</u>
                }
            } else if *self.season > 1 {
                <h3>{self.plain}</h3>
            }
            for bed in self.beds {
                <div>
                    {bed.name}
                    if bed.rows.len() > 1 { <b>{self.season}</b> }
                    for row in bed.rows { <i>{row} {self.season}</i> }
                </div>
            }
            for name in self.names key={name} {
                <p>{name} match *self.season { 0 => { "spring" } other => { <em>{other} {self.title}</em> } }</p>
            }
            {self.note()}
            <Beds beds={self.other_beds} season={self.season} title?={self.title}>
                <:row :let={row} unit={self.season}>{row} {self.plain} {self.title}</:row>
                <:row :let={row} unit={7} kind?={self.title}>{row} if *self.season > 1 { {self.season} }</:row>
                <em>{self.season} if let Some(title) = &*self.title { {title} }</em>
            </Beds>
        }
    }
}

#[component]
fn Beds(
    beds: &List<Bed>,
    season: u32,
    title: Option<&str>,
    row: Vec<Slot<u32, Unit<'_>>>,
    children: Slot,
) -> Html {
    html! {
        <h4>{title} {season}</h4>
        for bed in beds {
            <div>
                <Label text={bed.name} :if={season > 0}>{render_slot(children)} {bed.rows.len()}</Label>
                for name in bed.rows {
                    for row in &row { <i>{render_slot(row, name)} {row.unit} {row.kind}</i> }
                }
            </div>
        }
        if let Some(title) = title { <Label text={title}>{render_slot(children)} {season}</Label> }
    }
}

#[derive(SlotAttributes)]
struct Unit<'a> {
    unit: u32,
    kind: Option<&'a str>,
}

#[component]
fn Label<T: ToText>(text: &T, children: Slot) -> Html {
    html! { <label>{text} {render_slot(children)}</label> }
}

impl Garden {
    fn note(&self) -> Html {
        html! { if self.plain > 1 { <small>{self.plain} {self.beds.len()}</small> } }
    }

    /// The same page, written by hand.
    fn expected(&self) -> String {
        let (season, title) = (*self.season, self.title.as_deref().unwrap_or_default());
        if season == 3 {
            return format!("<p>winter {title}</p>");
        }
        let attribute = self.title.as_ref().map(|title| format!(" title=\"{title}\"")).unwrap_or_default();
        let mut page = format!("<h1{attribute}>{season}</h1>");
        if self.title.is_some() {
            page += &format!("<h2>{title}{season}</h2>");
            for bed in &self.other_beds {
                let rows: String = bed.rows.iter().map(|row| format!("<s>{row}</s>")).collect();
                page += &format!("<u>{}{rows}</u>", bed.name);
            }
        } else if season > 1 {
            page += &format!("<h3>{}</h3>", self.plain);
        }
        for bed in &self.beds {
            let many = if bed.rows.len() > 1 { format!("<b>{season}</b>") } else { String::new() };
            let rows: String = bed.rows.iter().map(|row| format!("<i>{row}{season}</i>")).collect();
            page += &format!("<div>{}{many}{rows}</div>", bed.name);
        }
        for name in &self.names {
            let inside = if season == 0 { "spring".to_owned() } else { format!("<em>{season}{title}</em>") };
            page += &format!("<p>{name}{inside}</p>");
        }
        if self.plain > 1 {
            page += &format!("<small>{}{}</small>", self.plain, self.beds.len());
        }
        let inside = format!("<em>{season}{title}</em>");
        page += &format!("<h4>{title}{season}</h4>");
        for bed in &self.other_beds {
            page += "<div>";
            if season > 0 {
                page += &format!("<label>{}{inside}{}</label>", bed.name, bed.rows.len());
            }
            for row in &bed.rows {
                page += &format!("<i>{row}{}{title}{season}</i>", self.plain);
                let late = if season > 1 { season.to_string() } else { String::new() };
                page += &format!("<i>{row}{late}7{title}</i>");
            }
            page += "</div>";
        }
        if self.title.is_some() {
            page += &format!("<label>{title}{inside}{season}</label>");
        }
        page
    }
}

#[derive(Debug, Clone)]
enum Change {
    Season(u32),
    Plain(u32),
    Title(Option<u32>),
    Names(Vec<u32>),
    Push(u32),
    Insert(usize, u32),
    Remove(usize),
    Move(usize, usize),
    Swap(usize, usize),
    Sort,
    Rename(usize, u32),
    PushRow(usize, u32),
    EditRow(usize, usize, u32),
    RemoveRow(usize, usize),
    GiveRows(usize, usize),
    Exchange,
    Replace,
    Clear,
    Everything,
}

fn any_change() -> impl Strategy<Value = Change> {
    use Change::*;
    let at = 0..6_usize;
    let name = 0..4_u32;
    prop_oneof![
        (0..4_u32).prop_map(Season),
        (0..4_u32).prop_map(Plain),
        proptest::option::of(name.clone()).prop_map(Title),
        proptest::collection::btree_set(name.clone(), 0..4)
            .prop_map(|names| names.into_iter().collect())
            .prop_shuffle()
            .prop_map(Names),
        name.clone().prop_map(Push),
        name.clone().prop_map(Push),
        (at.clone(), name.clone()).prop_map(|(at, name)| Insert(at, name)),
        at.clone().prop_map(Remove),
        (at.clone(), at.clone()).prop_map(|(from, to)| Move(from, to)),
        (at.clone(), at.clone()).prop_map(|(first, second)| Swap(first, second)),
        Just(Sort),
        (at.clone(), name.clone()).prop_map(|(at, name)| Rename(at, name)),
        (at.clone(), name.clone()).prop_map(|(at, name)| PushRow(at, name)),
        (at.clone(), name.clone()).prop_map(|(at, name)| PushRow(at, name)),
        (at.clone(), at.clone(), name).prop_map(|(bed, row, name)| EditRow(bed, row, name)),
        (at.clone(), at.clone()).prop_map(|(bed, row)| RemoveRow(bed, row)),
        (at.clone(), at).prop_map(|(first, second)| GiveRows(first, second)),
        Just(Exchange),
        Just(Replace),
        Just(Clear),
        Just(Everything),
    ]
}

fn apply(garden: &mut Garden, change: Change) {
    let bed = |name| Bed { name, rows: List::new() };
    match change {
        Change::Season(season) => *garden.season = season,
        Change::Plain(plain) => garden.plain = plain,
        Change::Title(title) => *garden.title = title.map(|title| format!("t{title}")),
        Change::Names(names) => *garden.names = names.iter().map(|name| format!("n{name}")).collect(),
        Change::Push(name) => {
            garden.beds.push(bed(name));
        }
        Change::Insert(at, name) => {
            garden.beds.insert(at, bed(name));
        }
        Change::Remove(at) => drop(garden.beds.remove(at)),
        Change::Move(from, to) => garden.beds.move_to(from, to),
        Change::Swap(first, second) => garden.beds.swap(first, second),
        Change::Sort => garden.beds.sort_by(|first, second| first.name.cmp(&second.name)),
        Change::Rename(at, name) => garden.beds.get_mut(at).into_iter().for_each(|bed| bed.name = name),
        Change::PushRow(at, row) => {
            garden.beds.get_mut(at).into_iter().for_each(|bed| bed.rows.extend([row]))
        }
        Change::EditRow(at, row, name) => {
            let bed = garden.beds.get_mut(at);
            bed.and_then(|bed| bed.rows.get_mut(row)).into_iter().for_each(|row| *row = name);
        }
        Change::RemoveRow(at, row) => {
            garden.beds.get_mut(at).and_then(|bed| bed.rows.remove(row));
        }
        Change::GiveRows(first, second) => {
            let Some(taken) = garden.beds.get_mut(first).map(|bed| std::mem::take(&mut bed.rows)) else {
                return;
            };
            let exchanged = match garden.beds.get_mut(second) {
                Some(bed) => std::mem::replace(&mut bed.rows, taken),
                None => taken,
            };
            garden.beds.get_mut(first).into_iter().for_each(|bed| bed.rows = exchanged.clone());
        }
        Change::Exchange => std::mem::swap(&mut garden.beds, &mut garden.other_beds),
        Change::Replace => garden.other_beds = garden.beds.iter().cloned().collect(),
        Change::Clear => garden.beds.clear(),
        Change::Everything => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_documents_add_up_to_the_page_of_the_state(
        rounds in proptest::collection::vec(proptest::collection::vec(any_change(), 0..4), 1..30)
    ) {
        let mut view = View::<Garden>::mount(&context().build()).unwrap();
        for round in rounds {
            if matches!(round.as_slice(), [.., Change::Everything]) {
                view.everything().unwrap();
                prop_assert_eq!(view.html(), view.state().expected());
            }
            change(&mut view, |garden| round.into_iter().for_each(|change| apply(garden, change)));
            prop_assert_eq!(view.html(), view.state().expected());
        }
    }
}
