import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useAnnouncer, usePushNews } from "./board/announce.jsx";
import { BoardBar } from "./board/bar.jsx";
import { OPEN_ROW, placeOf, useRoving } from "./board/focus.jsx";
import { DayHeads, OpenRow, shownShifts, useShifts } from "./board/head.jsx";
import { People } from "./board/people.jsx";
import { usePlacing } from "./board/placing.jsx";
import { useFilteredRows, useMergedRows, useRowHeights } from "./board/rows.jsx";

const NO_WEEK = [[], [], [], [], [], [], []];
const NO_ROWS = [];
const NO_VERDICTS = {};

const HELP =
  "Arrow keys move between cells, Alt with up or down between the shifts in a cell. Home and End go to the ends of a " +
  "row, with Control to the ends of the board, Page Up and Page Down by a screenful.";
const HELP_OPEN = " Enter on a person's shift opens it.";
const HELP_ASSIGN =
  " Enter on an open shift picks it up, Shift with Enter opens it. With a shift picked up, Enter on a person in its " +
  "column gives it to them and Escape puts it back. Delete takes a person off a shift. Plus adds a shift by form.";

/* Everything local belongs to one week: another week starts anew. */
export function Board(props) {
  const days = props.days ?? NO_ROWS;
  return days.length ? <WeekBoard key={days[0].date} {...props} days={days} /> : <div className="board" />;
}

function WeekBoard({
  label = "Week board",
  days,
  shifts = NO_WEEK,
  staffed,
  rows: snapshot = NO_ROWS,
  patch,
  canAssign = false,
  canOpen = false,
  striped = false,
  verdicts,
  verdictsFor = 0,
  refusal,
  busy = false,
  filter = "",
  onPick,
  onUnpick,
  onPlace,
  onUnassign,
  onOpenCell,
  onOpenShift,
  onOpenAssignment,
}) {
  const scroller = useRef(null);
  const grid = useRef(null);
  const helpId = useId();
  const [isExpanded, setExpanded] = useState(false);
  const { message, say, sayPushed } = useAnnouncer();

  const { open, full } = useShifts(shifts, staffed);
  const everyone = useMergedRows(snapshot, patch);
  const rows = useFilteredRows(everyone, filter);
  const markOwn = usePushNews(everyone, sayPushed);
  const columns = useColumns(days);
  const shown = useMemo(() => shownShifts(open, full, isExpanded), [open, full, isExpanded]);
  const canToggle = isExpanded || full.some((day) => day.length) || shown.some((day) => day.hidden);

  const known = verdicts ?? NO_VERDICTS;
  const { picked, saving, placesLeft, pick, putBack, place } = usePlacing({
    open,
    days,
    rows: everyone,
    verdicts: known,
    refusal,
    say,
    onPick,
    onUnpick,
    onPlace,
  });
  const targetDay = picked ? picked.day : -1;
  const targetShift = picked ? picked.shift.id : 0;
  const hasVerdicts = picked !== null && verdictsFor === targetShift;

  const rowKeys = useMemo(() => [OPEN_ROW, ...rows.map((row) => String(row.id))], [rows]);
  const stopsAt = (index, col) => {
    if (index === 0) return col === 0 ? Number(canToggle) : shown[col - 1].shifts.length + Number(shown[col - 1].hidden > 0);
    return col === 0 || col - 1 === targetDay ? 0 : rows[index - 1].cells[col - 1].length;
  };
  const today = days.findIndex((day) => day.today);
  const { current, goTo, move, onFocus, onBlur } = useRoving({ grid, scroller, rowKeys, stopsAt, firstCol: Math.max(0, today) + 1 });

  const countSaving = useCallback(
    (row, day) => (saving.get(row.id) ?? NO_ROWS).filter((entry) => entry.day === day).length,
    [saving],
  );
  const heights = useRowHeights(rows, countSaving, scroller);

  useLayoutEffect(() => {
    const box = scroller.current;
    const column = grid.current.querySelector("[aria-current=date]");
    if (column && box.scrollWidth > box.clientWidth) {
      box.scrollLeft = column.offsetLeft - grid.current.querySelector(".board-corner").offsetWidth;
    }
  }, []);

  const release = () => {
    const position = shown[picked.day].shifts.findIndex((shift) => shift.id === picked.shift.id);
    putBack();
    goTo(0, picked.day + 1, position);
  };

  useEscape(picked !== null, release);

  const activateOpen = ({ col, chip }) => {
    if (col === 0) {
      if (canToggle) setExpanded(!isExpanded);
      return;
    }
    const cell = shown[col - 1];
    const shift = cell.shifts[chip];
    if (chip >= 0 && chip === cell.shifts.length) setExpanded(true);
    else if (!shift || !canAssign) return;
    else if (shift.staffed >= shift.needed) onOpenShift?.({ shift_id: shift.id });
    else if (shift.id === targetShift) putBack();
    else pick(shift, col - 1);
  };

  const activate = (at) => {
    if (at.key === OPEN_ROW) {
      activateOpen(at);
      return;
    }
    const row = rows.find((candidate) => String(candidate.id) === at.key);
    if (!row || at.col === 0) return;
    if (at.col - 1 === targetDay) {
      markOwn(row.id);
      place(row);
    } else if (at.chip >= 0) {
      if (canOpen) onOpenAssignment?.({ assignment_id: row.cells[at.col - 1][at.chip].id });
    } else if (canAssign) onOpenCell?.({ employee_id: row.id, date: days[at.col - 1].date });
  };

  const onClick = (event) => {
    const at = placeOf(event.target);
    if (at && !event.target.closest("[data-saving]")) activate(at);
  };

  const onKeyDown = (event) => {
    const at = placeOf(event.target);
    if (!at || event.defaultPrevented || move(event)) return;
    const { key } = event;
    const row = current.index > 0 ? rows[current.index - 1] : null;
    const chip = row && at.chip >= 0 ? row.cells[at.col - 1][at.chip] : null;
    const openShift = !row && at.col > 0 ? shown[at.col - 1].shifts[at.chip] : null;
    const isButton = event.target.tagName === "BUTTON";
    if (key === "Enter" && event.shiftKey && openShift && canAssign) onOpenShift?.({ shift_id: openShift.id });
    else if ((key === "Enter" || key === " ") && !isButton) activate(at);
    else if ((key === "Delete" || key === "Backspace") && chip && canAssign) {
      onUnassign?.({ assignment_id: chip.id, version: chip.v });
      markOwn(row.id);
    } else if ((key === "+" || key === "Insert") && row && at.col > 0 && canAssign) {
      onOpenCell?.({ employee_id: row.id, date: days[at.col - 1].date });
    } else return;
    event.preventDefault();
  };

  return (
    <div className="board" data-striped={striped} data-assign={canAssign}>
      <BoardBar
        picked={picked}
        left={picked ? placesLeft(picked.shift) : 0}
        days={days}
        striped={striped}
        canAssign={canAssign}
        busy={busy}
        onDetails={() => onOpenShift?.({ shift_id: targetShift })}
        onPutBack={release}
      />
      <div className="board-scroll" ref={scroller}>
        <div
          role="grid"
          ref={grid}
          className="board-grid"
          aria-label={label}
          aria-describedby={helpId}
          aria-rowcount={rows.length + 2}
          aria-colcount={8}
          aria-busy={busy}
          onClick={onClick}
          onKeyDown={onKeyDown}
          onFocus={onFocus}
          onBlur={onBlur}
        >
          <DayHeads days={days} people={rows.length} targetDay={targetDay} />
          <OpenRow
            days={days}
            shown={shown}
            full={full}
            isExpanded={isExpanded}
            canToggle={canToggle}
            places={open.flat().reduce((sum, shift) => sum + placesLeft(shift), 0)}
            placesLeft={placesLeft}
            picked={picked}
            canPick={canAssign}
            active={current.index === 0 ? current : null}
          />
          <People
            rows={rows}
            days={columns}
            heights={heights}
            scroller={scroller}
            shown={shown}
            activeIndex={current.index - 1}
            activeCol={current.col}
            activeChip={current.chip}
            canOpen={canOpen}
            targetDay={targetDay}
            targetShift={targetShift}
            verdicts={hasVerdicts ? known : NO_VERDICTS}
            saving={saving}
          />
        </div>
        {!rows.length && (
          <p className="empty">{filter ? `Nobody here matches “${filter}”.` : "No active people at this site yet."}</p>
        )}
      </div>
      <p id={helpId} className="sr-only">
        {HELP}
        {canOpen && HELP_OPEN}
        {canAssign && HELP_ASSIGN}
      </p>
      <p role="status" className="sr-only">
        {message}
      </p>
    </div>
  );
}

/* Wherever the focus is: not every browser moves it to a clicked button. An open dialog takes its Escape for itself. */
function useEscape(isOn, act) {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    if (!isOn) return undefined;
    const onKey = (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) latest.current();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [isOn]);
}

/* What the rows show of the days: another total must not draw every row again. */
function useColumns(days) {
  const key = JSON.stringify(days.map(({ date, today, weekend }) => ({ date, today, weekend })));
  return useMemo(() => JSON.parse(key), [key]);
}
