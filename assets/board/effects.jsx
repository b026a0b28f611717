import { hours, money } from "./text.jsx";

/* What the site works in a week, shared out by contract; who has none is given what everybody works on average. */
export function fairShare(rows, row) {
  const worked = rows.reduce((sum, each) => sum + each.minutes, 0);
  if (!row.target) return worked / Math.max(1, rows.length);
  const contracted = rows.filter((each) => each.target);
  const share = contracted.reduce((sum, each) => sum + each.minutes, 0);
  return (row.target * share) / contracted.reduce((sum, each) => sum + each.target, 0);
}

function beside(minutes) {
  const rounded = Math.round(minutes / 15) * 15;
  if (!rounded) return "at";
  return `${hours(Math.abs(rounded))} ${rounded > 0 ? "over" : "under"}`;
}

/* What putting a shift there would change, in words: places, hours, cost, fairness. `held` is what is taken away. */
export function effectsOf({ shift, held, heldShift, copy, row, rows, judged, verdict }) {
  const isMove = held.kind === "chip" && !copy;
  const isSameShift = isMove && heldShift.id === shift.id;
  const effects = [];
  const places = (each, change) => `${each.staffed}/${each.needed} → ${each.staffed + change}/${each.needed} places`;
  if (isSameShift) effects.push({ name: "Places", text: `${shift.staffed}/${shift.needed} as before` });
  else effects.push({ name: "Places", text: places(shift, 1) });
  if (isMove && !isSameShift) effects.push({ name: "Where it was", text: places(heldShift, -1) });

  const isOwn = isMove && held.rowId === row.id;
  const before = row.minutes;
  const after = before + shift.minutes - (isOwn && held.counts ? heldShift.minutes : 0);
  const ofTarget = row.target ? ` of ${hours(row.target)}` : "";
  effects.push({ name: "Hours", text: `${hours(before)} → ${hours(after)}${ofTarget}`, isBad: row.target > 0 && after > row.target });

  if (judged && verdict?.cents != null) {
    const saved = isMove && held.counts ? (judged.moved_cents ?? 0) : 0;
    effects.push({ name: "Cost", text: money(verdict.cents - saved, judged.currency, { signDisplay: "exceptZero" }) });
  }
  const fair = fairShare(rows, row);
  effects.push({ name: "Fair share", text: `${beside(before - fair)} → ${beside(after - fair)}` });
  return effects;
}
