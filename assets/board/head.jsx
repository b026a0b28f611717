import { memo, useContext, useMemo } from "react";
import { Icon } from "../icon.jsx";
import { OPEN_ROW } from "./focus.jsx";
import { SelectAll, SelectedMark, shiftKey, useIsSelected } from "./select.jsx";
import { brief, count } from "./text.jsx";
import { Currency, Sums, unpricedWords, wordsOf } from "./totals.jsx";

const COLLAPSED = 3;

const needsPeople = (shift) => shift.staffed < shift.needed;

/* The snapshot with the newer numbers in it, shifts that still need people apart from the others. */
export function useShifts(snapshot, staffed) {
  return useMemo(() => {
    const now = snapshot.map((day) => day.map((shift) => ({ ...shift, staffed: staffed?.[shift.id] ?? shift.staffed })));
    return {
      open: now.map((day) => day.filter(needsPeople)),
      full: now.map((day) => day.filter((shift) => !needsPeople(shift))),
    };
  }, [snapshot, staffed]);
}

/* What the open row shows per day, in order; the last stop of a cell may be the "more" button. */
export function shownShifts(open, full, isExpanded) {
  return open.map((shifts, day) =>
    isExpanded
      ? { shifts: [...shifts, ...full[day]], hidden: 0 }
      : { shifts: shifts.slice(0, COLLAPSED), hidden: Math.max(0, shifts.length - COLLAPSED) },
  );
}

export const DayHeads = memo(function DayHeads({ days, people, everyone, totals, isFiltered, targetDay, canSelect }) {
  const currency = useContext(Currency);
  const { week } = totals;
  const ofWhom = isFiltered ? " of those shown" : "";
  const unpriced = currency && week.unpriced > 0 ? unpricedWords(week.unpriced) : "";
  return (
    <div role="row" className="board-row board-days" aria-rowindex={1} data-sticky="true">
      <div
        role="columnheader"
        className="board-cell board-name board-corner"
        title={[`The week: ${wordsOf(week, currency)}${ofWhom}`, unpriced].filter(Boolean).join(", ")}
      >
        <span>{isFiltered ? `${people} of ${count(everyone, "person", "people")}` : count(people, "person", "people")}</span>
        <span className="board-corner-sums">
          {isFiltered && <span>Of those shown:</span>}
          <Sums {...week} />
        </span>
        {unpriced && <span className="board-unpriced">{unpriced}</span>}
      </div>
      {days.map((day, index) => {
        const total = totals.days[index];
        const missing = total.needed - total.staffed;
        const words = `${day.long}, ${total.staffed} of ${total.needed} places filled, ${wordsOf(total, currency)}${ofWhom}`;
        return (
          <div
            key={day.date}
            role="columnheader"
            className="board-cell board-day"
            data-today={day.today}
            data-weekend={day.weekend}
            data-dim={(targetDay >= 0 && targetDay !== index) || undefined}
            aria-current={day.today ? "date" : undefined}
            aria-label={words}
            title={words}
          >
            <span>{day.label}</span>
            {canSelect && <SelectAll what={`day:${index + 1}`} label={`Select ${day.long}`} />}
            <span className="board-day-total">
              {total.staffed}/{total.needed}
              {missing > 0 && <span className="board-short"> −{missing}</span>}
            </span>
            <Sums {...total} />
          </div>
        );
      })}
    </div>
  );
});

export function OpenChip({ shift, label, left, position, isPicked, canPick, canResize, tabIndex }) {
  const isFull = shift.staffed >= shift.needed;
  const isSelected = useIsSelected(shiftKey(shift.id));
  const name = [
    `${label} ${shift.title}`.trim(),
    isFull ? "fully staffed" : `${left} of ${count(shift.needed, "place", "places")} open`,
    shift.department,
    shift.qualifications.length > 0 && `needs ${shift.qualifications.join(", ")}`,
    isSelected && "selected",
  ];
  const text = name.filter(Boolean).join(", ");
  return (
    <button
      type="button"
      className="chip chip-open"
      tabIndex={tabIndex}
      data-chip={position}
      data-kind={shift.kind}
      data-full={isFull || undefined}
      data-selected={isSelected || undefined}
      data-drag={canPick && !isFull ? "shift" : undefined}
      aria-disabled={!canPick || undefined}
      aria-pressed={canPick && !isFull ? isPicked : undefined}
      aria-label={text}
      title={text}
    >
      <span className="chip-text">
        <span className="chip-time">{brief(label)}</span>
        <span className="chip-title">{shift.title}</span>
      </span>
      <span className="chip-need">
        {shift.needed - left}/{shift.needed}
      </span>
      {isSelected && <SelectedMark />}
      {canResize && (
        <>
          <span className="chip-edge" data-drag="resize" data-edge="start" aria-hidden="true" />
          <span className="chip-edge" data-drag="resize" data-edge="end" aria-hidden="true" />
        </>
      )}
    </button>
  );
}

/* How many places are left; that all are filled is said of shifts alone that there are. */
export const placesWords = (places, hasShifts) =>
  places ? count(places, "place to fill", "places to fill") : hasShifts ? "Every place is filled" : "No shifts yet";

export function OpenName({ places, hasShifts, canToggle, isExpanded, tabIndex }) {
  const cell = { role: "rowheader", className: "board-cell board-name board-open-name", "data-cell": `${OPEN_ROW}:0` };
  return (
    <div {...cell} tabIndex={canToggle ? undefined : tabIndex}>
      <span className="board-name-text">
        <span className="board-person">Open shifts</span>
        <span className="board-sub">{placesWords(places, hasShifts)}</span>
        {canToggle && (
          <button type="button" className="btn btn-quiet" data-chip={0} tabIndex={tabIndex} aria-expanded={isExpanded}>
            {isExpanded ? "Show fewer" : "Show all shifts"}
          </button>
        )}
      </span>
    </div>
  );
}

export const OpenRow = memo(function OpenRow({ days, shown, full, isExpanded, canToggle, places, hasShifts, placesLeft, pickedId, pickedDay, canPick, canResize, relabelled, active }) {
  const tabIndex = (col, chip) => (active && active.col === col && active.chip === chip ? 0 : -1);
  return (
    <div
      role="row"
      className="board-row board-open"
      aria-rowindex={2}
      data-sticky="true"
      data-expanded={isExpanded || undefined}
    >
      <OpenName
        places={places}
        hasShifts={hasShifts}
        canToggle={canToggle}
        isExpanded={isExpanded}
        tabIndex={tabIndex(0, canToggle ? 0 : -1)}
      />
      {days.map((day, index) => {
        const { shifts, hidden } = shown[index];
        const isEmpty = !shifts.length;
        return (
          <div
            key={day.date}
            role="gridcell"
            className="board-cell"
            data-cell={`${OPEN_ROW}:${index + 1}`}
            data-today={day.today}
            data-weekend={day.weekend}
            data-dim={(pickedDay >= 0 && pickedDay !== index) || undefined}
            tabIndex={isEmpty ? tabIndex(index + 1, -1) : undefined}
          >
            {shifts.map((shift, position) => (
              <OpenChip
                key={shift.id}
                shift={shift}
                label={relabelled.get(shift.id) ?? shift.label}
                canResize={canResize}
                left={placesLeft(shift)}
                position={position}
                isPicked={pickedId === shift.id}
                canPick={canPick}
                tabIndex={tabIndex(index + 1, position)}
              />
            ))}
            {hidden > 0 && (
              <button
                type="button"
                className="board-more"
                data-chip={shifts.length}
                tabIndex={tabIndex(index + 1, shifts.length)}
              >
                {hidden} more
                <span className="sr-only"> open on {day.long}</span>
              </button>
            )}
            {isEmpty && full[index].length > 0 && (
              <span className="board-filled">
                <Icon name="check" /> Filled
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
});
