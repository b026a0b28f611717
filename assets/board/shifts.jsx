import { isWorked, shiftName } from "./text.jsx";

export function holds(row, day, shiftId) {
  return row.cells[day].some((chip) => chip.shift === shiftId && isWorked(chip));
}

/* Every shift of the week by its number, with the day it begins on. */
export function byNumber(open, full) {
  const all = new Map();
  open.forEach((shifts, day) => [...shifts, ...full[day]].forEach((shift) => all.set(shift.id, { shift, day })));
  return all;
}

/* The shift of another day that a shift stands for there: same department, kind and times, of several the emptiest. */
export function likeOn(all, shift, day) {
  let found = null;
  for (const each of all.values()) {
    const other = each.shift;
    const isLike =
      each.day === day &&
      other.department === shift.department &&
      other.kind === shift.kind &&
      other.start === shift.start &&
      other.end === shift.end;
    if (isLike && (!found || other.staffed - other.needed < found.staffed - found.needed)) found = other;
  }
  return found;
}

export function noneThere(shift, day) {
  return `There is no ${shiftName(shift)} on ${day.long.split(" ")[0]}`;
}
