import { useCallback, useEffect, useMemo, useState } from "react";
import { count, shiftName } from "./text.jsx";

const NO_ANSWER_MS = 20000;

export function holds(row, day, shiftId) {
  return row.cells[day].some((chip) => chip.shift === shiftId && chip.status !== "declined");
}

function find(open, shiftId) {
  for (let day = 0; day < open.length; day += 1) {
    const shift = open[day].find((candidate) => candidate.id === shiftId);
    if (shift) return { shift, day };
  }
  return null;
}

/* What is picked up, and what has been put down but is not confirmed by the server's rows yet. */
export function usePlacing({ open, days, rows, verdicts, refusal, say, onPick, onUnpick, onPlace }) {
  const [pickedId, setPickedId] = useState(0);
  const [sent, setSent] = useState([]);
  const byId = useMemo(() => new Map(rows.map((row) => [row.id, row])), [rows]);
  const picked = useMemo(() => (pickedId ? find(open, pickedId) : null), [open, pickedId]);

  const saving = useMemo(() => {
    const byPerson = new Map();
    for (const entry of sent) {
      const row = byId.get(entry.employeeId);
      if (!row || holds(row, entry.day, entry.shift.id)) continue;
      byPerson.set(entry.employeeId, [...(byPerson.get(entry.employeeId) ?? []), entry]);
    }
    return byPerson;
  }, [sent, byId]);

  const placesLeft = useCallback(
    (shift) => {
      let waiting = 0;
      for (const entries of saving.values()) waiting += entries.filter((entry) => entry.shift.id === shift.id).length;
      return Math.max(0, shift.needed - shift.staffed - waiting);
    },
    [saving],
  );

  useEffect(() => {
    const settled = (entry) => {
      const row = byId.get(entry.employeeId);
      return !row || holds(row, entry.day, entry.shift.id);
    };
    setSent((old) => (old.some(settled) ? old.filter((entry) => !settled(entry)) : old));
  }, [byId]);

  useEffect(() => {
    if (!refusal?.nonce) return;
    const refused = (entry) => entry.shift.id === refusal.shift_id && entry.employeeId === refusal.employee_id;
    setSent((old) => (old.some(refused) ? old.filter((entry) => !refused(entry)) : old));
  }, [refusal?.nonce, refusal?.shift_id, refusal?.employee_id]);

  useEffect(() => {
    if (!sent.length) return undefined;
    const oldest = Math.min(...sent.map((entry) => entry.at));
    const timer = setTimeout(
      () => {
        const late = (entry) => Date.now() - entry.at >= NO_ANSWER_MS;
        setSent((old) => old.filter((entry) => !late(entry)));
        say("No answer from the server yet. Check the board before trying again");
      },
      Math.max(0, oldest + NO_ANSWER_MS - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [sent, say]);

  const isGone = pickedId !== 0 && picked === null;
  useEffect(() => {
    if (!isGone) return;
    setPickedId(0);
    onUnpick?.({});
    say("That shift has no open place any more");
  }, [isGone, onUnpick, say]);

  const pick = (shift, day) => {
    setPickedId(shift.id);
    onPick?.({ shift_id: shift.id });
    say(`Picked up ${shiftName(shift)}, ${days[day].long}. Choose a person in this column, Escape puts it back`);
  };

  const putBack = () => {
    setPickedId(0);
    onUnpick?.({});
    say("Put back");
  };

  const place = (row) => {
    const { shift, day } = picked;
    if (holds(row, day, shift.id)) {
      say(`${row.name} already has this shift`);
      return;
    }
    onPlace?.({ shift_id: shift.id, employee_id: row.id });
    // A warning or a block comes back as a question or a reason: only what should succeed is shown at once.
    const level = verdicts?.[row.id]?.level;
    if (level === "warn" || level === "block") return;
    setSent((old) => [...old, { shift, day, employeeId: row.id, at: Date.now() }]);
    const left = placesLeft(shift) - 1;
    say(`${shiftName(shift)} given to ${row.name}. ${left > 0 ? `${count(left, "place", "places")} left` : "All places filled"}`);
    if (left <= 0) setPickedId(0);
  };

  return { picked, saving, placesLeft, pick, putBack, place };
}
