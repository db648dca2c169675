//! Four in a row, at one board with others.

use hothouse_sdk::kit::{Button, FlashMessages, Link, Variant};
use hothouse_sdk::prelude::*;

mod games;
mod rules;

use games::{DAY_S, GAMES, Game, GameMessage, checked_name, random_name, topic};
use rules::{COLUMNS, Colour, ROWS, Standing};

struct Table {
    /// The game's name; nothing at the entrance.
    name: Assign<Option<String>>,
    /// What this browser's session says of who plays.
    player: Option<String>,
    /// Columns into which something can be dropped.
    is_open: Assign<Vec<bool>>,
    /// From above, row by row: what lies there.
    places: List<Option<Colour>>,
    standing: Assign<Standing>,
    colour: Assign<Option<Colour>>,
    is_taken: Assign<[bool; 2]>,
    flash: Assign<Flash>,
}

#[derive(Event)]
enum TableEvent {
    New,
    SitDown { place: usize },
    Drop { column: u8 },
    Again,
}

impl LiveView for Table {
    type Event = TableEvent;

    fn mount(context: &Context, _socket: &mut Socket) -> Result<Self> {
        Ok(Self {
            name: None.into(),
            player: context.session("player").map(str::to_owned),
            is_open: Vec::new().into(),
            places: (0..COLUMNS * ROWS).map(|_| None).collect(),
            standing: Standing::Turn(Colour::Red).into(),
            colour: None.into(),
            is_taken: [false; 2].into(),
            flash: Flash::default().into(),
        })
    }

    fn handle_params(&mut self, _uri: &str, params: &[(String, String)], socket: &mut Socket) -> Result<()> {
        let name = param::<String>(params, "game").map(|name| checked_name(&name)).transpose()?;
        if let Some(former) = &*self.name {
            socket.unsubscribe(topic(former));
        }
        if let Some(name) = &name {
            // First listen, then look: nothing is missed in between.
            socket.subscribe(topic(name));
            self.show(&GAMES.get(name)?.unwrap_or_default());
        }
        self.name.set(name);
        Ok(())
    }

    fn flash_changed(&mut self, flash: Flash) {
        self.flash.set(flash);
    }

    fn handle_info(&mut self, message: Message, socket: &mut Socket) -> Result<()> {
        match message {
            Message::KvConflict(_) => socket.put_flash("info", "Somebody was quicker."),
            Message::Published(publication) => match publication.read()? {
                GameMessage::Changed => {}
            },
            _ => {}
        }
        self.look()
    }

    fn handle_event(&mut self, event: TableEvent, socket: &mut Socket) -> Result<()> {
        match event {
            TableEvent::New => {
                socket.push_navigate(format!("/games/{}", random_name(4)));
                Ok(())
            }
            TableEvent::SitDown { place } => {
                let colour =
                    *Colour::BOTH.get(place).ok_or_else(|| Failure::bad_input("There are two places."))?;
                let player = self.player.clone().unwrap_or_else(|| random_name(16));
                self.change(socket, |game| {
                    game.colour_of(Some(&player)).is_none() && game.sit_down(colour, &player)
                })?;
                // The page is loaded again with it, unless it is there already.
                socket.put_session([("player", player)]);
                Ok(())
            }
            TableEvent::Drop { column } => {
                let colour = self.colour.ok_or_else(|| Failure::forbidden("You are watching."))?;
                self.change(socket, |game| game.drop_into(column, colour))
            }
            TableEvent::Again => {
                if self.colour.is_none() || matches!(*self.standing, Standing::Turn(_)) {
                    return Err(Failure::forbidden("The game goes on."));
                }
                self.change(socket, |game| {
                    // Who was second begins.
                    game.players.swap(0, 1);
                    game.moves.clear();
                    true
                })
            }
        }
    }

    fn render(&self) -> Html {
        html! {
            <FlashMessages flash={self.flash}/>
            <main>
                <h1>"Four in a row"</h1>
                match &*self.name {
                    None => {
                        <p>"Begin a game, and send its address to somebody: both play at one board, and others may watch."</p>
                        <Button variant={Variant::Primary} phx-click={TableEvent::New}>"New game"</Button>
                    }
                    Some(_) => {
                        {self.status()}
                        {self.board()}
                        <p><Link navigate="/">"Another game"</Link></p>
                    }
                }
            </main>
        }
    }
}

impl Table {
    /// Changes the game as it is kept, and tells all who are at its board. Nobody else's change is lost: should one come in
    /// between, this one is not made, and `KvConflict` says so.
    fn change(&mut self, socket: &mut Socket, change: impl FnOnce(&mut Game) -> bool) -> Result<()> {
        let Some(name) = &*self.name else { return Ok(()) };
        let mut game = GAMES.expect(name)?.unwrap_or_default();
        if !change(&mut game) {
            return self.look();
        }
        GAMES.put_for(DAY_S, name, &game)?;
        socket.broadcast_from(topic(name), &GameMessage::Changed);
        self.show(&game);
        Ok(())
    }

    /// Reads the game again.
    fn look(&mut self) -> Result<()> {
        if let Some(name) = &*self.name {
            let game = GAMES.get(name)?.unwrap_or_default();
            self.show(&game);
        }
        Ok(())
    }

    fn show(&mut self, game: &Game) {
        let board = game.board();
        for row in 0..ROWS {
            for column in 0..COLUMNS {
                let (index, disc) = (row * COLUMNS + column, board.at(column, ROWS - 1 - row));
                if self.places.get(index) != Some(&disc)
                    && let Some(place) = self.places.get_mut(index)
                {
                    *place = disc;
                }
            }
        }
        self.is_open.set((0..COLUMNS).map(|column| board.may_drop_into(column)).collect());
        self.standing.set(board.standing());
        self.colour.set(game.colour_of(self.player.as_deref()));
        self.is_taken.set(Colour::BOTH.map(|colour| game.player(colour).is_some()));
    }

    fn is_my_turn(&self) -> bool {
        matches!((*self.standing, *self.colour), (Standing::Turn(turn), Some(colour)) if turn == colour)
    }

    fn status(&self) -> Html {
        html! {
            <p id="status" role="status">
                match *self.standing {
                    Standing::Turn(_) if self.is_my_turn() => { "Your turn." }
                    Standing::Turn(turn) => { "It is the turn of " {turn.name()} "." }
                    Standing::Won(winner) if *self.colour == Some(winner) => { "You have won." }
                    Standing::Won(winner) => { {winner.name()} " has won." }
                    Standing::Drawn => { "Nobody has won." }
                }
            </p>
            <p id="places" class="row">
                match *self.colour {
                    Some(colour) => { <span>"You play " <b>{colour.name()}</b> "."</span> }
                    None => {
                        for colour in Colour::BOTH {
                            <Button
                                phx-click={TableEvent::SIT_DOWN}
                                phx-value-place={colour as usize}
                                disabled={self.is_taken.get(colour as usize) == Some(&true)}
                            >"Play " {colour.name()}</Button>
                        }
                    }
                }
                if self.colour.is_some() && !matches!(*self.standing, Standing::Turn(_)) {
                    <Button variant={Variant::Primary} phx-click={TableEvent::Again}>"Again"</Button>
                }
            </p>
        }
    }

    fn board(&self) -> Html {
        html! {
            <div id="board" class="board" role="group" aria-label="Board">
                for column in 0..COLUMNS {
                    <button
                        class="drop"
                        phx-click={TableEvent::DROP}
                        phx-value-column={column}
                        aria-label={format!("Column {}", column + 1)}
                        disabled={self.colour.is_none()}
                        // Not disabled between turns: a button that is loses the focus.
                        aria-disabled={(!self.is_my_turn() || self.is_open.get(column) != Some(&true)).to_string()}
                    >"↓"</button>
                }
                for place in self.places {
                    <span class={["place", place.map_or("free", Colour::name)]} role="img" aria-label={place.map_or("free", Colour::name)}></span>
                }
            </div>
        }
    }
}

export!(Table);
