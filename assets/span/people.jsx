import { memo, useRef } from "react";
import { Icon } from "../icon.jsx";
import { useVisibleRows } from "../board/people.jsx";
import { PersonName, sayOf } from "../board/row.jsx";
import { STATUS, VERDICT, count } from "../board/text.jsx";
import { shortTimes } from "./data.jsx";

const DRAW_ALL_UP_TO = 30;
const NONE = [];

function Chip({ chip, position, isMonth, tabIndex }) {
  const status = STATUS[chip.status] ?? STATUS.assigned;
  const text = [
    `${chip.label} ${chip.title}`.trim(),
    status.text,
    chip.kind !== "general" && chip.kind,
    chip.warn > 0 && count(chip.warn, "warning", "warnings"),
  ]
    .filter(Boolean)
    .join(", ");
  return (
    <button
      type="button"
      className="chip"
      tabIndex={tabIndex}
      data-chip={position}
      data-kind={chip.kind}
      data-status={chip.status}
      aria-label={text}
      title={text}
    >
      <span className="chip-text">
        <span className="chip-time">{shortTimes(chip.label)}</span>
        {!isMonth && <span className="chip-title">{chip.title}</span>}
      </span>
      {chip.warn > 0 && <Icon name="triangle-alert" className="icon-warn" />}
      {status.icon && <Icon name={status.icon} className={`icon-${status.tone}`} />}
    </button>
  );
}

function describe(said, chips) {
  const parts = said.level === "wait" ? ["Place here"] : [`Place here: ${VERDICT[said.level].text}`, said.text];
  if (chips.length) parts.push(`has ${chips.map((chip) => `${chip.label} ${chip.title}`).join(" and ")}`);
  return parts.filter(Boolean).join(", ");
}

function Cell({ rowId, day, col, chips, saving, isMonth, activeChip, isActive, isDim, said }) {
  const target = said && { "data-target": said.level, "aria-label": describe(said, chips), title: said.text || VERDICT[said.level].text };
  const isStop = said || !chips.length;
  return (
    <div
      role="gridcell"
      className="board-cell span-cell"
      data-cell={`${rowId}:${col}`}
      data-today={day.today}
      data-weekend={day.weekend}
      data-first={day.isFirst}
      data-draft={day.isDraft || undefined}
      data-planned={day.isPlanned}
      data-dim={isDim || undefined}
      tabIndex={isStop ? (isActive ? 0 : -1) : undefined}
      {...target}
    >
      {chips.map((chip, position) => (
        <Chip
          key={chip.id}
          chip={chip}
          position={position}
          isMonth={isMonth}
          tabIndex={isActive && !said && position === activeChip ? 0 : -1}
        />
      ))}
      {saving.map((entry) => (
        <div key={entry.shift.id} className="chip" data-kind={entry.shift.kind} data-saving="true">
          <span className="chip-text">
            <span className="chip-time">{shortTimes(entry.shift.label)}</span>
            <span className="chip-title">Saving…</span>
          </span>
        </div>
      ))}
      {said && !saving.length && (
        <span className="target-mark" aria-hidden="true">
          {said.level !== "wait" && <Icon name={VERDICT[said.level].icon} />}
        </span>
      )}
    </div>
  );
}

/* One person's weeks. Takes only what changes it. */
const SpanRow = memo(function SpanRow({
  row,
  days,
  ariaRow,
  top,
  height,
  isMonth,
  activeCol,
  activeChip,
  targetDay,
  targetShift,
  verdict,
  isJudged,
  saving = NONE,
}) {
  const style = top === undefined ? undefined : { height, transform: `translateY(${top}px)` };
  return (
    <div role="row" className="board-row" aria-rowindex={ariaRow} style={style}>
      <PersonName row={row} tabIndex={activeCol === 0 ? 0 : -1} />
      {days.map((day, index) => (
        <Cell
          key={day.date}
          rowId={row.id}
          day={day}
          col={index + 1}
          chips={row.cells[index]}
          saving={saving.length ? saving.filter((entry) => entry.day === index) : NONE}
          isMonth={isMonth}
          isActive={activeCol === index + 1}
          activeChip={activeChip}
          isDim={targetDay >= 0 && targetDay !== index}
          said={index === targetDay ? sayOf(row, index, targetShift, "", isJudged, verdict) : undefined}
        />
      ))}
    </div>
  );
});

/* Scrolling redraws this component alone, and of its rows only those that come into the window. */
export const SpanPeople = memo(function SpanPeople({
  rows,
  days,
  heights,
  scroller,
  isMonth,
  activeIndex,
  active,
  targetDay,
  targetShift,
  verdicts,
  saving,
}) {
  const body = useRef(null);
  const isVirtual = rows.length > DRAW_ALL_UP_TO;
  const items = useVisibleRows({ isVirtual, rows, heights, scroller, body, activeIndex });
  return (
    <div role="rowgroup" ref={body} className="board-body" data-virtual={isVirtual} style={isVirtual ? { height: items.total } : undefined}>
      {items.list.map(({ index, top, height }) => {
        const row = rows[index];
        const isActive = activeIndex === index;
        return (
          <SpanRow
            key={row.id}
            row={row}
            days={days}
            ariaRow={index + 4}
            top={top}
            height={height}
            isMonth={isMonth}
            activeCol={isActive ? active.col : -1}
            activeChip={isActive ? active.chip : -1}
            targetDay={targetDay}
            targetShift={targetShift}
            verdict={verdicts?.[row.id]}
            isJudged={verdicts !== undefined}
            saving={saving.get(row.id)}
          />
        );
      })}
    </div>
  );
});
