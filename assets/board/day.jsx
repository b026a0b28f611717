import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useActs } from "./acts.jsx";
import { DayLine, CoverageStrip, HourHeads, OpenDay, useNow } from "./day_head.jsx";
import { useCoverage, useDayIndex, useDayShifts, useHour, useLines, useOpenBars } from "./day_lines.jsx";
import { DayPeople } from "./day_row.jsx";
import { QUARTER } from "./day_time.jsx";
import { describeDrop, useDrops } from "./drops.jsx";
import { rememberFor } from "./filters.jsx";
import { OPEN_ROW, useEscape, useRoving } from "./focus.jsx";
import { useKeys } from "./keys.jsx";
import { usePersonLink } from "./person.jsx";
import { Preview } from "./preview.jsx";
import { useHeights } from "./rows.jsx";
import { HELP_SELECT, SelectedKeys, useSelection } from "./select.jsx";
import { useSpokenTarget } from "./spoken.jsx";

const OPEN_LANES = 3;
const FIRST_HOUR = 5 * 60;

const HELP =
  "Left and right arrows move between the shifts of a row in the order they begin, up and down arrows to the next person. " +
  "Home and End go to the ends of a row, with Control to the ends of the day's board.";
const HELP_ASSIGN =
  " Enter on a shift picks it up, Shift with Enter opens it; with a shift picked up, Enter on a person puts it there and " +
  "Escape puts it back. Shift with left or right lets an open shift end sooner or later." +
  HELP_SELECT;

/* Where the focus can be in each row, from left to right: the name, the shifts, the track when there is nothing on it. */
function useStops({ lines, open, col, canToggle, holding }) {
  const { held } = holding;
  const track = { col, chip: -1, from: 0 };
  return (index) => {
    const isTop = index === 0;
    const bars = isTop ? open.seen.filter((bar) => !bar.isNight) : lines[index - 1].bars.filter((bar) => bar.col);
    const shifts = bars.map((bar) => ({ col: isTop ? bar.day + 1 : bar.col, chip: bar.position, from: bar.from }));
    const name = { col: 0, chip: isTop && canToggle ? 0 : -1, from: -1 };
    if (isTop || !held) return [name, ...(shifts.length ? shifts : [track])];
    return [name, track, ...(held.kind === "chip" ? shifts : [])];
  };
}

const stopAt = (stops, { col, chip }) =>
  stops.find((each) => each.col === col && each.chip === chip) ?? stops.find((each) => each.col === col) ?? stops[Math.min(1, stops.length - 1)];

/* Moving by keys: along a row from shift to shift, to another row to what is nearest in time. */
function useMoves({ roving, stopsOf, rowCount }) {
  const { current, goTo } = roving;
  const stops = stopsOf(current.index);
  const stop = stopAt(stops, current);
  const at = stops.indexOf(stop);
  const go = (index, to) => {
    goTo(index, to.col, to.chip);
    return { row: index, col: to.col };
  };
  const goToRow = (index, isName = at === 0) => {
    const row = Math.max(0, Math.min(index, rowCount - 1));
    const [name, ...others] = stopsOf(row);
    const nearest = others.reduce((best, each) => (Math.abs(each.from - stop.from) < Math.abs(best.from - stop.from) ? each : best));
    return go(row, isName ? name : nearest);
  };
  /* As the roving focus's own: the shift beside, and where that is. */
  const stepFrom = (_here, [down, right]) =>
    down ? goToRow(current.index + down, false) : go(current.index, stops[Math.max(1, Math.min(stops.length - 1, at + right))]);
  const move = (event) => {
    const { key } = event;
    const jump = event.ctrlKey || event.metaKey;
    const moves = {
      ArrowLeft: () => go(current.index, stops[Math.max(0, at - 1)]),
      ArrowRight: () => go(current.index, stops[Math.min(stops.length - 1, at + 1)]),
      ArrowUp: () => goToRow(current.index - 1),
      ArrowDown: () => goToRow(current.index + 1),
      Home: () => go(jump ? 0 : current.index, stops[0]),
      End: () => {
        const row = jump ? rowCount - 1 : current.index;
        go(row, stopsOf(row).at(-1));
      },
    };
    if (!moves[key]) return roving.move(event);
    if (jump && key.startsWith("Arrow")) return false;
    event.preventDefault();
    moves[key]();
    return true;
  };
  return { stop, move, stepFrom };
}

/* Begins where the day is busy rather than at midnight, where there is no room for the whole of it. */
function useFirstScroll(scroller, grid, minutes) {
  useLayoutEffect(() => {
    const box = scroller.current;
    const track = grid.current.querySelector(".day-hours");
    if (box.scrollWidth > box.clientWidth) box.scrollLeft = (track.offsetWidth * FIRST_HOUR) / minutes;
  }, [minutes]);
}

/*
 * One day of the week: people down, time across. What is held, filtered and sent is the board's; `bar` draws the board's
 * line for what is being placed. Where the week's first day begins with shifts of the week before, `night` has them.
 */
export function DayBoard({ label, days, clocks, nights, filters, onFilters, onGoTo, onNight, narrowing, everyone, totals, holding, swaps, bar, ...board }) {
  const { canAssign, canOpen, canResize, canFill, clock24h, markOwn, say, warn, onOpenCell, onOpenShift, onOpenAssignment } = board;
  const { changes, bulkDone, onBulk } = board;
  const scroller = useRef(null);
  const grid = useRef(null);
  const body = useRef(null);
  const preview = useRef(null);
  const helpId = useId();
  const [isExpanded, setExpanded] = useState(false);

  const index = useDayIndex(days, filters.day);
  const [day, clock, col] = [days[index], clocks[index], index + 1];
  const night = useNight({ week: days[0].date, isFirst: index === 0, nights, onNight });
  const hour = useHour(clock, filters.hour);
  useEffect(() => {
    if (filters.day !== day.date) onFilters({ ...filters, day: day.date });
  }, [filters, day.date]);

  const bars = useDayShifts({ ...narrowing, day: index, clocks, night });
  const open = useOpenBars({ bars, hour, isExpanded, most: OPEN_LANES });
  const stretches = useCoverage(bars, clock);
  const list = useLines({ rows: narrowing.rows, day: index, clocks, all: holding.all, night, changes, saving: holding.saving, hour });
  const lines = useMemo(() => ({ list, rows: list.map((line) => line.row) }), [list]);
  const heights = useHeights(useMemo(() => list.map((line) => line.lanes), [list]), scroller);
  const canToggle = isExpanded || open.hidden > 0 || bars.some((each) => each.shift.staffed >= each.shift.needed);

  const { held, picked, placesLeft, targetDay, target } = holding;
  const isMoving = held?.kind === "chip";
  const rowKeys = useMemo(() => [OPEN_ROW, ...lines.rows.map((row) => String(row.id))], [lines]);
  const stopsOf = useStops({ lines: list, open, col, canToggle, holding });
  const roving = useRoving({
    grid,
    scroller,
    rowKeys,
    stopsAt: () => Infinity,
    isCellStop: () => true,
    firstCol: col,
  });
  const { current, goTo, onFocus, onBlur } = roving;
  const { stop, move, stepFrom } = useMoves({ roving, stopsOf, rowCount: rowKeys.length });
  usePersonLink({ grid, rowKeys, goTo });
  useNow(grid, clock, clock24h);
  useFirstScroll(scroller, grid, clock.minutes);

  const seen = useMemo(() => new Set(list.flatMap((line) => line.bars.filter((bar) => bar.col).map((bar) => bar.chip.id))), [list]);
  const selection = useSelection({
    board: { rows: lines.rows, shown: open.shown, all: holding.all, days, canEdit: canResize, canFill, seen, cols: [Math.max(1, col - 1), col] },
    grid,
    held,
    isOn: canAssign,
    done: bulkDone,
    say,
    warn,
    send: onBulk,
  });

  /* Whatever is held stays on the day it begins: anywhere in a person's row stands for that day. */
  const aimed = (at) =>
    held && at.key !== OPEN_ROW && at.col > 0 ? { ...at, col: held.day + 1, chip: at.col === held.day + 1 ? at.chip : -1 } : at;
  const here = { ...holding, aim: () => {} };
  const acts = useActs({
    holding: here,
    rows: lines.rows,
    shown: open.shown,
    days,
    open: { canToggle, isExpanded, setExpanded },
    aimed,
    canAssign,
    canOpen,
    markOwn,
    onOpenCell,
    onOpenShift,
    onOpenAssignment,
  });
  const describe = (at) => describeDrop({ holding, swapOf: swaps.swapOf, rows: everyone, days, at: aimed(at) });
  const quarterPx = () => (grid.current.querySelector(".day-hours").offsetWidth * QUARTER) / clock.minutes;
  const drops = useDrops({
    ...{ grid, scroller, preview, isOn: canAssign && !selection.isSelecting, holding: here, swaps, clock24h, quarterPx },
    ...acts,
    onDrop: acts.drop,
  });
  const release = () => {
    const { rowId, chipId, shiftId, day: own } = held;
    const row = isMoving ? rowKeys.indexOf(String(rowId)) : 0;
    const chips = isMoving ? list[row - 1]?.row.cells[own].map((chip) => chip.id) : open.shown[own].shifts.map((shift) => shift.id);
    drops.clear();
    holding.putBack();
    if (row >= 0) goTo(row, own + 1, chips?.indexOf(isMoving ? chipId : shiftId) ?? -1);
  };
  useEscape(held?.how === "pick", release);
  useEffect(() => {
    if (!held) drops.clear();
  }, [held]);
  const spot = aimed({ key: current.key, col: stop.col, chip: stop.chip });
  useSpokenTarget({
    ...{ held, current: spot, grid, preview, describe, say, aim: here.aim, targetDay },
    ...{ found: holding.found, swaps, partnerAt: acts.partnerAt },
  });
  const onKeyDown = useKeys({ ...board, roving: { ...roving, move, stepFrom }, rows: lines.rows, everyone, shown: open.shown, days, holding, selection, activate: acts.activate, say, warn });
  const onPointerMove = (event) => {
    if (picked && event.pointerType === "mouse") drops.hover({ x: event.clientX, y: event.clientY, copy: event.ctrlKey || event.altKey });
  };
  const onDay = (date) => {
    const next = { ...filters, day: date, hour: "" };
    if (days.some((each) => each.date === date)) onFilters(next);
    else {
      rememberFor(next);
      onGoTo?.({ day: date });
    }
  };

  const dayBefore = index > 0 ? days[index - 1].long : "the day before";
  const holds = useMemo(
    () => (held && target ? { day: targetDay, shiftId: target.id, chipId: held.chipId ?? 0 } : null),
    [held, target, targetDay],
  );
  const active = { index: current.index - 1, stop };
  return (
    <>
      {bar(release, selection)}
      <DayLine
        days={days}
        index={index}
        clock={clock}
        clock24h={clock24h}
        hour={hour}
        onDay={onDay}
        onWholeDay={() => onFilters({ ...filters, hour: "" })}
      />
      <SelectedKeys value={selection.keys}>
      <div className="board-scroll" ref={scroller} data-selecting={selection.isSelecting || undefined}>
        <div
          role="grid"
          ref={grid}
          className="board-grid day-grid"
          style={{ "--day": clock.minutes }}
          aria-label={`${label}, ${day.long}`}
          aria-describedby={helpId}
          aria-rowcount={list.length + 3}
          aria-colcount={2}
          onClick={selection.onClick(acts.click)}
          onMouseDown={selection.onMouseDown}
          onKeyDown={onKeyDown}
          onKeyUp={selection.onKeyUp}
          onFocus={onFocus}
          onBlur={onBlur}
          onPointerMove={onPointerMove}
          onPointerLeave={picked ? drops.clear : undefined}
        >
          <HourHeads
            day={day}
            clock={clock}
            clock24h={clock24h}
            people={list.length}
            everyone={everyone.length}
            total={totals.days[index]}
            col={col}
            canSelect={canAssign}
            isFiltered={narrowing.isOn}
          />
          <CoverageStrip stretches={stretches} clock={clock} clock24h={clock24h} />
          <OpenDay
            day={day}
            dayBefore={dayBefore}
            col={col}
            open={open}
            isExpanded={isExpanded}
            hasShifts={bars.length > 0}
            canToggle={canToggle}
            places={bars.reduce((sum, each) => sum + (each.isNight ? 0 : placesLeft(each.shift)), 0)}
            placesLeft={placesLeft}
            pickedId={held?.kind === "shift" ? held.shiftId : 0}
            canPick={canAssign}
            canResize={canResize}
            relabelled={holding.relabelled}
            stop={current.index === 0 ? stop : null}
          />
          <DayPeople
            lines={lines}
            heights={heights}
            scroller={scroller}
            body={body}
            active={active.index >= 0 ? active : null}
            verdicts={holding.found?.verdicts}
            day={day}
            dayBefore={dayBefore}
            col={col}
            canOpen={canOpen}
            canDrag={canAssign}
            holds={holds}
          />
        </div>
        {!list.length && <p className="empty">{hour ? "Nobody shown here works in that hour." : "Nobody here matches these filters."}</p>}
      </div>
      </SelectedKeys>
      <Preview ref={preview} describe={describe} />
      <p id={helpId} className="sr-only">
        {HELP}
        {canAssign && HELP_ASSIGN}
      </p>
    </>
  );
}

/* The night before the week is asked for when its first morning is looked at. */
function useNight({ week, isFirst, nights, onNight }) {
  const isThere = nights?.week_start === week;
  useEffect(() => {
    if (isFirst && !isThere) onNight?.({ is_wanted: true });
  }, [isFirst, isThere]);
  useEffect(() => (isFirst ? () => onNight?.({ is_wanted: false }) : undefined), [isFirst]);
  return useMemo(() => {
    if (!isFirst || !isThere) return null;
    return { ...nights, times: Object.fromEntries(nights.shifts.map((shift) => [shift.id, shift])) };
  }, [isFirst, isThere, nights]);
}
