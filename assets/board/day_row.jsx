import { memo } from "react";
import { GhostChip } from "./changes.jsx";
import { Chip, PersonName, SavingChip, TargetMark, describeTarget, sayOf, withoutName } from "./row.jsx";
import { useVisibleRows } from "./people.jsx";
import { brief } from "./text.jsx";

/* Where a bar stands, as shares of the day and as a lane; the stylesheet makes lengths of them. */
export const placed = ({ from, to, lane }) => ({ "--from": from, "--to": to, "--lane": lane });

/* A shift of the week before: there to be seen, and to be changed in its own week. */
export function NightBar({ name, text }) {
  return (
    <span className="chip" data-kind={name.kind} data-status={name.status} title={text}>
      <span className="chip-text" aria-hidden="true">
        <span className="chip-time">{brief(name.label)}</span>
        <span className="chip-title">{name.title}</span>
      </span>
      <span className="sr-only">{text}</span>
    </span>
  );
}

function Bar({ bar, canOpen, canDrag, isLifted, tabIndex }) {
  return (
    <span className="day-bar" style={placed(bar)} data-in={bar.isIn || undefined} data-out={bar.isOut || undefined}>
      {bar.saving && <SavingChip shift={bar.saving} />}
      {bar.ghost && <GhostChip ghost={bar.ghost} />}
      {bar.isNight && <NightBar name={bar.chip} text={`${bar.chip.label} ${bar.chip.title}, began in the week before`} />}
      {bar.col && (
        <Chip chip={bar.chip} position={bar.position} canOpen={canOpen} canDrag={canDrag} isLifted={isLifted} tabIndex={tabIndex} />
      )}
    </span>
  );
}

/* One person's day. What they began the day before is a cell of its own over the same track. */
const DayRow = memo(function DayRow({ line, day, dayBefore, col, ariaRow, top, height, stop, canOpen, canDrag, holds, verdict, isJudged }) {
  const { row, bars, lanes } = line;
  const isTarget = Boolean(holds);
  const isHere = isTarget && bars.some((bar) => bar.chip && bar.chip.id === holds.chipId);
  const said = isTarget ? sayOf(row, holds.day, holds.shiftId, "", isJudged, verdict) : undefined;
  const tabIndex = (at, chip) => (stop && stop.col === at && stop.chip === chip ? 0 : -1);
  const draw = (bar) => (
    <Bar
      key={bar.chip?.id ?? (bar.saving ? `saving ${bar.saving.id}` : `ghost ${bar.ghost.starts} ${bar.ghost.text}`)}
      bar={bar}
      canOpen={canOpen}
      canDrag={canDrag}
      isLifted={isTarget && bar.chip?.id === holds.chipId}
      tabIndex={bar.col ? tabIndex(bar.col, bar.position) : undefined}
    />
  );
  const before = bars.filter((bar) => bar.col === col - 1 && bar.col > 0);
  const own = bars.filter((bar) => !before.includes(bar));
  const isStop = isTarget || !bars.some((bar) => bar.col);
  const chips = own.filter((bar) => bar.chip).map((bar) => bar.chip);
  const target =
    isTarget && !isHere
      ? { "data-target": said.level, "aria-label": describeTarget(said.level, said.text, chips), title: said.text || undefined }
      : {};
  const style = { "--lanes": lanes, ...(top === undefined ? {} : { height, transform: `translateY(${top}px)` }) };
  return (
    <div role="row" className="board-row day-row" aria-rowindex={ariaRow} style={style}>
      <PersonName row={row} canSelect={canDrag} selects="day" tabIndex={tabIndex(0, -1)} />
      {before.length > 0 && (
        <div role="gridcell" className="day-before" data-cell={`${row.id}:${col - 1}`} aria-label={`From ${dayBefore}`}>
          {before.map(draw)}
        </div>
      )}
      <div
        role="gridcell"
        className="board-cell day-track"
        data-cell={`${row.id}:${col}`}
        data-today={day.today}
        data-weekend={day.weekend}
        data-empty={!bars.length || undefined}
        tabIndex={isStop ? tabIndex(col, -1) : undefined}
        {...target}
      >
        {own.map(draw)}
        {isTarget && !isHere && <TargetMark level={said.level} text={withoutName(said.text, row.name)} />}
        <span className="day-now" aria-hidden="true" />
      </div>
    </div>
  );
});

export const DayPeople = memo(function DayPeople({ lines, heights, scroller, active, verdicts, body, ...rest }) {
  const rows = lines.rows;
  const isVirtual = rows.length > 60;
  const items = useVisibleRows({ isVirtual, rows, heights, scroller, body, activeIndex: active ? active.index : -1 });
  return (
    <div
      role="rowgroup"
      ref={body}
      className="board-body"
      data-virtual={isVirtual}
      style={isVirtual ? { height: items.total } : undefined}
    >
      {items.list.map(({ index, top, height }) => (
        <DayRow
          key={rows[index].id}
          line={lines.list[index]}
          ariaRow={index + 4}
          top={top}
          height={height}
          stop={active?.index === index ? active.stop : undefined}
          verdict={verdicts?.[rows[index].id]}
          isJudged={verdicts !== undefined}
          {...rest}
        />
      ))}
    </div>
  );
});
