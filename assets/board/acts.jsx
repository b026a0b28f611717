import { OPEN_ROW, placeOf } from "./focus.jsx";

/*
 * What a click, Enter or a drop does at a place as `placeOf` gives it. `open` is {canToggle, isExpanded, setExpanded};
 * `aimed` tells at which day's column something held is put down, where that is not the one pointed at.
 */
export function useActs({ holding, rows, shown, days, open, aimed = (at) => at, canAssign, canOpen, markOwn, ...on }) {
  const { onOpenCell, onOpenShift, onOpenAssignment } = on;
  const { held, targetDay } = holding;
  const isMoving = held?.kind === "chip";
  const rowOf = (key) => rows.find((row) => String(row.id) === key);
  const shiftAt = (day, position) => shown[day].shifts[position];
  const openShiftAt = (day, position) => {
    const shift = shiftAt(day, position);
    return shift && shift.staffed < shift.needed ? shift : null;
  };
  const chipAt = (at) => (at.col > 0 && at.chip >= 0 ? rowOf(at.key)?.cells[at.col - 1][at.chip] : null);

  /* Somebody else's shift, which what is held would be swapped with there. */
  const partnerAt = (where) => {
    const at = isMoving ? aimed(where) : null;
    const chip = at && chipAt(at);
    return chip && rowOf(at.key).id !== held.rowId ? chip : null;
  };

  const drop = (where, copy) => {
    const at = aimed(where);
    if (at.key === OPEN_ROW) {
      if (isMoving) {
        markOwn(held.rowId);
        holding.dropOnOpen();
      } else holding.putBack();
      return;
    }
    const row = rowOf(at.key);
    if (!row || at.col === 0) {
      holding.putBack();
      return;
    }
    const other = partnerAt(where);
    markOwn(row.id);
    if (isMoving) markOwn(held.rowId);
    if (other) holding.dropOnChip(other);
    else holding.dropOn(row, at.col - 1, copy);
  };

  const activateOpen = ({ col, chip }) => {
    if (col === 0) {
      if (open.canToggle) open.setExpanded(!open.isExpanded);
      return;
    }
    const cell = shown[col - 1];
    const shift = cell.shifts[chip];
    if (chip >= 0 && chip === cell.shifts.length) open.setExpanded(true);
    else if (!shift || !canAssign) return;
    else if (shift.staffed >= shift.needed) onOpenShift?.({ shift_id: shift.id });
    else if (held?.kind === "shift" && shift.id === held.shiftId) holding.putBack();
    else holding.pickShift(shift, col - 1);
  };

  const activate = (at, copy = false) => {
    const isToggle = at.key === OPEN_ROW && at.col === 0;
    if (at.key === OPEN_ROW && !(isMoving && !isToggle)) {
      activateOpen(at);
      return;
    }
    if (isMoving || (held && aimed(at).col - 1 === targetDay)) {
      drop(at, copy);
      return;
    }
    const row = rowOf(at.key);
    if (!row || at.col === 0) return;
    const chip = chipAt(at);
    if (chip && canAssign) holding.pickChip(row, at.col - 1, chip);
    else if (chip && canOpen) onOpenAssignment?.({ assignment_id: chip.id });
    else if (!chip && canAssign) onOpenCell?.({ employee_id: row.id, date: days[at.col - 1].date });
  };

  const click = (event) => {
    const at = placeOf(event.target);
    if (!at || event.defaultPrevented || event.target.closest("[data-saving]")) return;
    const chip = chipAt(at);
    if (event.detail === 2 && chip && canOpen && (!held || held.chipId === chip.id)) {
      if (held) holding.letGo();
      onOpenAssignment?.({ assignment_id: chip.id });
    } else if (event.detail < 2 || held) activate(at, event.ctrlKey || event.altKey || event.metaKey);
  };

  return { rowOf, shiftAt, openShiftAt, partnerAt, drop, activate, click };
}
