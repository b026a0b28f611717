import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useAnnouncer, usePushNews } from "./board/announce.jsx";
import { BoardBar } from "./board/bar.jsx";
import { FilterBar } from "./board/filter_bar.jsx";
import { useFilters, useNarrowing } from "./board/filters.jsx";
import { OPEN_ROW, placeOf, useEscape, useRoving } from "./board/focus.jsx";
import { shownShifts, useShifts } from "./board/head.jsx";
import { useHolding } from "./board/holding.jsx";
import { usePersonLink } from "./board/person.jsx";
import { useMergedRows, useRowHeights } from "./board/rows.jsx";
import { Currency, useTotals } from "./board/totals.jsx";
import { SPAN_NAMES } from "./board/views.jsx";
import { useSpanRows, useSpanShifts } from "./span/data.jsx";
import { SpanDays, WEEK_ROW, WeekHeads } from "./span/head.jsx";
import { SpanOpen } from "./span/open.jsx";
import { SpanPeople } from "./span/people.jsx";

const NONE = [];
const DAYS = 7;
const PUBLISHED = [false, "Published"];

const HELP =
  "Arrow keys move between cells, Alt with up or down between the shifts in a cell. Home and End go to the ends of a " +
  "row, with Control to the ends of the grid, Page Up and Page Down by a screenful. Enter on a day goes to it on the " +
  "board of its week.";
const HELP_OPEN = " Enter on a person's shift opens it, Shift with Enter goes to it on the board of its week.";
const HELP_ASSIGN =
  " Enter on an open shift picks it up; then Enter on a person's day in the same column puts it there, and Escape puts it back.";

/* Two weeks or a month, with the filters and the address of the week's board. Another span starts anew. */
export function Span(props) {
  const days = props.days ?? NONE;
  const [filters, setFilters] = useFilters(days[0]?.date);
  if (!days.length) return <div className="board skeleton" />;
  return (
    <Currency.Provider value={props.currency ?? ""}>
      <Weeks key={`${days[0].date} ${days.length}`} {...props} days={days} filters={filters} onFilters={setFilters} />
    </Currency.Provider>
  );
}

function Weeks({
  label,
  weeks,
  days,
  patterns,
  shifts,
  staffed,
  rows: snapshot,
  patch,
  statuses,
  isMonth = false,
  canOpen = false,
  canCreate = false,
  currency = "",
  verdicts,
  judged,
  answer,
  filters,
  onFilters,
  onPick,
  onUnpick,
  onPlace,
  onOpenAssignment,
}) {
  const scroller = useRef(null);
  const grid = useRef(null);
  const helpId = useId();
  const navigate = useNavigate();
  const [isExpanded, setExpanded] = useState(false);
  const [notice, setNotice] = useState("");
  const { message, say, sayPushed } = useAnnouncer();
  const warn = (words) => {
    setNotice(words);
    say(words);
  };

  const whole = useSpanShifts(shifts, patterns);
  const { open, full } = useShifts(whole, staffed);
  const everyone = useSpanRows(useMergedRows(snapshot, patch), whole, statuses);
  const markOwn = usePushNews(everyone, sayPushed);
  const columns = useColumns(days, weeks);
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
    send: { pick: onPick, unpick: onUnpick, place: onPlace },
  });
  const { held, picked, targetDay } = holding;
  const narrowing = useNarrowing({ asked: filters, rows: everyone, open, full, isPlanner: canOpen, views: SPAN_NAMES });
  const { rows } = narrowing;
  const totals = useTotals(rows, narrowing, holding.all);
  const shown = useMemo(() => shownShifts(narrowing.open, narrowing.full, isExpanded), [narrowing.open, narrowing.full, isExpanded]);

  const rowKeys = useMemo(() => [WEEK_ROW, OPEN_ROW, ...rows.map((row) => String(row.id))], [rows]);
  const weekOf = (col) => Math.floor((col - 1) / DAYS);
  const stopsAt = (index, col) => {
    if (col === 0 || index === 0 || (index === 1 && isMonth)) return 0;
    if (index === 1) return shown[col - 1].shifts.length + Number(shown[col - 1].hidden > 0);
    return col - 1 === targetDay ? 0 : rows[index - 2].cells[col - 1].length;
  };
  const today = days.findIndex((day) => day.today);
  const firstCol = Math.max(0, today) + 1;
  const roving = useRoving({ grid, scroller, rowKeys, stopsAt, isCellStop: () => false, firstCol, lastCol: days.length });
  const { current, goTo } = roving;
  usePersonLink({ grid, rowKeys, goTo });

  const countSaving = useMemo(
    () => (row, day) => (holding.saving.get(row.id) ?? NONE).filter((entry) => entry.day === day).length,
    [holding.saving],
  );
  const heights = useRowHeights(rows, countSaving, scroller);

  /* The week of today, or today itself where not even a week has room. */
  useLayoutEffect(() => {
    const box = scroller.current;
    if (today < 0 || box.scrollWidth <= box.clientWidth) return;
    const names = grid.current.querySelector(".board-corner").offsetWidth;
    const [column, first] = [today, today - (today % DAYS)].map((day) => grid.current.querySelectorAll(".span-day")[day]);
    const hasRoom = column.offsetLeft + column.offsetWidth - first.offsetLeft <= box.clientWidth - names;
    box.scrollLeft = (hasRoom ? first : column).offsetLeft - names;
  }, []);

  const rowOf = (key) => rows.find((row) => String(row.id) === key);
  const chipAt = (at) => (at.chip >= 0 && at.col > 0 ? rowOf(at.key)?.cells[at.col - 1][at.chip] : null);
  const goToWeek = (week) => navigate(weeks[week].href);
  const goToCell = ({ key, col }) => navigate(`${weeks[weekOf(col)].href}#cell-${key}-${((col - 1) % DAYS) + 1}`);
  const release = () => {
    goTo(1, held.day + 1, shown[held.day].shifts.findIndex((shift) => shift.id === held.shiftId));
    holding.putBack();
  };
  useEscape(Boolean(held), release);
  useEffect(() => {
    if (held) setNotice("");
  }, [held]);

  const activateOpen = (at) => {
    const { shifts: there, hidden } = shown[at.col - 1];
    const shift = there[at.chip];
    if (!isMonth && hidden && at.chip === there.length) setExpanded(true);
    else if (isMonth || !shift || !weeks[weekOf(at.col)].can_assign || shift.staffed >= shift.needed) goToCell(at);
    else if (held?.shiftId === shift.id) holding.putBack();
    else holding.pickShift(shift, at.col - 1);
  };
  const activate = (at) => {
    if (at.key === WEEK_ROW) {
      if (at.col > 0) goToWeek(weekOf(at.col));
      return;
    }
    if (at.col === 0) {
      if (at.key === OPEN_ROW && !isMonth) setExpanded(!isExpanded);
      return;
    }
    if (at.key === OPEN_ROW) {
      activateOpen(at);
      return;
    }
    const row = rowOf(at.key);
    if (!row) return;
    const chip = chipAt(at);
    if (held) {
      markOwn(row.id);
      holding.dropOn(row, at.col - 1, false);
    } else if (chip && canOpen) onOpenAssignment?.({ assignment_id: chip.id });
    else goToCell(at);
  };

  const onClick = (event) => {
    const at = placeOf(event.target);
    const isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!at || event.defaultPrevented || isElsewhere || event.target.closest("[data-saving]")) return;
    event.preventDefault();
    activate(at);
  };
  const onKeyDown = (event) => {
    const at = placeOf(event.target);
    if (!at || event.defaultPrevented) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (at.key === WEEK_ROW && step) {
      event.preventDefault();
      const week = at.col ? weekOf(at.col) + step : Math.max(0, step - 1);
      if (week >= 0 && week < weeks.length) goTo(0, week * DAYS + 1);
      return;
    }
    if (roving.move(event)) return;
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (event.shiftKey && at.col > 0 && at.key !== WEEK_ROW) goToCell(at);
    else activate(at);
  };

  const canAssign = !isMonth && weeks.some((week) => week.can_assign);
  const hasDraft = weeks.some((week) => week.status && week.status !== "published");
  const active = { col: current.col, chip: current.chip };
  return (
    <div className="board span" data-month={isMonth} data-cost={Boolean(currency)} data-holding={held?.how} style={{ "--days": days.length }}>
      <FilterBar filters={filters} narrowing={narrowing} everyone={everyone.length} hasBeside={false} onChange={onFilters} />
      <BoardBar
        picked={picked}
        notice={notice}
        days={days}
        left={picked ? holding.placesLeft(picked.shift) : 0}
        words={canAssign ? "Pick an open shift, then choose a person. A free day leads to its week." : "A day leads to its week."}
        looks={hasDraft ? [[true, "Draft"], PUBLISHED] : [PUBLISHED]}
        onPutBack={release}
      />
      <div className="board-scroll" ref={scroller}>
        <div
          role="grid"
          ref={grid}
          className="board-grid"
          aria-label={label}
          aria-describedby={helpId}
          aria-rowcount={rows.length + 3}
          aria-colcount={days.length + 1}
          onClick={onClick}
          onKeyDown={onKeyDown}
          onFocus={roving.onFocus}
          onBlur={roving.onBlur}
        >
          <WeekHeads
            weeks={weeks}
            totals={totals}
            people={rows.length}
            everyone={everyone.length}
            isFiltered={narrowing.isOn}
            canCreate={canCreate}
            active={current.index === 0 ? (current.col ? weekOf(current.col) : -1) : null}
          />
          <SpanDays days={columns} totals={totals.days} isFiltered={narrowing.isOn} isMonth={isMonth} targetDay={targetDay} />
          <SpanOpen
            days={columns}
            shown={shown}
            open={narrowing.open}
            full={narrowing.full}
            isMonth={isMonth}
            isExpanded={isExpanded}
            placesLeft={holding.placesLeft}
            picked={held?.shiftId}
            targetDay={targetDay}
            active={current.index === 1 ? active : null}
          />
          <SpanPeople
            rows={rows}
            days={columns}
            heights={heights}
            scroller={scroller}
            isMonth={isMonth}
            canOpen={canOpen}
            activeIndex={current.index - 2}
            active={active}
            targetDay={targetDay}
            targetShift={holding.target?.id ?? 0}
            verdicts={holding.found?.verdicts}
            saving={holding.saving}
          />
        </div>
        {!rows.length && (
          <p className="empty">{narrowing.isOn ? "Nobody here matches these filters." : "No active people at this site yet."}</p>
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

/* What the rows show of the days: another total must not draw every row again. */
function useColumns(days, weeks) {
  const key = JSON.stringify(
    days.map(({ date, label, long, today, weekend }, index) => {
      const { status, can_assign: canAssign } = weeks[Math.floor(index / DAYS)];
      return { date, label, long, today, weekend, canAssign, isDraft: status !== "published", isPlanned: status !== "", isFirst: index % DAYS === 0 };
    }),
  );
  return useMemo(() => JSON.parse(key), [key]);
}
