import { createContext, useContext, useMemo } from "react";
import { count, hours, isWorked, money, roughly } from "./text.jsx";

/* What costs are in; empty for whoever may not know them, and then no cost is there to be shown. */
export const Currency = createContext("");

const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);

/* Per day of the week, and of it all, what the shown shifts need and have and what the shown people work and cost. */
export function useTotals(rows, { open, full }, all) {
  return useMemo(() => {
    const days = open.map((shifts, day) => {
      const there = [...shifts, ...full[day]];
      const chips = rows.flatMap((row) => row.cells[day]).filter(isWorked);
      return {
        needed: sum(there.map((shift) => shift.needed)),
        staffed: sum(there.map((shift) => Math.min(shift.staffed, shift.needed))),
        minutes: sum(chips.map((chip) => all.get(chip.shift)?.shift.minutes ?? 0)),
        cents: sum(rows.map((row) => row.cents?.[day] ?? 0)),
      };
    });
    return {
      days,
      week: {
        minutes: sum(days.map((day) => day.minutes)),
        cents: sum(days.map((day) => day.cents)),
        unpriced: rows.filter((row) => row.minutes > 0 && !row.cents).length,
      },
    };
  }, [rows, open, full, all]);
}

/* Hours and cost in words: of a day or of the week. */
export function wordsOf({ minutes, cents }, currency) {
  return [hours(minutes), currency && money(cents, currency)].filter(Boolean).join(", ");
}

export function Sums({ minutes, cents }) {
  const currency = useContext(Currency);
  return (
    <span className="board-sums">
      <span>{hours(minutes)}</span>
      {currency && <span>{roughly(cents, currency)}</span>}
    </span>
  );
}

export function unpricedWords(people) {
  return `${count(people, "person", "people")} without a rate`;
}

export function PersonCost({ row }) {
  const currency = useContext(Currency);
  if (!currency || !row.minutes) return null;
  if (!row.cents) return <span className="board-cost">no rate</span>;
  const cents = sum(row.cents);
  return (
    <span className="board-cost" title={money(cents, currency)}>
      {roughly(cents, currency)}
    </span>
  );
}
