import { useRef } from "react";
import { OPEN_ROW, placeOf } from "./focus.jsx";
import { resized } from "./resizing.jsx";
import { holds, likeOn, noneThere } from "./shifts.jsx";
import { shiftName } from "./text.jsx";

/* What the keys do on the grid besides moving about it. */
export function useKeys(board) {
  const copied = useRef(null);
  const { roving, rows, shown, days, canAssign, canOpen, canResize, clock24h, holding, activate, markOwn, say, warn } = board;

  const copy = (row, chip) => {
    board.selection?.forgetCopied();
    copied.current = { rowId: row.id, chipId: chip.id };
    say(`Copied ${shiftName(chip)} of ${row.name}. Control with V puts it on a person's day`);
  };

  /* What was copied may be gone or another version by now: the row tells. */
  const paste = (row, day) => {
    if (board.selection?.paste(row, day)) return;
    const from = copied.current;
    if (!from || !row) {
      say("Nothing was copied");
      return;
    }
    const source = board.everyone.find((each) => each.id === from.rowId);
    const dayBefore = source ? source.cells.findIndex((cell) => cell.some((chip) => chip.id === from.chipId)) : -1;
    const chip = dayBefore < 0 ? null : source.cells[dayBefore].find((each) => each.id === from.chipId);
    const shift = chip && holding.all.get(chip.shift)?.shift;
    if (!shift) {
      copied.current = null;
      warn("What was copied is not there any more");
      return;
    }
    const there = day === dayBefore ? shift : likeOn(holding.all, shift, day);
    if (!there) warn(noneThere(shift, days[day]));
    else if (holds(row, day, there.id)) warn(`${row.name} already has this shift`);
    else {
      markOwn(row.id);
      const held = { chipId: chip.id, v: chip.v, rowId: source.id, shiftId: chip.shift };
      holding.move(held, row, there, day, true);
    }
  };

  return (event) => {
    const at = placeOf(event.target);
    if (!at || event.defaultPrevented) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const resizable = canResize && at.key === OPEN_ROW && at.col > 0 ? shown[at.col - 1].shifts[at.chip] : null;
    const where = { at, current: roving.current, stepFrom: roving.stepFrom, isSizing: Boolean(resizable) };
    if (canAssign && !holding.held && board.selection?.onKey(event, where)) {
      event.preventDefault();
      return;
    }
    if (step && event.shiftKey && resizable) {
      event.preventDefault();
      holding.resize(resizable, resized(resizable, "end", step, clock24h));
      return;
    }
    if (roving.move(event)) return;
    const { key } = event;
    const isCtrl = event.ctrlKey || event.metaKey;
    const { current } = roving;
    const row = current.index > 0 ? rows[current.index - 1] : null;
    const chip = row && at.col > 0 && at.chip >= 0 ? row.cells[at.col - 1][at.chip] : null;
    const openShift = at.key === OPEN_ROW && at.col > 0 ? shown[at.col - 1].shifts[at.chip] : null;
    const isButton = event.target.tagName === "BUTTON";
    if (key === "Enter" && event.shiftKey && openShift && canAssign) board.onOpenShift?.({ shift_id: openShift.id });
    else if (key === "Enter" && event.shiftKey && chip && canOpen) board.onOpenAssignment?.({ assignment_id: chip.id });
    else if ((key === "Enter" || key === " ") && (!isButton || holding.held)) activate(at, isCtrl || event.altKey);
    else if (isCtrl && key.toLowerCase() === "c" && chip && canAssign) copy(row, chip);
    else if (isCtrl && key.toLowerCase() === "v" && at.col > 0 && canAssign) paste(row, at.col - 1);
    else if ((key === "Delete" || key === "Backspace") && chip && canAssign && !holding.held) {
      markOwn(row.id);
      holding.unassign(row, at.col - 1, chip);
    } else if ((key === "+" || key === "Insert") && row && at.col > 0 && canAssign) {
      board.onOpenCell?.({ employee_id: row.id, date: days[at.col - 1].date });
    } else return;
    event.preventDefault();
  };
}
