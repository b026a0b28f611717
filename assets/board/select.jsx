import { createContext, useContext, useEffect, useMemo, useRef, useState } from "react";
import { Icon } from "../icon.jsx";
import { OPEN_ROW, placeOf, useEscape } from "./focus.jsx";
import { scopeOf } from "./scope.jsx";
import { count } from "./text.jsx";

export const MOST_SELECTED = 500;

const NOTHING = new Set();
const NOWHERE = new Map();
const WEEK = [1, 7];

export const HELP_SELECT =
  " Space selects, Shift with the arrow keys selects as far as there, Control with A all that is shown. Control with C " +
  "and V copy a shift. Delete takes a person off a shift. Plus adds a shift by form.";

export const chipKey = (id) => `chip-${id}`;
export const shiftKey = (id) => `shift-${id}`;

const Selected = createContext(NOTHING);
export const SelectedKeys = Selected.Provider;
export const useIsSelected = (key) => useContext(Selected).has(key);

/* The mark of what is selected: a shape, for whoever does not see the colour. */
export function SelectedMark() {
  return (
    <span className="chip-selected" aria-hidden="true">
      <Icon name="check" />
    </span>
  );
}

/* Selects a whole row or column, by mouse and finger; the grid's keys do the same. */
export function SelectAll({ what, label }) {
  return (
    <span className="select-all" data-select={what} title={label} aria-hidden="true">
      <span className="select-box" />
    </span>
  );
}

/* Everything in the cells from one corner to the other; row 0 is that of the open shifts. */
function keysIn(board, [rowA, colA], [rowB, colB]) {
  const keys = [];
  const [fromCol, toCol] = [Math.max(1, Math.min(colA, colB)), Math.max(colA, colB)];
  for (let row = Math.min(rowA, rowB); row <= Math.max(rowA, rowB); row += 1) {
    for (let col = fromCol; col <= toCol; col += 1) keys.push(...keysAt(board, row, col));
  }
  return keys;
}

function keysAt({ rows, shown, seen }, row, col) {
  if (row === 0) return shown[col - 1].shifts.map((shift) => shiftKey(shift.id));
  return chipsOf(rows[row - 1].cells[col - 1], seen).map((chip) => chipKey(chip.id));
}

function keyAt({ rows, shown }, row, col, position) {
  return row === 0 ? shiftKey(shown[col - 1].shifts[position].id) : chipKey(rows[row - 1].cells[col - 1][position].id);
}

const chipsOf = (cell, seen) => (seen ? cell.filter((chip) => seen.has(chip.id)) : cell);

/* What is shown and can be selected, by key. */
function everything({ rows, shown, all, seen }) {
  const there = new Map();
  shown.forEach(({ shifts }, day) => {
    for (const shift of shifts) {
      there.set(shiftKey(shift.id), {
        id: shift.id,
        day,
        department: shift.department,
        isShift: true,
        isOpen: shift.staffed < shift.needed,
      });
    }
  });
  for (const row of rows) {
    row.cells.forEach((cell, day) => {
      for (const chip of chipsOf(cell, seen)) {
        there.set(chipKey(chip.id), { id: chip.id, day, department: all.get(chip.shift)?.shift.department ?? "", rowId: row.id });
      }
    });
  }
  return there;
}

/*
 * Several things at once, of what is shown: what goes or is filtered away is not selected any more, and that is said.
 * `board` has the rows, the shown open shifts, all shifts and the days; where only some days are shown, `cols` has the
 * first and the last, and `seen` the numbers of the people's shifts that are. `isOn` is whether anything may be done
 * here; `held` what is held instead.
 */
export function useSelection({ board, grid, held, isOn, isShown = true, done, say, warn, send }) {
  const [keys, setKeys] = useState(NOTHING);
  const [isSelecting, setSelecting] = useState(false);
  const anchor = useRef(null);
  const copied = useRef(null);
  const isAny = keys.size > 0;
  const { rows, shown, all, days, seen, cols = WEEK } = board;
  const [firstCol, lastCol] = cols;
  const there = useMemo(
    () => (isAny && isShown ? everything({ rows, shown, all, seen }) : NOWHERE),
    [isAny, isShown, rows, shown, all, seen],
  );
  const chosen = useMemo(() => [...keys].filter((key) => there.has(key)).map((key) => there.get(key)), [keys, there]);

  const select = (next) => {
    const set = next.length ? new Set(next) : NOTHING;
    if (set.size || keys.size) say(set.size ? `${set.size} selected` : "Nothing selected");
    setKeys(set);
  };
  const clear = () => {
    anchor.current = null;
    setSelecting(false);
    select([]);
  };
  /* All of them, or none if all of them are selected already. */
  const toggle = (some) => {
    if (!some.length) return;
    const isAll = some.every((key) => keys.has(key));
    select(isAll ? [...keys].filter((key) => !some.includes(key)) : [...keys, ...some]);
  };

  const told = useRef(done?.nonce);
  useEffect(() => {
    if (done?.nonce !== told.current) {
      told.current = done?.nonce;
      if (done?.text) {
        setKeys(NOTHING);
        setSelecting(false);
        say(done.text);
        return;
      }
    }
    if (chosen.length === keys.size) return;
    setKeys(chosen.length ? new Set([...keys].filter((key) => there.has(key))) : NOTHING);
    const gone = keys.size - chosen.length;
    say(`${gone} no longer selected: ${gone === 1 ? "it is" : "they are"} gone, or not shown any more`);
  }, [done, chosen, keys, there]);

  const actions = useMemo(() => actionsOf(chosen, days, board), [chosen, days, board.canEdit, board.canFill]);
  const begin = (action, extra) => {
    const found = actions.find((each) => each.name === action);
    if (!found) return;
    if (found.ids.length > MOST_SELECTED) warn(`${found.ids.length} are selected. At most ${MOST_SELECTED} can be changed in one step`);
    else send?.({ action, ids: found.ids, ...extra });
  };

  const rowIndex = (key) => (key === OPEN_ROW ? 0 : rows.findIndex((row) => String(row.id) === key) + 1);
  const wholeRow = (index) => keysIn(board, [index, firstCol], [index, lastCol]);
  const wholeDay = (col) => keysIn(board, [0, col], [rows.length, col]);
  const extend = (to, isAdding) => {
    const from = anchor.current ?? to;
    const start = from.key === OPEN_ROW || rowIndex(from.key) > 0 ? from : to;
    anchor.current = start;
    const [fromCol, toCol] = to.col ? [start.col, to.col] : cols;
    const range = keysIn(board, [rowIndex(start.key), fromCol], [rowIndex(to.key), toCol]);
    select(isAdding ? [...keys, ...range] : range);
  };
  const toggleAt = (at) => {
    anchor.current = { key: at.key, col: at.col };
    const row = rowIndex(at.key);
    if (at.col === 0) toggle(wholeRow(row));
    else toggle(at.chip >= 0 ? [keyAt(board, row, at.col, at.chip)] : keysAt(board, row, at.col));
  };

  /* Returns whether the click was about selecting. */
  const takesClick = (event) => {
    if (!isOn || held) return false;
    const whole = event.target.closest("[data-select]")?.dataset.select;
    if (whole) {
      const [kind, which] = whole.split(":");
      toggle(kind === "day" ? wholeDay(Number(which)) : wholeRow(rowIndex(which)));
      return true;
    }
    const at = placeOf(event.target);
    if (!at || isOtherButton(board, event.target, at)) return false;
    const isToggle = (event.ctrlKey || event.metaKey) && !event.altKey;
    if (event.shiftKey) extend(at, isToggle);
    else if (isSelecting || (isToggle && (at.chip >= 0 || at.col === 0))) toggleAt(at);
    else {
      anchor.current = { key: at.key, col: at.col };
      if (!isAny) return false;
      clear();
      return at.chip < 0;
    }
    return true;
  };

  /* A browser would mark the text between. */
  const onMouseDown = (event) => {
    if (!event.shiftKey || !isOn) return;
    event.preventDefault();
    event.target.closest("[tabindex]")?.focus({ preventScroll: true });
  };

  /* Not every browser takes the keydown for an answer and presses no button. */
  const onKeyUp = (event) => {
    if (event.key === " " && isOn && event.target.closest(".chip")) event.preventDefault();
  };

  /* Returns whether the key was about the selection. */
  const onKey = (event, { at, current, stepFrom, isSizing }) => {
    const { key, shiftKey: isShift } = event;
    const isCtrl = event.ctrlKey || event.metaKey;
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
    if (step && isShift && !isCtrl && !event.altKey && !(isSizing && step[1] && !isAny)) {
      anchor.current ??= { key: at.key, col: Math.max(firstCol, at.col) };
      const to = stepFrom({ row: current.index, col: current.col }, step);
      extend({ key: to.row ? String(rows[to.row - 1].id) : OPEN_ROW, col: to.col }, false);
    } else if (key === " " && !isOtherButton(board, event.target, at)) {
      if (isShift) toggle(wholeRow(rowIndex(at.key)));
      else if (isCtrl) toggle(wholeDay(Math.max(firstCol, at.col)));
      else toggleAt(at);
    } else if (isCtrl && !isShift && key.toLowerCase() === "a") {
      select(keysIn(board, [0, firstCol], [rows.length, lastCol]));
    } else if (isAny && (key === "Delete" || key === "Backspace")) {
      const action = ["unassign", "delete"].find((name) => actions.some((each) => each.name === name));
      if (action) begin(action);
      else say("Nothing here can be taken away");
    } else if (isAny && isCtrl && key.toLowerCase() === "c") copy();
    else {
      if (step && !isCtrl && !isShift) anchor.current = null;
      return false;
    }
    return true;
  };

  const copy = () => {
    const ofPeople = chosen.filter((each) => !each.isShift);
    const some = ofPeople.length ? ofPeople : chosen;
    copied.current = some;
    say(`Copied ${count(some.length, "shift", "shifts")}. Control with V puts them on another day`);
  };
  /* What was copied goes to a day: those of one person also to another's row. Returns whether there was anything. */
  const paste = (row, day) => {
    const some = copied.current;
    if (!some) return false;
    const ofOne = new Set(some.map((each) => each.rowId)).size === 1;
    const where = { day: days[day].date };
    if (some[0].isShift) send?.({ action: "copy", ids: some.map((each) => each.id), ...where });
    else {
      const to = ofOne && row && row.id !== some[0].rowId ? { employee_id: row.id } : {};
      send?.({ action: "move", ids: some.map((each) => each.id), keep: true, ...where, ...to });
    }
    return true;
  };
  const forgetCopied = () => {
    copied.current = null;
  };

  /* The selection's keys are the grid's; and of its bar the button that was pressed goes with it. */
  const focusGrid = () => {
    if (!grid.current.contains(document.activeElement)) grid.current.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
  };
  const leave = () => {
    clear();
    focusGrid();
  };
  const isActive = isOn && isShown && (isAny || isSelecting);
  useEscape(!held && isActive, clear);
  useEffect(() => {
    if (held && isActive) clear();
  }, [held]);

  return {
    keys: isShown ? keys : NOTHING,
    count: chosen.length,
    isActive,
    isSelecting: isOn && isSelecting,
    actions,
    begin,
    leave,
    onClick: (click) => (event) => {
      if (event.defaultPrevented || !takesClick(event)) click(event);
      else focusGrid();
    },
    onMouseDown,
    onKey,
    onKeyUp,
    paste,
    forgetCopied,
    start: () => setSelecting(true),
  };
}

/* Buttons in the grid that are no shifts: they do what they say, selecting or not. */
function isOtherButton({ shown }, element, at) {
  const button = element.closest("button");
  if (!button || at.key !== OPEN_ROW) return false;
  return at.col === 0 || at.chip >= shown[at.col - 1].shifts.length;
}

/* What can be done with what is selected, each with the words that say what it touches. */
function actionsOf(chosen, days, { canEdit, canFill }) {
  const held = chosen.filter((each) => !each.isShift);
  const shifts = chosen.filter((each) => each.isShift);
  const offer = (name, verb, icon, some, end = "") =>
    some.length > 0 && { name, icon, ids: some.map((each) => each.id), label: `${verb} ${scopeOf(some, days)}${end}` };
  return [
    offer("unassign", "Unassign", "user-x", held),
    offer("move", "Move or copy", "arrow-left-right", held, " …"),
    offer("assign", "Assign", "user-plus", shifts.filter((each) => each.isOpen), " …"),
    canFill && offer("fill", "Fill", "sparkles", shifts, " …"),
    canEdit && offer("copy", "Copy", "copy", shifts, " …"),
    canEdit && offer("delete", "Delete", "trash-2", shifts),
  ].filter(Boolean);
}
