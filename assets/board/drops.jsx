import { useEffect, useRef } from "react";
import { useDragging } from "./dragging.jsx";
import { effectsOf } from "./effects.jsx";
import { OPEN_ROW, placeOf } from "./focus.jsx";
import { draggedTo } from "./resizing.jsx";
import { sayOf } from "./row.jsx";
import { noneThere } from "./shifts.jsx";
import { VERDICT, hours, shiftName } from "./text.jsx";

/* What dropping at a place would do: title, level, reason and effects; null where nothing can be dropped. */
export function describeDrop({ holding, swapOf, rows, days, at }) {
  if (at.resize) {
    const { shift, to } = at.resize;
    const effects = [{ name: "Length", text: `${hours(shift.minutes)} → ${hours(to.minutes)}` }];
    return { title: shift.title, badge: to.label, level: "here", text: `Was ${shift.label}`, effects };
  }
  const { held, heldShift, shiftFor, known } = holding;
  if (!held || !heldShift) return null;
  const title = shiftName(heldShift);
  if (at.key === OPEN_ROW) {
    if (held.kind === "shift") return { title, level: "here", text: "Choose a person below" };
    const places = `${heldShift.staffed}/${heldShift.needed} → ${heldShift.staffed - 1}/${heldShift.needed} places`;
    return { title, level: "ok", text: "Takes the person off", effects: held.counts ? [{ name: "Places", text: places }] : [] };
  }
  const row = rows.find((each) => String(each.id) === at.key);
  if (!row || at.col === 0) return null;
  const day = at.col - 1;
  const isOwnRow = held.kind === "chip" && row.id === held.rowId;
  const badge = at.copy && held.kind === "chip" ? "Copy" : "";
  if (isOwnRow && day === held.day && !badge) return { title, level: "here" };
  const other = at.chip >= 0 ? row.cells[day][at.chip] : null;
  if (other && held.kind === "chip" && !isOwnRow) {
    const words = `Swaps with ${shiftName(other)} of ${row.name}; asks first`;
    const said = swapOf(other);
    const text = [words, said?.text].filter(Boolean).join(". ");
    return { title, badge: "Swap", level: said?.level ?? "wait", text, effects: said?.effects };
  }
  const shift = shiftFor(day);
  if (!shift) {
    const text = held.kind === "chip" ? noneThere(heldShift, days[day]) : `It begins on ${days[held.day].long}`;
    return { title, badge, level: "block", text };
  }
  const entry = known.get(shift.id);
  const isCopyOfOwn = badge && entry?.judged.copy_of === row.id;
  const verdict = isCopyOfOwn ? entry.judged.copy : entry?.verdicts[row.id];
  const said = sayOf(row, day, shift.id, "", Boolean(entry), verdict);
  const effects = said.level === "block" ? [] : effectsOf({ shift, held, heldShift, copy: Boolean(badge), row, rows, judged: entry?.judged, verdict });
  return { title, badge, level: said.level, text: said.text, effects };
}

/* The same for those who hear it. */
export function spoken(drop) {
  const effects = (drop.effects ?? []).map((each) => `${each.name} ${each.text.replace("→", "to")}`);
  return [VERDICT[drop.level].text, drop.text, ...effects].filter(Boolean).join(", ");
}

function findSpot(grid, x, y) {
  const element = document.elementFromPoint(x, y);
  const cell = element?.closest("[data-cell]");
  return cell && grid.contains(cell) ? { ...placeOf(element), cell } : null;
}

/*
 * Dragging, and showing at the pointer what a drop there would do; also while something is picked and not dragged.
 * `partnerAt` gives the chip that a drop would swap with, of which `swaps` says what is known; `quarterPx` tells how wide
 * a quarter of an hour is, where shifts are drawn at their length.
 */
export function useDrops({ grid, scroller, preview, isOn, holding, swaps, clock24h, quarterPx = () => undefined, ...on }) {
  const { rowOf, openShiftAt, shiftAt, partnerAt, onDrop } = on;
  const over = useRef(null);
  const sizing = useRef(null);
  const partner = useRef(null);
  const grade = () => {
    if (partner.current) over.current?.setAttribute("data-level", swaps.swapOf(partner.current)?.level ?? "wait");
  };
  useEffect(grade);
  const mark = (element, other = null) => {
    partner.current = other;
    if (over.current !== element) {
      over.current?.removeAttribute("data-over");
      over.current?.removeAttribute("data-level");
      element?.setAttribute("data-over", "true");
      over.current = element;
    }
    grade();
  };
  const clear = () => {
    mark(null);
    preview.current?.hide();
  };
  const hover = ({ x, y, copy }) => {
    if (sizing.current) {
      const { shift, edge, from } = sizing.current;
      const to = draggedTo(shift, edge, x - from, clock24h, quarterPx());
      preview.current?.follow(x, y, { id: `${shift.id}:${to.label}`, resize: { shift, to } });
      return;
    }
    const spot = findSpot(grid.current, x, y);
    const other = spot && partnerAt(spot);
    if (other) mark(spot.cell.querySelector(`[data-chip="${spot.chip}"]`), other);
    else mark(spot && (spot.col > 0 || spot.key === OPEN_ROW) ? spot.cell : null);
    swaps.aimAt(other);
    if (!spot) {
      preview.current?.hide();
      return;
    }
    const { key, col, chip } = spot;
    preview.current?.follow(x, y, { id: `${key}:${col}:${chip}:${copy}`, key, col, chip, copy });
    if (key !== OPEN_ROW) holding.aim(col - 1);
  };

  const stop = useDragging({
    grid,
    scroller,
    isOn,
    onStart: (element, from) => {
      if (!element?.isConnected) return false;
      const at = placeOf(element);
      const day = at.col - 1;
      if (element.dataset.drag === "resize") {
        const shift = shiftAt(day, at.chip);
        sizing.current = shift ? { shift, edge: element.dataset.edge, from } : null;
        return Boolean(shift);
      }
      if (at.key === OPEN_ROW) {
        const shift = openShiftAt(day, at.chip);
        if (!shift) return false;
        holding.pickShift(shift, day, "drag");
        return true;
      }
      const row = rowOf(at.key);
      const chip = row?.cells[day][at.chip];
      if (!chip) return false;
      holding.pickChip(row, day, chip, "drag");
      return true;
    },
    onMove: hover,
    onEnd: ({ x, y, copy, isCancelled }) => {
      clear();
      if (sizing.current) {
        const { shift, edge, from } = sizing.current;
        sizing.current = null;
        if (!isCancelled) holding.resize(shift, draggedTo(shift, edge, x - from, clock24h, quarterPx()));
        return;
      }
      if (!holding.held) return;
      const spot = isCancelled ? null : findSpot(grid.current, x, y);
      if (spot) onDrop(spot, copy);
      else holding.putBack();
    },
  });
  return { hover, clear, stop };
}
