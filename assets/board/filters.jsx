import { useCallback, useDeferredValue, useEffect, useMemo, useState } from "react";
import { isWorked, plain } from "./text.jsx";
import { SPAN_NAMES, WEEK_VIEW_NAMES } from "./views.jsx";

const FIELDS = ["q", "department", "qualification", "status"];
const KEPT = [...FIELDS, "view", "day", "hour", "beside"];
const OF_A_DAY = ["day", "hour"];
const NOTHING = { q: "", department: "", qualification: "", status: "" };
const LONGEST = 100;

const chipsOf = (row) => row.cells.flat();
const has = (status) => (row) => chipsOf(row).some((chip) => chip.status === status);

/* Those for planners alone tell by what others are not sent. */
export const STATUSES = {
  unanswered: { text: "Not answered", test: has("pending") },
  declined: { text: "Declined", test: has("declined"), isPlanners: true },
  missed: { text: "No answer in time", test: has("expired"), isPlanners: true },
  over: { text: "Over contract", test: (row) => row.target !== null && row.minutes > row.target, isPlanners: true },
  warned: { text: "Rule warning", test: (row) => chipsOf(row).some((chip) => chip.warn > 0), isPlanners: true },
  free: { text: "No shifts", test: (row) => !chipsOf(row).some(isWorked) },
  open: { text: "Department with open shifts", test: (row, short) => short.has(row.department) },
};

function inAddress() {
  const parameters = new URLSearchParams(location.search);
  return Object.fromEntries(KEPT.map((name) => [name, (parameters.get(name) ?? "").trim().slice(0, LONGEST)]));
}

function toAddress(filters) {
  const address = new URL(location.href);
  for (const name of KEPT) {
    if (filters[name] && (filters.view === "day" || !OF_A_DAY.includes(name))) address.searchParams.set(name, filters[name]);
    else address.searchParams.delete(name);
  }
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

/* What another week is asked, of the same site. */
export function rememberFor(filters) {
  last = { site: sitePath(), filters };
}

const isAny = (filters) => FIELDS.some((name) => filters[name]);
const sitePath = () => location.pathname.split("/").slice(0, 3).join("/");

/* Another week is the same site's, and asks the same; what an address says goes before that. More than a week is shown
 * only where the address says so, for the server reads it. */
let last = { site: "", filters: NOTHING };

function atArrival() {
  const asked = inAddress();
  if (last.site !== sitePath()) return asked;
  if (KEPT.some((name) => name !== "view" && asked[name])) return asked;
  const view = asked.view || (SPAN_NAMES.includes(last.filters.view) ? "" : last.filters.view);
  return { ...last.filters, view };
}

/* The filters as the page's address has them: a reload, another week and whoever is sent the address see the same. */
export function useFilters(weekStart) {
  const [filters, setFilters] = useState(atArrival);
  useEffect(() => {
    setFilters(atArrival());
  }, [weekStart]);
  useEffect(() => {
    last = { site: sitePath(), filters };
  }, [weekStart, filters]);
  /* With the rows that fit, not before them: a browser takes its time for an address. */
  const late = useDeferredValue(filters);
  useEffect(() => toAddress(late), [weekStart, late]);
  return [filters, setFilters];
}

const names = (values) => [...new Set(values)].filter(Boolean).sort((a, b) => a.localeCompare(b));

/* What can be asked for, from what the week has. */
function useChoices(rows, days, views, isPlanner) {
  return useMemo(() => {
    const shifts = days.flat();
    return {
      department: names([...rows, ...shifts].map((each) => each.department)),
      qualification: names([...rows, ...shifts].flatMap((each) => each.qualifications)),
      view: views,
      status: Object.keys(STATUSES).filter((name) => isPlanner || !STATUSES[name].isPlanners),
    };
  }, [rows, days, views, isPlanner]);
}

/* The filters that this week knows, and the names of the others. */
function known(filters, choices) {
  const unknown = Object.keys(choices).filter((name) => filters[name] && !choices[name].includes(filters[name]));
  return { unknown, filters: { ...filters, ...Object.fromEntries(unknown.map((name) => [name, ""])) } };
}

function fits(shift, { department, qualification }) {
  return (!department || shift.department === department) && (!qualification || shift.qualifications.includes(qualification));
}

/* What a person is found by; rows that stay the same keep it. */
const searched = new WeakMap();

function searchedText(row) {
  if (!searched.has(row)) searched.set(row, plain(`${row.name} ${row.role} ${row.department}`));
  return searched.get(row);
}

function filterRows(rows, { q, department, qualification, status }, short) {
  const words = plain(q).split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (department && row.department !== department) return false;
    if (qualification && !row.qualifications.includes(qualification)) return false;
    if (status && !STATUSES[status].test(row, short)) return false;
    if (!words.length) return true;
    return words.every((word) => searchedText(row).includes(word));
  });
}

/* Everything that narrows the board: the people and the shifts left over, and what the bar has to say. */
export function useNarrowing({ asked, rows, open, full, isPlanner, views = WEEK_VIEW_NAMES }) {
  const shifts = useMemo(() => open.map((day, index) => [...day, ...full[index]]), [open, full]);
  const choices = useChoices(rows, shifts, views, isPlanner);
  const { unknown, filters } = useMemo(() => known(asked, choices), [asked, choices]);
  const late = useDeferredValue(filters);
  const left = useMemo(() => {
    if (!isAny(late)) return { rows, open, full };
    const short = new Set(open.flat().map((shift) => shift.department));
    const narrowsShifts = late.department || late.qualification;
    const fitting = (days) => (narrowsShifts ? days.map((day) => day.filter((shift) => fits(shift, late))) : days);
    return { rows: filterRows(rows, late, short), open: fitting(open), full: fitting(full) };
  }, [rows, open, full, late]);
  const isFitting = useCallback((shift) => fits(shift, late), [late]);
  return { ...left, fits: isFitting, choices, unknown, view: filters.view, department: filters.department, isOn: isAny(filters), isAsked: isAny(asked) };
}

export { NOTHING as NO_FILTERS };
