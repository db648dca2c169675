//! A list that is sorted by dragging and by buttons. Its order is the view's: what a library has moved in the page is asked
//! for here, and what this view renders is what stays.

use hothouse_sdk::kit::{Button, Glyph, Icon, Link, Variant};
use hothouse_sdk::prelude::*;

struct Board {
    tasks: List<Task>,
    /// What happened last, for those who do not see it.
    said: Assign<String>,
}

struct Task {
    id: u32,
    text: &'static str,
    /// It stays where it is.
    is_fixed: bool,
}

#[derive(Debug, Event)]
enum BoardEvent {
    /// From the hook: a task was dropped before another one, or at the end.
    Drop {
        id: u32,
        before: Option<u32>,
    },
    Up {
        id: u32,
    },
    Down {
        id: u32,
    },
    /// As when somebody else had sorted it.
    Shuffle,
}

impl LiveView for Board {
    type Event = BoardEvent;

    fn mount(_context: &Context, socket: &mut Socket) -> Result<Self> {
        socket.page_title("Board");
        let texts =
            ["Open the vents", "Water the palms", "Feed the sundews", "Wipe the panes", "Sweep the paths"];
        let tasks = (1..).zip(texts).map(|(id, text)| Task { id, text, is_fixed: id == 1 });
        Ok(Self { tasks: tasks.collect(), said: String::new().into() })
    }

    fn handle_event(&mut self, event: BoardEvent, socket: &mut Socket) -> Result<()> {
        match event {
            BoardEvent::Drop { id, before } => {
                let from = self.index(id)?;
                let before = before.map(|before| self.index(before)).transpose()?.unwrap_or(self.tasks.len());
                self.go(from, if from < before { before - 1 } else { before })?;
                // The hook waits for it: without an answer it puts the task back.
                socket.reply(json!({ "moved": true }));
            }
            BoardEvent::Up { id } => {
                let from = self.index(id)?;
                self.go(from, from.saturating_sub(1))?;
            }
            BoardEvent::Down { id } => {
                let from = self.index(id)?;
                self.go(from, (from + 1).min(self.tasks.len() - 1))?;
            }
            BoardEvent::Shuffle => {
                self.tasks.move_to(self.tasks.len() - 1, 1);
                self.said.set("Somebody else has sorted the list.".to_owned());
            }
        }
        Ok(())
    }

    fn render(&self) -> Html {
        html! {
            <main>
                <nav class="row" aria-label="Dashboard">
                    <Link navigate="/">"Chart"</Link>
                    <Link navigate="/board" aria-current="page">"Board"</Link>
                    <Link navigate="/search">"Search"</Link>
                </nav>
                <h1>"Board"</h1>
                <p class="soft">"Drag the tasks, or move them with their buttons. The vents come first, always."</p>
                <ol id="tasks" class="tasks" phx-hook="Sortable">
                    for task in self.tasks {
                        <li id={format!("task-{}", task.id)} data-id={task.id}>
                            <span class="handle" aria-hidden="true"><Icon glyph={Glyph::More}/></span>
                            <span class="grow">{task.text}</span>
                            <Button
                                variant={Variant::Quiet}
                                phx-click={BoardEvent::UP}
                                phx-value-id={task.id}
                                aria-label={format!("Move up: {}", task.text)}
                            >
                                <Icon glyph={Glyph::ArrowUp}/>
                            </Button>
                            <Button
                                variant={Variant::Quiet}
                                phx-click={BoardEvent::DOWN}
                                phx-value-id={task.id}
                                aria-label={format!("Move down: {}", task.text)}
                            >
                                <Icon glyph={Glyph::ArrowDown}/>
                            </Button>
                        </li>
                    }
                </ol>
                <p id="said" role="status">{self.said}</p>
                <Button phx-click={BoardEvent::Shuffle}>"As if somebody else had sorted it"</Button>
            </main>
        }
    }
}

impl Board {
    fn index(&self, id: u32) -> Result<usize> {
        self.tasks
            .position(|task| task.id == id)
            .ok_or_else(|| Failure::bad_input(format!("There is no task {id}.")))
    }

    fn go(&mut self, from: usize, to: usize) -> Result<()> {
        let (first, last) = (from.min(to), from.max(to));
        let passes_fixed =
            (first..=last).any(|index| self.tasks.get(index).is_some_and(|task| task.is_fixed));
        if passes_fixed {
            return Err(Failure::forbidden("The vents come first."));
        }
        self.tasks.move_to(from, to);
        let text = self.tasks.get(to).map_or("", |task| task.text);
        self.said.set(format!("{text}: number {} of {}.", to + 1, self.tasks.len()));
        Ok(())
    }
}

export!(Board);

#[cfg(test)]
mod tests;
