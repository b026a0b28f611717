import { useMemo, useRef } from "react";
import { coverageOf, inLanes, spansOfHour, within } from "./day_time.jsx";

const DAY_MS = 24 * 60 * 60 * 1000;
const NONE = [];

/* Which day of the week the address asks for: of another week the same weekday; without one today, or the first. */
export function useDayIndex(days, asked) {
  const shown = days.findIndex((day) => day.date === asked);
  if (shown >= 0) return shown;
  const away = Math.round((Date.parse(asked) - Date.parse(days[0].date)) / DAY_MS);
  if (!Number.isNaN(away)) return ((away % 7) + 7) % 7;
  return Math.max(0, days.findIndex((day) => day.today));
}

/* The hour the address asks for, as stretches of the day; null for the whole day. */
export function useHour(clock, asked) {
  return useMemo(() => {
    const hour = /^\d{1,2}$/.test(asked ?? "") ? Number(asked) : 24;
    return hour < 24 ? { hour, spans: spansOfHour(clock, hour) } : null;
  }, [clock, asked]);
}

const touches = (bar, spans) => spans.some((span) => bar.from < span.to && span.from < bar.to);

/* The same for as long as it says the same, so that a change of numbers draws no row again. */
function useSame(value) {
  const kept = useRef({ key: "", value });
  const key = JSON.stringify(value);
  if (kept.current.key !== key) kept.current = { key, value };
  return kept.current.value;
}

/* When each shift of the day and of the day before begins, in minutes of the day, and how long it lasts. */
function useTimes(all, day, clocks) {
  const times = {};
  for (const { shift, day: own } of all.values()) {
    if (own === day) times[shift.id] = { at: shift.at, minutes: shift.minutes };
    else if (own === day - 1) times[shift.id] = { at: shift.at - clocks[own].minutes, minutes: shift.minutes };
  }
  return useSame(times);
}

function barsOf({ row, day, clock, times, night, ghosts, saving }) {
  const bars = [];
  const add = (time, more) => {
    const span = time && within(time, clock);
    if (span) bars.push({ ...span, ...more });
  };
  for (const own of [day - 1, day]) {
    (row.cells[own] ?? NONE).forEach((chip, position) => add(times[chip.shift], { chip, position, col: own + 1 }));
  }
  for (const chip of night?.chips[row.id] ?? NONE) add(night.times[chip.shift], { chip, isNight: true });
  for (const ghost of ghosts) add({ at: ghost.starts - clock.starts, minutes: ghost.minutes }, { ghost });
  for (const entry of saving) add(times[entry.shift.id], { saving: entry.shift });
  return bars.sort((a, b) => a.from - b.from || a.to - b.to);
}

/* Each person with what they do on the day, or would do or did, in lanes; with an hour, only who is there in it. */
export function useLines({ rows, day, clocks, all, night, changes, saving, hour }) {
  const clock = clocks[day];
  const times = useTimes(all, day, clocks);
  const kept = useMemo(() => new WeakMap(), [day, clock, times, night, changes]);
  return useMemo(() => {
    const lineOf = (row) => {
      const entries = saving.get(row.id) ?? NONE;
      if (!entries.length && kept.has(row)) return kept.get(row);
      const ghosts = changes?.ghosts?.[row.id] ?? NONE;
      const bars = barsOf({ row, day, clock, times, night, ghosts, saving: entries });
      const line = { row, lanes: inLanes(bars), bars };
      if (!entries.length) kept.set(row, line);
      return line;
    };
    const lines = rows.map(lineOf);
    return hour ? lines.filter((line) => line.bars.some((bar) => touches(bar, hour.spans))) : lines;
  }, [rows, day, clock, times, night, changes, saving, hour, kept]);
}

const needsPeople = (shift) => shift.staffed < shift.needed;

/* The shifts that are on during the day: those of the day, of the day before, and of the week before. */
export function useDayShifts({ open, full, fits, day, clocks, night }) {
  return useMemo(() => {
    const bars = [];
    const add = (shift, later, more) => {
      const span = within(shift, clocks[day], later);
      if (span) bars.push({ ...span, shift, ...more });
    };
    for (const own of [day - 1, day]) {
      const later = own < day ? clocks[own]?.minutes : 0;
      for (const shift of [...(open[own] ?? NONE), ...(full[own] ?? NONE)]) add(shift, later, { day: own });
    }
    for (const shift of (night?.shifts ?? NONE).filter(fits)) add(shift, 0, { isNight: true });
    return bars;
  }, [open, full, fits, day, clocks, night]);
}

/* Of those, what the top row shows: open ones in a few lanes, or all. `shown` is as the week's, for keys and drops. */
export function useOpenBars({ bars, hour, isExpanded, most }) {
  return useMemo(() => {
    const isWanted = (bar) => (isExpanded || needsPeople(bar.shift)) && (!hour || touches(bar, hour.spans));
    const wanted = bars.filter(isWanted).map((bar) => ({ ...bar }));
    wanted.sort((a, b) => a.from - b.from || a.to - b.to || a.shift.id - b.shift.id);
    inLanes(wanted);
    const seen = isExpanded ? wanted : wanted.filter((bar) => bar.lane < most);
    const shown = Array.from({ length: 7 }, () => ({ shifts: [], hidden: 0 }));
    for (const bar of seen.filter((each) => !each.isNight)) bar.position = shown[bar.day].shifts.push(bar.shift) - 1;
    const lanes = seen.reduce((top, bar) => Math.max(top, bar.lane + 1), 1);
    return { seen, shown, lanes, hidden: wanted.length - seen.length };
  }, [bars, hour, isExpanded, most]);
}

export function useCoverage(bars, clock) {
  return useMemo(() => {
    const spans = bars.map(({ from, to, shift }) => ({ from, to, needed: shift.needed, staffed: shift.staffed }));
    return coverageOf(spans, clock.minutes);
  }, [bars, clock]);
}
