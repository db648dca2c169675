//! A list of tasks: rows that change, move and go, and markup that comes and goes with them.

use hothouse_sdk::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

#[derive(State)]
struct Tasks {
    tasks: List<Task>,
    next_id: u32,
    shown: Assign<Shown>,
}

#[derive(Serialize, Deserialize)]
struct Task {
    id: u32,
    title: String,
    done: bool,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Shown {
    All,
    Open,
}

#[derive(Event)]
enum TaskEvent {
    Add { title: String },
    Toggle { id: u32 },
    MoveUp { id: u32 },
    MoveDown { id: u32 },
    Remove { id: u32 },
    ShowAll,
    ShowOpen,
}

impl LiveView for Tasks {
    type Event = TaskEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Tasks");
        let mut view = Self { tasks: List::new(), next_id: 1, shown: Assign::new(Shown::All) };
        view.add("Water the palms");
        view.add("Open the vents");
        view.add("Count the orchids");
        Ok(view)
    }

    fn handle_event(&mut self, event: TaskEvent, _socket: &mut Socket) -> Result<()> {
        match event {
            TaskEvent::Add { title } => self.add(&title),
            TaskEvent::Toggle { id } => {
                let index = self.index(id)?;
                if let Some(task) = self.tasks.get_mut(index) {
                    task.done = !task.done;
                }
            }
            TaskEvent::MoveUp { id } => {
                let index = self.index(id)?;
                self.tasks.move_to(index, index.saturating_sub(1));
            }
            TaskEvent::MoveDown { id } => {
                let index = self.index(id)?;
                self.tasks.move_to(index, index + 1);
            }
            TaskEvent::Remove { id } => {
                let index = self.index(id)?;
                self.tasks.remove(index);
            }
            TaskEvent::ShowAll => *self.shown = Shown::All,
            TaskEvent::ShowOpen => *self.shown = Shown::Open,
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main>
                <h1>"Tasks"</h1>
                if self.tasks.is_empty() {
                    <p id="nothing">"Nothing to do."</p>
                } else {
                    <p id="summary">
                        {self.tasks.iter().filter(|task| !task.done).count()} " of " {self.tasks.len()} " open"
                    </p>
                }
                <ul id="tasks" class="rows">
                    for task in self.tasks {
                        <li id={format!("task-{}", task.id)} hidden={task.done && *self.shown == Shown::Open}>
                            <button phx-click={TaskEvent::TOGGLE} phx-value-id={task.id}>
                                if task.done { "☑" } else { "☐" }
                            </button>
                            if task.done {
                                <span class="grow done">{task.title}</span>
                            } else {
                                <span class="grow">{task.title}</span>
                            }
                            <button phx-click={TaskEvent::MOVE_UP} phx-value-id={task.id} aria-label="up">"↑"</button>
                            <button phx-click={TaskEvent::MOVE_DOWN} phx-value-id={task.id} aria-label="down">"↓"</button>
                            <button phx-click={TaskEvent::REMOVE} phx-value-id={task.id} aria-label="remove">"×"</button>
                        </li>
                    }
                </ul>
                <p class="row">
                    <span class="soft">"Add"</span>
                    for title in SUGGESTIONS {
                        <button phx-click={TaskEvent::ADD} phx-value-title={title}>{title}</button>
                    }
                </p>
                <p>
                    match *self.shown {
                        Shown::All => { <button id="filter" phx-click={TaskEvent::ShowOpen}>"Hide what is done"</button> }
                        Shown::Open => { <button id="filter" phx-click={TaskEvent::ShowAll}>"Show all"</button> }
                    }
                </p>
                <p><a href="/">"All examples"</a></p>
            </main>
        }
    }
}

const SUGGESTIONS: [&str; 3] = ["Sweep the path", "Feed the fish", "Mist the ferns"];

impl Tasks {
    fn add(&mut self, title: &str) {
        self.tasks.push(Task { id: self.next_id, title: title.to_owned(), done: false });
        self.next_id += 1;
    }

    fn index(&self, id: u32) -> Result<usize> {
        self.tasks
            .position(|task| task.id == id)
            .ok_or_else(|| Failure::bad_input(format!("there is no task {id}")))
    }
}

export!(Tasks);
