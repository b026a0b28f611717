import { count } from "./text.jsx";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

const read = (date) => {
  const day = new Date(`${date}T00:00:00Z`);
  return { day: day.getUTCDate(), month: MONTHS[day.getUTCMonth()], weekday: WEEKDAYS[day.getUTCDay()] };
};

/* "Mon 23 Nov", "3–9 Jun", "30 Nov – 6 Dec"; the server says the same. */
function daysLabel(first, last) {
  const [from, to] = [read(first), read(last)];
  const end = `${to.day} ${to.month}`;
  if (first === last) return `${from.weekday} ${end}`;
  return from.month === to.month ? `${from.day}–${end}` : `${from.day} ${from.month} – ${end}`;
}

/* How far something reaches: "12 shifts, Kitchen, 3–9 Jun". */
export function scopeOf(some, days) {
  const departments = new Set(some.map((each) => each.department));
  const [department] = departments.size === 1 ? departments : [""];
  const on = some.map((each) => each.day);
  const where = daysLabel(days[Math.min(...on)].date, days[Math.max(...on)].date);
  return [count(some.length, "shift", "shifts"), department, where].filter(Boolean).join(", ");
}
