export const STATUS = {
  assigned: { text: "planned", icon: null, tone: "muted" },
  pending: { text: "not answered yet", icon: "clock", tone: "muted" },
  confirmed: { text: "confirmed", icon: "check", tone: "ok" },
  declined: { text: "declined", icon: "x", tone: "danger" },
  completed: { text: "done", icon: "check-check", tone: "ok" },
};

export const VERDICT = {
  ok: { icon: "circle-check", text: "Can take it" },
  warn: { icon: "triangle-alert", text: "Breaks a soft rule" },
  block: { icon: "ban", text: "Not possible" },
  wait: { icon: "loader-circle", text: "Checking the rules" },
  here: { icon: "info", text: "It is here now" },
  swap: { icon: "arrow-left-right", text: "Swap the two, asks first" },
};

export function hours(minutes, unit = " h") {
  const whole = Math.trunc(minutes / 60);
  const rest = minutes % 60;
  return `${whole}${rest ? `:${String(rest).padStart(2, "0")}` : ""}${unit}`;
}

export function money(cents, currency, options) {
  return new Intl.NumberFormat("en-GB", { style: "currency", currency, ...options }).format(cents / 100);
}

/* Where there is little room. */
export const roughly = (cents, currency) => money(cents, currency, { maximumFractionDigits: 0 });

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
