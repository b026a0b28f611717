"""The keys of the board, as its help lists them; assets/board.jsx and assets/board/ answer to them."""

from typing import Final

#: Keys, the parts of a combination apart, and what they do.
KEYS: Final[list[tuple[str, str]]] = [
    ("← ↑ ↓ →", "Move between cells"),
    ("Alt ↑ or Alt ↓", "Move between the shifts in a cell"),
    ("Home or End", "To the ends of a row"),
    ("Ctrl Home or Ctrl End", "To the ends of the board"),
    ("PageUp or PageDown", "A screenful up or down"),
    ("Enter", "Pick a shift up; put it on a person's day, swap it with another, or take the person off"),
    ("Ctrl Enter", "Copy the shift that is picked up to a person's day"),
    ("Shift Enter", "Open a shift"),
    ("Esc", "Put back what was picked up"),
    ("Ctrl C", "Copy a person's shift"),
    ("Ctrl V", "Put the copy on a person's day"),
    ("+", "Add a shift to a person's day by form"),
    ("Delete", "Take a person off a shift, or off everything selected: asks first"),
    ("Space", "Select a shift, or everything in a cell; again to leave it out"),
    ("Shift ← ↑ ↓ →", "Select as far as there"),
    ("Shift Space or Ctrl Space", "Select a person's week, or a day"),
    ("Ctrl A", "Select everything that is shown"),
    ("Esc", "Select nothing"),
    ("Ctrl Z", "Undo your last step"),
    ("Ctrl Shift Z or Ctrl Y", "Do it again"),
]

#: The same of two weeks and the month; assets/span.jsx answers to them.
SPAN_KEYS: Final[list[tuple[str, str]]] = [
    ("← ↑ ↓ →", "Move between cells, in the top row between weeks"),
    ("Alt ↑ or Alt ↓", "Move between the shifts in a cell"),
    ("Home or End", "To the ends of a row"),
    ("Ctrl Home or Ctrl End", "To the ends of the grid"),
    ("PageUp or PageDown", "A screenful up or down"),
    (
        "Enter",
        "Open a person's shift; go to a free day on the board of its week; pick an open shift up and put it down",
    ),
    ("Shift Enter", "Go to the day on the board of its week"),
    ("Esc", "Put back what was picked up"),
    ("Ctrl Z", "Undo your last step"),
    ("Ctrl Shift Z or Ctrl Y", "Do it again"),
]
