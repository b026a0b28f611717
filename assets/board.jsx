import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useActs } from "./board/acts.jsx";
import { useAnnouncer, usePushNews } from "./board/announce.jsx";
import { BoardBar } from "./board/bar.jsx";
import { useBeside } from "./board/beside.jsx";
import { Changes, ghostsOf } from "./board/changes.jsx";
import { DayBoard } from "./board/day.jsx";
import { describeDrop, useDrops } from "./board/drops.jsx";
import { OPEN_ROW, useEscape, useRoving } from "./board/focus.jsx";
import { Departments } from "./board/departments.jsx";
import { FilterBar } from "./board/filter_bar.jsx";
import { useFilters, useNarrowing } from "./board/filters.jsx";
import { DayHeads, OpenRow, shownShifts, useShifts } from "./board/head.jsx";
import { useHolding } from "./board/holding.jsx";
import { useKeys } from "./board/keys.jsx";
import { People } from "./board/people.jsx";
import { usePersonLink } from "./board/person.jsx";
import { Preview } from "./board/preview.jsx";
import { useMergedRows, useRemaining, useRowHeights } from "./board/rows.jsx";
import { HELP_SELECT, SelectedKeys, useSelection } from "./board/select.jsx";
import { noneThere } from "./board/shifts.jsx";
import { useSpokenTarget } from "./board/spoken.jsx";
import { useSwapping } from "./board/swapping.jsx";
import { Currency, useTotals } from "./board/totals.jsx";

const NO_WEEK = [[], [], [], [], [], [], []];
const NO_ROWS = [];
const BEGINNING = "No shifts in this week yet. Begin with New shift, Copy … or Templates.";

const HELP =
  "Arrow keys move between cells, Alt with up or down between the shifts in a cell. Home and End go to the ends of a " +
  "row, with Control to the ends of the board, Page Up and Page Down by a screenful.";
const HELP_OPEN = " Enter on a person's shift opens it.";
const HELP_ASSIGN =
  " Enter on a shift picks it up, Shift with Enter opens it. With a shift picked up, Enter on a person's day puts it " +
  "there, Control with Enter copies it, Enter on another person's shift swaps the two, on an open shift takes the " +
  "person off, and Escape puts it back. Shift with left or right lets an open shift end sooner or later." +
  HELP_SELECT;

/* Everything local but the filters belongs to one week: another week starts anew. */
export function Board(props) {
  const days = props.days ?? NO_ROWS;
  const [filters, setFilters] = useFilters(days[0]?.date);
  if (!days.length) return <div className="board" />;
  return (
    <Changes.Provider value={props.changes ?? null}>
      <Currency.Provider value={props.currency ?? ""}>
        <WeekBoard key={days[0].date} {...props} days={days} filters={filters} onFilters={setFilters} />
      </Currency.Provider>
    </Changes.Provider>
  );
}

function WeekBoard({
  label = "Week board",
  days,
  clocks = NO_ROWS,
  nights,
  version = "",
  beside,
  shifts = NO_WEEK,
  staffed,
  rows: snapshot = NO_ROWS,
  patch,
  canAssign = false,
  canOpen = false,
  canResize = false,
  canFill = false,
  striped = false,
  verdicts,
  judged,
  answer,
  bulkDone,
  swapping,
  filters,
  onFilters,
  changes = null,
  currency = "",
  clock24h = true,
  onPick,
  onUnpick,
  onPlace,
  onMove,
  onJudgeSwap,
  onSwap,
  onUnassign,
  onResize,
  onBulk,
  onOpenCell,
  onOpenShift,
  onOpenAssignment,
  onGoTo,
  onNight,
  onBeside,
}) {
  const scroller = useRef(null);
  const grid = useRef(null);
  const preview = useRef(null);
  const helpId = useId();
  const [isExpanded, setExpanded] = useState(false);
  const [notice, setNotice] = useState("");
  const { message, say, sayPushed } = useAnnouncer();

  const { open, full } = useShifts(shifts, staffed);
  const everyone = useMergedRows(snapshot, patch);
  const markOwn = usePushNews(everyone, sayPushed);
  const columns = useColumns(days);

  const warn = (words) => {
    setNotice(words);
    say(words);
  };
  const holding = useHolding({
    open,
    full,
    days,
    rows: everyone,
    verdicts,
    judged,
    answer,
    say,
    warn,
    send: { pick: onPick, unpick: onUnpick, place: onPlace, move: onMove, swap: onSwap, unassign: onUnassign, resize: onResize },
  });
  const { held, picked, placesLeft, targetDay, target } = holding;
  const swaps = useSwapping({ held, swapping, judge: onJudgeSwap });
  const narrowing = useNarrowing({ asked: filters, rows: useRemaining(everyone, holding.leaving), open, full, isPlanner: canOpen });
  const { rows } = narrowing;
  useBeside({ filters, department: narrowing.department, week: days[0].date, version, told: beside, onBeside, onFilters });
  const totals = useTotals(rows, narrowing, holding.all);
  const shown = useMemo(
    () => shownShifts(narrowing.open, narrowing.full, isExpanded),
    [narrowing.open, narrowing.full, isExpanded],
  );
  const isWeek = !narrowing.view;
  const selection = useSelection({
    board: { rows, shown, all: holding.all, days, canEdit: canResize, canFill },
    grid,
    held,
    isOn: canAssign,
    isShown: isWeek,
    done: bulkDone,
    say,
    warn,
    send: onBulk,
  });
  const canToggle = isExpanded || narrowing.full.some((day) => day.length) || shown.some((day) => day.hidden);
  const isMoving = held?.kind === "chip";
  const noTarget = isMoving && targetDay >= 0 && !target && holding.heldShift ? noneThere(holding.heldShift, days[targetDay]) : "";

  const rowKeys = useMemo(() => [OPEN_ROW, ...rows.map((row) => String(row.id))], [rows]);
  const stopsAt = (index, col) => {
    if (index === 0) return col === 0 ? Number(canToggle) : shown[col - 1].shifts.length + Number(shown[col - 1].hidden > 0);
    return col === 0 || (col - 1 === targetDay && !isMoving) ? 0 : rows[index - 1].cells[col - 1].length;
  };
  const isCellStop = (index, col) => isMoving && held.how === "pick" && index > 0 && col > 0;
  const today = days.findIndex((day) => day.today);
  const firstCol = Math.max(0, today) + 1;
  const roving = useRoving({ grid, scroller, rowKeys, stopsAt, isCellStop, firstCol });
  const { current, goTo, onFocus, onBlur } = roving;
  usePersonLink({ grid, rowKeys, goTo });

  const countSaving = useCallback(
    (row, day) =>
      (holding.saving.get(row.id) ?? NO_ROWS).filter((entry) => entry.day === day).length + ghostsOf(changes, row.id, day).length,
    [holding.saving, changes],
  );
  const heights = useRowHeights(rows, countSaving, scroller);

  useLayoutEffect(() => {
    const box = scroller.current;
    const column = grid.current.querySelector("[aria-current=date]");
    if (column && box.scrollWidth > box.clientWidth) {
      box.scrollLeft = column.offsetLeft - grid.current.querySelector(".board-corner").offsetWidth;
    }
  }, []);

  const acts = useActs({
    holding,
    rows,
    shown,
    days,
    open: { canToggle, isExpanded, setExpanded },
    canAssign,
    canOpen,
    markOwn,
    onOpenCell,
    onOpenShift,
    onOpenAssignment,
  });
  const { rowOf, partnerAt, drop, activate, click } = acts;
  const canDrag = canAssign && !selection.isSelecting;
  const drops = useDrops({ grid, scroller, preview, isOn: canDrag, holding, swaps, clock24h, ...acts, onDrop: drop });
  const describe = (at) => describeDrop({ holding, swapOf: swaps.swapOf, rows: everyone, days, at });

  const release = () => {
    const at = { row: 0, col: held.day + 1, chip: 0 };
    if (held.kind === "shift") at.chip = shown[held.day].shifts.findIndex((shift) => shift.id === held.shiftId);
    else {
      const row = rowOf(String(held.rowId));
      at.row = rows.indexOf(row) + 1;
      at.chip = row ? row.cells[held.day].findIndex((chip) => chip.id === held.chipId) : 0;
    }
    drops.clear();
    holding.putBack();
    goTo(at.row, at.col, at.chip);
  };
  useEscape(isWeek && held?.how === "pick", release);
  useEffect(() => {
    if (held) setNotice("");
    else drops.clear();
  }, [held]);
  useSpokenTarget({
    ...{ held: isWeek ? held : null, current, grid, preview, describe, say, aim: holding.aim, targetDay },
    ...{ found: holding.found, swaps, partnerAt },
  });

  const onPointerMove = (event) => {
    if (picked && event.pointerType === "mouse") drops.hover({ x: event.clientX, y: event.clientY, copy: event.ctrlKey || event.altKey });
  };

  const onKeyDown = useKeys({
    roving,
    rows,
    everyone,
    shown,
    days,
    canAssign,
    canOpen,
    canResize,
    clock24h,
    holding,
    selection,
    activate,
    markOwn,
    say,
    warn,
    onOpenCell,
    onOpenShift,
    onOpenAssignment,
  });

  const hasShifts = [...open, ...full].some((there) => there.length);
  const idle = canAssign ? "Drag a shift, or pick it and then choose where it goes." : "";
  const bar = (putBack, some) => (
    <BoardBar
      picked={picked}
      notice={notice}
      left={picked?.kind === "shift" ? placesLeft(picked.shift) : 0}
      days={days}
      words={canResize && !hasShifts ? BEGINNING : idle}
      isAsking={canResize && !hasShifts}
      looks={[[striped, striped ? "Draft, seen by planners only" : "Published"]]}
      selection={canAssign ? some : null}
      onDetails={() => (isMoving ? onOpenAssignment?.({ assignment_id: held.chipId }) : onOpenShift?.({ shift_id: held.shiftId }))}
      onPutBack={putBack}
    />
  );

  return (
    <div className="board" data-striped={striped} data-cost={Boolean(currency)} data-assign={canAssign} data-holding={held?.how} data-beside={Boolean(filters.beside)}>
      <FilterBar filters={filters} narrowing={narrowing} everyone={everyone.length} onChange={onFilters} />
      {isWeek && bar(release, selection)}
      {narrowing.view === "departments" && (
        <Departments label={label} days={days} narrowing={narrowing} none={canResize && !hasShifts ? BEGINNING : "No shifts to show."} onOpen={canAssign ? onOpenShift : undefined} />
      )}
      {narrowing.view === "day" && (
        <DayBoard
          {...{ label, days, clocks, nights, filters, onFilters, onGoTo, onNight, narrowing, everyone, totals, holding, swaps, bar }}
          {...{ canAssign, canOpen, canResize, canFill, clock24h, markOwn, say, warn, onOpenCell, onOpenShift, onOpenAssignment }}
          {...{ changes, bulkDone, onBulk }}
        />
      )}
      <SelectedKeys value={selection.keys}>
      <div className="board-scroll" ref={scroller} hidden={!isWeek} data-selecting={selection.isSelecting || undefined}>
        <div
          role="grid"
          ref={grid}
          className="board-grid"
          aria-label={label}
          aria-describedby={helpId}
          aria-rowcount={rows.length + 2}
          aria-colcount={8}
          onClick={selection.onClick(click)}
          onMouseDown={selection.onMouseDown}
          onKeyDown={onKeyDown}
          onKeyUp={selection.onKeyUp}
          onFocus={onFocus}
          onBlur={onBlur}
          onPointerMove={onPointerMove}
          onPointerLeave={picked ? drops.clear : undefined}
        >
          <DayHeads
            days={days}
            people={rows.length}
            everyone={everyone.length}
            totals={totals}
            isFiltered={narrowing.isOn}
            targetDay={isMoving ? -1 : targetDay}
            canSelect={canAssign}
          />
          <OpenRow
            days={days}
            shown={shown}
            full={narrowing.full}
            hasShifts={hasShifts}
            isExpanded={isExpanded}
            canToggle={canToggle}
            places={narrowing.open.flat().reduce((sum, shift) => sum + placesLeft(shift), 0)}
            placesLeft={placesLeft}
            pickedId={held?.kind === "shift" ? held.shiftId : 0}
            pickedDay={held?.kind === "shift" ? held.day : -1}
            canPick={canAssign}
            canResize={canResize}
            relabelled={holding.relabelled}
            active={current.index === 0 ? current : null}
          />
          <People
            rows={rows}
            days={columns}
            heights={heights}
            scroller={scroller}
            activeIndex={current.index - 1}
            activeCol={current.col}
            activeChip={current.chip}
            canOpen={canOpen}
            canDrag={canAssign}
            isStop={isMoving && held.how === "pick"}
            isDim={targetDay >= 0 && !isMoving}
            liftedChip={isMoving ? held.chipId : 0}
            targetDay={targetDay}
            targetShift={target ? target.id : 0}
            noTarget={noTarget}
            verdicts={holding.found?.verdicts}
            saving={holding.saving}
          />
        </div>
        {!rows.length && (
          <p className="empty">{nobodyThere(filters.q, narrowing.isOn)}</p>
        )}
      </div>
      </SelectedKeys>
      <Preview ref={preview} describe={describe} />
      <p id={helpId} className="sr-only">
        {HELP}
        {canOpen && !canAssign && HELP_OPEN}
        {canAssign && HELP_ASSIGN}
      </p>
      <p role="status" className="sr-only">
        {message}
      </p>
    </div>
  );
}

function nobodyThere(words, isFiltered) {
  if (!isFiltered) return "No active people at this site yet.";
  return words ? `Nobody here matches “${words}”.` : "Nobody here matches these filters.";
}

/* What the rows show of the days: another total must not draw every row again. */
function useColumns(days) {
  const key = JSON.stringify(days.map(({ date, today, weekend }) => ({ date, today, weekend })));
  return useMemo(() => JSON.parse(key), [key]);
}
