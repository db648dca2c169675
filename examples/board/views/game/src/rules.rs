//! The rules of four in a row. Knows nothing of views.

use serde::{Deserialize, Serialize};

/// Columns of the board.
pub(crate) const COLUMNS: usize = 7;
/// Rows of the board, the lowest is 0.
pub(crate) const ROWS: usize = 6;
/// So many in a row win.
const TO_WIN: usize = 4;

/// Who plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Colour {
    Red,
    Yellow,
}

impl Colour {
    /// Who has the place with this number.
    pub(crate) const BOTH: [Self; 2] = [Self::Red, Self::Yellow];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Yellow => "yellow",
        }
    }
}

/// How a game stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is the turn of this one.
    Turn(Colour),
    Won(Colour),
    Drawn,
}

/// The board after some moves: for each column, what lies in it, from below.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Board {
    columns: [Vec<Colour>; COLUMNS],
    moves: usize,
    winner: Option<Colour>,
}

impl Board {
    /// The board after these moves, each the number of a column. What breaks the rules is left out.
    pub(crate) fn after(moves: &[u8]) -> Self {
        let mut board = Self::default();
        for column in moves {
            board.drop_into((*column).into());
        }
        board
    }

    /// What lies at a place.
    pub(crate) fn at(&self, column: usize, row: usize) -> Option<Colour> {
        self.columns.get(column).and_then(|column| column.get(row)).copied()
    }

    /// How it stands.
    pub(crate) fn standing(&self) -> Standing {
        match (self.winner, self.moves) {
            (Some(winner), _) => Standing::Won(winner),
            (None, moves) if moves == COLUMNS * ROWS => Standing::Drawn,
            (None, moves) if moves % 2 == 0 => Standing::Turn(Colour::Red),
            (None, _) => Standing::Turn(Colour::Yellow),
        }
    }

    /// Whether something can be dropped into a column now.
    pub(crate) fn may_drop_into(&self, column: usize) -> bool {
        let has_room = self.columns.get(column).is_some_and(|column| column.len() < ROWS);
        has_room && matches!(self.standing(), Standing::Turn(_))
    }

    fn drop_into(&mut self, column: usize) {
        let Standing::Turn(colour) = self.standing() else { return };
        let Some(discs) = self.columns.get_mut(column).filter(|discs| discs.len() < ROWS) else { return };
        discs.push(colour);
        let row = discs.len() - 1;
        self.moves += 1;
        if self.has_won(column, row, colour) {
            self.winner = Some(colour);
        }
    }

    /// Whether the disc at this place is one of four in a row.
    fn has_won(&self, column: usize, row: usize, colour: Colour) -> bool {
        [(1, 0), (0, 1), (1, 1), (1, -1)].into_iter().any(|(right, up)| {
            let length = |sign: isize| {
                (1..TO_WIN as isize)
                    .take_while(|step| {
                        let column = column.checked_add_signed(sign * right * step);
                        let row = row.checked_add_signed(sign * up * step);
                        column.zip(row).and_then(|(column, row)| self.at(column, row)) == Some(colour)
                    })
                    .count()
            };
            length(1) + length(-1) + 1 >= TO_WIN
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn stands(moves: &[u8], standing: Standing) {
        assert_eq!(Board::after(moves).standing(), standing);
    }

    #[test]
    fn red_begins_and_they_take_turns() {
        stands(&[], Standing::Turn(Colour::Red));
        stands(&[3], Standing::Turn(Colour::Yellow));
        let board = Board::after(&[3, 3]);
        assert_eq!((board.at(3, 0), board.at(3, 1)), (Some(Colour::Red), Some(Colour::Yellow)));
        assert_eq!(board.at(3, 2), None);
    }

    #[test]
    fn four_in_a_row_win_in_every_direction() {
        stands(&[0, 0, 1, 1, 2, 2, 3], Standing::Won(Colour::Red));
        stands(&[0, 1, 0, 1, 0, 1, 0], Standing::Won(Colour::Red));
        stands(&[0, 1, 1, 2, 2, 3, 2, 3, 3, 6, 3], Standing::Won(Colour::Red));
        stands(&[6, 5, 5, 4, 4, 3, 4, 3, 3, 0, 3], Standing::Won(Colour::Red));
        stands(&[6, 0, 0, 1, 1, 2, 2, 3], Standing::Won(Colour::Yellow));
        stands(&[0, 0, 1, 1, 2, 2], Standing::Turn(Colour::Red));
    }

    #[test]
    fn what_breaks_the_rules_is_no_move() {
        let full = [2; ROWS + 1];
        let board = Board::after(&full);
        assert_eq!(board.standing(), Standing::Turn(Colour::Red), "six moves, not seven");
        assert!(!board.may_drop_into(2) && board.may_drop_into(3) && !board.may_drop_into(COLUMNS));
        let over = Board::after(&[0, 0, 1, 1, 2, 2, 3, 6]);
        assert_eq!(over.at(6, 0), None, "it was over");
        assert!(!over.may_drop_into(6));
    }

    #[test]
    fn a_full_board_is_a_draw() {
        let mut moves = Vec::new();
        // Columns of two and two, shifted, so that four never meet.
        for pair in [[0, 1], [2, 3], [4, 5]] {
            for turn in 0..ROWS {
                let [one, other] = if turn % 4 < 2 { pair } else { [pair[1], pair[0]] };
                moves.extend([one, other]);
            }
        }
        moves.extend([6; ROWS]);
        assert_eq!(moves.len(), COLUMNS * ROWS);
        stands(&moves, Standing::Drawn);
    }
}
