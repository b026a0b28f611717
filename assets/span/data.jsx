import { useMemo } from "react";

const NONE = [];

/* Every shift in full, per day. What many have in common was sent once. */
export function useSpanShifts(shifts, patterns) {
  return useMemo(
    () => shifts.map((day) => day.map(([id, of, needed, staffed]) => ({ ...patterns[of], id, needed, staffed }))),
    [shifts, patterns],
  );
}

/* The rows as the week's board has them: cells by day, with chips. A row that is the same stays the same. */
export function useSpanRows(rows, days, statuses) {
  const known = useMemo(() => {
    const byId = new Map();
    days.forEach((shifts, day) => shifts.forEach((shift) => byId.set(shift.id, { shift, day })));
    return { byId, done: new WeakMap() };
  }, [days]);
  return useMemo(
    () =>
      rows.map((row) => {
        const before = known.done.get(row);
        if (before) return before;
        const { held, ...person } = row;
        const cells = Array.from(days, () => NONE);
        for (const [id, shiftId, status, warn = 0] of held) {
          const { shift, day } = known.byId.get(shiftId);
          const chip = { id, shift: shiftId, label: shift.label, title: shift.title, kind: shift.kind, status: statuses[status], warn };
          cells[day] = [...cells[day], chip];
        }
        const whole = { ...person, cells };
        known.done.set(row, whole);
        return whole;
      }),
    [rows, days, known, statuses],
  );
}

/* "07:00–15:00" as "7–15", "10:00 PM–6:30 AM +1" as "10p–6:30a": where a day has the width of a word. */
export function shortTimes(label) {
  return label
    .split(/ \+|,/)[0]
    .replace(/\b0?(\d{1,2}):(\d\d)(?: ([AP])M)?/g, (_all, hour, minute, half) =>
      [hour, minute === "00" ? "" : `:${minute}`, half?.toLowerCase()].join(""),
    );
}
