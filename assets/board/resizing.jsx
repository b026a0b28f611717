import { clockSpan } from "./text.jsx";

const STEP_PX = 8;
const STEP = 15;
const DAY = 24 * 60;

const minutesOf = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const timeOf = (minutes) => [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");

/* Other wall times of a shift, one of its edges moved by so many quarters of an hour; 15 minutes to 23 h 45 long. */
export function resized(shift, edge, steps, clock24h) {
  const start = minutesOf(shift.start);
  const length = (minutesOf(shift.end) - start + DAY) % DAY || DAY;
  const by = steps * STEP;
  const from = edge === "start" ? Math.max(0, Math.min(start + by, start + length - STEP, DAY - STEP)) : start;
  const wanted = edge === "start" ? start + length - from : length + by;
  const long = Math.max(STEP, Math.min(wanted, DAY - STEP));
  const end = (from + long) % DAY;
  const label = clockSpan(timeOf(from), timeOf(end), from + long >= DAY ? 1 : 0, clock24h);
  return { start: timeOf(from), end: timeOf(end), label, minutes: long };
}

/* The same by how far the pointer went. */
export function draggedTo(shift, edge, pixels, clock24h, stepPx = STEP_PX) {
  return resized(shift, edge, Math.round(pixels / stepPx), clock24h);
}
