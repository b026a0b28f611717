import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { byNumber, holds, likeOn, noneThere } from "./shifts.jsx";
import { count, isWorked, shiftName } from "./text.jsx";

const NO_ANSWER_MS = 20000;
const DWELL_MS = 60;
/* Where the rows that are drawn are told of first: of how many there must be, and how soon the others follow. */
const MANY_ROWS = 60;
const MOST_FIRST = 200;
const OTHERS_MS = 400;
const WAITING = { level: "wait", text: "", cents: null };
const NONE = new Map();

/* Numbers of gestures: never one of before the page was loaded anew, for the server may still hold its answer. */
let lastKey = Math.floor(performance.timeOrigin / 1000) % 1000000 * 1000;

/* The people whose rows are drawn, in whichever view. */
const drawn = () => [...document.querySelectorAll('.board [data-cell$=":0"]')].map((each) => parseInt(each.dataset.cell, 10)).filter(Boolean);

const chipOf = (byId, held) => byId.get(held.rowId)?.cells[held.day].find((chip) => chip.id === held.chipId);

/*
 * The one thing that is held: an open shift (`kind` "shift") or somebody's (`kind` "chip"), picked up or dragged; and
 * what was done and is not confirmed by the server's rows yet.
 */
export function useHolding({ open, full, days, rows, verdicts, judged, answer, say, warn, send }) {
  const [held, setHeld] = useState(null);
  const [aimed, setAimed] = useState(-1);
  const [sent, setSent] = useState([]);
  const [known, setKnown] = useState(NONE);
  const byId = useMemo(() => new Map(rows.map((row) => [row.id, row])), [rows]);
  const all = useMemo(() => byNumber(open, full), [open, full]);

  const heldShift = held ? (all.get(held.shiftId)?.shift ?? null) : null;
  const chip = held?.kind === "chip" ? chipOf(byId, held) : null;
  const shiftFor = (day) => {
    if (!heldShift || day < 0) return null;
    if (day === held.day) return heldShift;
    return held.kind === "chip" ? likeOn(all, heldShift, day) : null;
  };
  const targetDay = held ? (held.kind === "shift" ? held.day : aimed) : -1;
  const target = shiftFor(targetDay);
  const found = target ? known.get(target.id) : undefined;

  /* The server's verdicts arrive one shift at a time; those of days looked at before stay until they are told anew. */
  useEffect(() => {
    if (!judged?.shift_id || !held || (held.kind === "chip" ? held.chipId : 0) !== judged.assignment_id) return;
    const others = judged.is_part ? Object.fromEntries(rows.map((row) => [row.id, WAITING])) : {};
    setKnown((old) => new Map(old).set(judged.shift_id, { verdicts: { ...others, ...verdicts }, judged }));
  }, [verdicts, judged, held]);

  const asking = useRef(0);
  const ask = (what, shift, wait = 0, isWhole = false) => {
    clearTimeout(asking.current);
    if (!shift) return;
    const payload = { shift_id: shift.id };
    if (what.kind === "chip") payload.assignment_id = what.chipId;
    asking.current = setTimeout(() => {
      const first = rows.length > MANY_ROWS && !isWhole ? drawn() : [];
      send.pick?.(first.length && first.length <= MOST_FIRST ? { ...payload, people: first } : payload);
    }, wait);
  };
  useEffect(() => () => clearTimeout(asking.current), []);
  useEffect(() => {
    if (held && target && found?.judged.is_part) ask(held, target, OTHERS_MS, true);
  }, [found]);

  const take = (what) => {
    setHeld(what);
    setAimed(what.day);
    setKnown(NONE);
    ask(what, all.get(what.shiftId)?.shift);
  };
  const letGo = () => {
    clearTimeout(asking.current);
    setHeld(null);
    setAimed(-1);
    send.unpick?.({});
  };
  const aim = (day) => {
    if (held?.kind !== "chip" || day < 0 || day === aimed) return;
    setAimed(day);
    ask(held, shiftFor(day), DWELL_MS);
  };

  const { saving, leaving, relabelled, placesLeft } = useSent({ sent, setSent, byId, answer, say });

  /* Others go on working: what is held may be filled, moved, answered or removed by them. */
  const isGone =
    held !== null &&
    (held.kind === "shift" ? !heldShift || heldShift.staffed >= heldShift.needed : !chip || chip.v !== held.v);
  useEffect(() => {
    if (!isGone) return;
    const words =
      held.kind === "shift"
        ? "That shift has no open place any more"
        : `${held.name} was ${chip ? "changed" : "moved or taken away"} by somebody else meanwhile`;
    letGo();
    if (held.kind === "shift") say(words);
    else warn(words);
  });

  const pickShift = (shift, day, how = "pick") => {
    take({ kind: "shift", shiftId: shift.id, day, how, name: shiftName(shift) });
    if (how === "pick") say(`Picked up ${shiftName(shift)}, ${days[day].long}. Choose a person in this column, Escape puts it back`);
  };
  const pickChip = (row, day, which, how = "pick") => {
    const name = `${shiftName(which)} of ${row.name}`;
    const counts = isWorked(which);
    take({ kind: "chip", shiftId: which.shift, chipId: which.id, v: which.v, rowId: row.id, day, how, name, counts });
    say(`Picked up ${name}, ${days[day].long}. Choose a person or a day, Escape puts it back`);
  };
  const putBack = () => {
    letGo();
    say("Put back");
  };

  const begin = (entry) => {
    lastKey += 1;
    setSent((old) => [...old, { key: lastKey, at: Date.now(), add: [], leave: [], ...entry }]);
    return lastKey;
  };
  const handle = (name, payload, entry = {}) => send[name]?.({ ...payload, key: begin(entry) });

  const verdictOf = (row, shift) => (shift ? known.get(shift.id)?.verdicts[row.id] : undefined);

  const place = (row, shift, day) => {
    // A warning or a block comes back as a question or a reason: only what should succeed is shown at once.
    const isLikely = !["warn", "block"].includes(verdictOf(row, shift)?.level);
    handle("place", { shift_id: shift.id, employee_id: row.id }, isLikely ? { add: [{ shift, day, employeeId: row.id }] } : {});
    if (!isLikely) return;
    const left = placesLeft(shift) - 1;
    say(`${shiftName(shift)} given to ${row.name}. ${left > 0 ? `${count(left, "place", "places")} left` : "All places filled"}`);
    if (left <= 0 && held?.how === "pick") letGo();
  };

  const move = (from, row, shift, day, copy) => {
    const isLikely = copy || !["warn", "block"].includes(verdictOf(row, shift)?.level);
    const leave = copy ? [] : [{ employeeId: from.rowId, chipId: from.chipId, shiftId: from.shiftId }];
    const payload = { assignment_id: from.chipId, version: from.v, shift_id: shift.id, employee_id: row.id, keep: copy };
    handle("move", payload, isLikely ? { add: [{ shift, day, employeeId: row.id }], leave } : {});
    if (isLikely) say(`${shiftName(shift)} ${copy ? "copied" : "moved"} to ${row.name}, ${days[day].long}`);
  };

  const unassign = (row, day, which) => {
    const leave = [{ employeeId: row.id, chipId: which.id, shiftId: which.shift }];
    handle("unassign", { assignment_id: which.id, version: which.v }, { leave });
    say(`${row.name} taken off ${shiftName(which)}, ${days[day].long}`);
  };

  const resize = (shift, to) => {
    if (to.start === shift.start && to.end === shift.end) return;
    const payload = { shift_id: shift.id, version: shift.v, start: to.start, end: to.end };
    handle("resize", payload, { relabel: { shiftId: shift.id, label: to.label } });
    say(`${shift.title} now ${to.label}`);
  };

  /* Puts what is held on a person's day; returns whether there was anything to do. */
  const dropOn = (row, day, copy) => {
    const shift = shiftFor(day);
    const isHere = held.kind === "chip" && row.id === held.rowId && day === held.day;
    if (isHere) {
      putBack();
      return false;
    }
    if (!shift) {
      warn(held.kind === "chip" ? noneThere(heldShift, days[day]) : `${held.name} begins on ${days[held.day].long}`);
      if (held.how === "drag") letGo();
      return false;
    }
    if (holds(row, day, shift.id)) {
      warn(`${row.name} already has this shift`);
      if (held.how === "drag") letGo();
      return false;
    }
    // Let go first: of what is still held the server would judge everybody anew before it answers.
    if (held.how === "drag" || held.kind === "chip") letGo();
    if (held.kind === "shift") place(row, shift, day);
    else move(held, row, shift, day, copy);
    return true;
  };
  const dropOnChip = (other) => {
    letGo();
    send.swap?.({ assignment_id: held.chipId, other_assignment_id: other.id });
  };
  const dropOnOpen = () => {
    letGo();
    if (chip) unassign(byId.get(held.rowId), held.day, chip);
  };

  const picked = held && heldShift && held.how === "pick" ? { ...held, shift: heldShift } : null;
  return {
    held,
    heldShift,
    picked,
    targetDay,
    target,
    known,
    found,
    saving,
    leaving,
    all,
    placesLeft,
    shiftFor,
    aim,
    pickShift,
    pickChip,
    putBack,
    letGo,
    dropOn,
    dropOnChip,
    dropOnOpen,
    move,
    unassign,
    resize,
    relabelled,
  };
}

/* What was sent and not answered: drawn as if it were done, and taken back when it was refused. */
function useSent({ sent, setSent, byId, answer, say }) {
  const saving = useMemo(() => {
    const byPerson = new Map();
    for (const { add } of sent) {
      for (const entry of add) {
        const row = byId.get(entry.employeeId);
        if (!row || holds(row, entry.day, entry.shift.id)) continue;
        byPerson.set(entry.employeeId, [...(byPerson.get(entry.employeeId) ?? []), entry]);
      }
    }
    return byPerson;
  }, [sent, byId]);

  const leaving = useMemo(() => {
    const byPerson = new Map();
    for (const { leave } of sent) {
      for (const { employeeId, chipId } of leave) {
        byPerson.set(employeeId, [...(byPerson.get(employeeId) ?? []), chipId]);
      }
    }
    return byPerson;
  }, [sent]);

  const relabelled = useMemo(
    () => new Map(sent.filter((each) => each.relabel).map(({ relabel }) => [relabel.shiftId, relabel.label])),
    [sent],
  );

  const placesLeft = useCallback(
    (shift) => {
      let waiting = 0;
      for (const entries of saving.values()) waiting += entries.filter((entry) => entry.shift.id === shift.id).length;
      for (const { leave } of sent) {
        for (const { employeeId, chipId, shiftId } of leave) {
          const isThere = byId.get(employeeId)?.cells.some((cell) => cell.some((chip) => chip.id === chipId));
          if (shiftId === shift.id && isThere) waiting -= 1;
        }
      }
      return Math.max(0, shift.needed - shift.staffed - waiting);
    },
    [saving, sent, byId],
  );

  useEffect(() => {
    if (answer?.key) setSent((old) => (old.some((each) => each.key <= answer.key) ? old.filter((each) => each.key > answer.key) : old));
  }, [answer, setSent]);

  useEffect(() => {
    const waiting = sent.filter((each) => each.add.length || each.leave.length || each.relabel);
    if (!waiting.length) return undefined;
    const oldest = Math.min(...waiting.map((each) => each.at));
    const timer = setTimeout(
      () => {
        setSent((old) => old.filter((each) => Date.now() - each.at < NO_ANSWER_MS));
        say("No answer from the server yet. Check the board before trying again");
      },
      Math.max(0, oldest + NO_ANSWER_MS - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [sent, setSent, say]);

  return { saving, leaving, relabelled, placesLeft };
}
