export const STATUS = {
  assigned: { text: "planned", icon: null, tone: "muted" },
  pending: { text: "not answered yet", icon: "clock", tone: "muted" },
  confirmed: { text: "confirmed", icon: "check", tone: "ok" },
  declined: { text: "declined", icon: "x", tone: "danger" },
  expired: { text: "no answer in time", icon: "circle-x", tone: "danger" },
  completed: { text: "done", icon: "check-check", tone: "ok" },
};

/* Whether somebody works the shift, or did not want it or answer in time. */
export const isWorked = (chip) => chip.status !== "declined" && chip.status !== "expired";

export const VERDICT = {
  ok: { icon: "circle-check", text: "Can take it" },
  warn: { icon: "triangle-alert", text: "Breaks a soft rule" },
  block: { icon: "ban", text: "Not possible" },
  wait: { icon: "loader-circle", text: "Checking the rules" },
  here: { icon: "info", text: "It is here now" },
};

export function hours(minutes, unit = " h") {
  const whole = Math.trunc(minutes / 60);
  const rest = minutes % 60;
  return `${whole}${rest ? `:${String(rest).padStart(2, "0")}` : ""}${unit}`;
}

/* Making one costs more than a row of the board. */
const moneyFormats = new Map();

/* No cents where there are none; `money_label` of the server writes the same. */
export function money(cents, currency, more = {}) {
  const options = { minimumFractionDigits: cents % 100 ? 2 : 0, maximumFractionDigits: 2, ...more };
  const key = `${currency} ${JSON.stringify(options)}`;
  if (!moneyFormats.has(key)) moneyFormats.set(key, new Intl.NumberFormat("en-GB", { style: "currency", currency, ...options }));
  return moneyFormats.get(key).format(cents / 100);
}

/* Where there is little room. */
export const roughly = (cents, currency) => money(cents, currency, { minimumFractionDigits: 0, maximumFractionDigits: 0 });

/* A wall time of "HH:MM" as the site's clock shows it: "22:00", "10:00 PM". */
export function clockTime(time, clock24h) {
  if (clock24h) return time;
  const hour = Number(time.slice(0, 2));
  return `${hour % 12 || 12}${time.slice(2)}\u00a0${hour < 12 ? "AM" : "PM"}`;
}

/* The same by minutes after midnight. */
export function clockAt(minutes, clock24h) {
  const parts = [Math.floor(minutes / 60) % 24, minutes % 60];
  return clockTime(parts.map((part) => String(part).padStart(2, "0")).join(":"), clock24h);
}

export function clockSpan(start, end, daysLater, clock24h) {
  return `${clockTime(start, clock24h)}–${clockTime(end, clock24h)}${daysLater ? ` +${daysLater}` : ""}`;
}

/* Times where there is little room: "10p–6a +1" for "10:00 PM–6:00 AM +1". The full ones belong into the title. */
export const brief = (label) => label.replace(/(?::00)?\u00a0([AP])M/g, (_, half) => half.toLowerCase());

export function shiftName(shift) {
  return shift.title ? `${shift.title} ${shift.label}` : shift.label;
}

export function count(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}

const MARKS = /[\u0300-\u036f]/g;
const LETTERS = { ł: "l", ø: "o", đ: "d", ß: "ss", æ: "ae", œ: "oe", ı: "i" };

/* For searching: without case and accents. */
export function plain(text) {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(MARKS, "")
    .replace(/[łøđßæœı]/g, (letter) => LETTERS[letter]);
}
