//! Games as they are kept, and how players and boards hear of what happens.

use hothouse_sdk::kv::Collection;
use hothouse_sdk::prelude::*;
use serde::{Deserialize, Serialize};

use crate::rules::{Board, Colour, Standing};

/// All games by their names. One that nobody has touched for a day is forgotten.
pub(crate) const GAMES: Collection<Game> = Collection::new("game/");
pub(crate) const DAY_S: u32 = 24 * 60 * 60;

/// The longest name of a game.
const MAX_NAME: usize = 40;

/// One game.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Game {
    /// Columns, move by move.
    pub(crate) moves: Vec<u8>,
    /// Who plays red and who yellow: what their browsers' sessions hold.
    #[serde(default)]
    pub(crate) players: [Option<String>; 2],
}

/// What is announced under a game's topic.
#[derive(Serialize, Deserialize)]
pub(crate) enum GameMessage {
    /// Somebody has sat down, moved, or begun anew.
    Changed,
}

impl Game {
    pub(crate) fn board(&self) -> Board {
        Board::after(&self.moves)
    }

    /// What somebody plays.
    pub(crate) fn colour_of(&self, player: Option<&str>) -> Option<Colour> {
        let player = player?;
        let place = self.players.iter().position(|taken| taken.as_deref() == Some(player))?;
        Colour::BOTH.get(place).copied()
    }

    pub(crate) fn player(&self, colour: Colour) -> Option<&str> {
        self.players.get(colour as usize).and_then(Option::as_deref)
    }

    /// Gives somebody a place that is free; whether it was.
    pub(crate) fn sit_down(&mut self, colour: Colour, player: &str) -> bool {
        match self.players.get_mut(colour as usize) {
            Some(place @ None) => {
                *place = Some(player.to_owned());
                true
            }
            _ => false,
        }
    }

    /// Drops a disc, if it is their turn and there is room; whether it was.
    pub(crate) fn drop_into(&mut self, column: u8, colour: Colour) -> bool {
        let board = self.board();
        let may = board.standing() == Standing::Turn(colour) && board.may_drop_into(column.into());
        if may {
            self.moves.push(column);
        }
        may
    }
}

/// A name that a game may have.
pub(crate) fn checked_name(name: &str) -> Result<String> {
    let is_good = |character: char| character.is_ascii_alphanumeric() || character == '-';
    if name.is_empty() || name.len() > MAX_NAME || !name.chars().all(is_good) {
        return Err(Failure::not_found("There is no such game."));
    }
    Ok(name.to_ascii_lowercase())
}

/// The topic of a game.
pub(crate) fn topic(name: &str) -> String {
    format!("game/{name}")
}

/// Something that nobody guesses.
pub(crate) fn random_name(bytes: u32) -> String {
    environment::random(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
