import { memo } from "react";
import { Icon } from "../icon.jsx";
import { ChangeMark, Ghosts, useChange } from "./changes.jsx";
import { SelectAll, SelectedMark, chipKey, useIsSelected } from "./select.jsx";
import { holds } from "./shifts.jsx";
import { STATUS, VERDICT, brief, count, hours, shiftName } from "./text.jsx";
import { PersonCost } from "./totals.jsx";

export function Chip({ chip, position, canOpen, canDrag, isLifted, tabIndex }) {
  const status = STATUS[chip.status] ?? STATUS.assigned;
  const name = [`${chip.label} ${chip.title}`.trim(), status.text, chip.kind !== "general" && chip.kind];
  const change = useChange(chip.id);
  if (change) name.push(change.text);
  if (chip.warn) name.push(count(chip.warn, "warning", "warnings"));
  if (chip.objects) name.push("has an objection");
  const isSelected = useIsSelected(chipKey(chip.id));
  if (isSelected) name.push("selected");
  const text = name.filter(Boolean).join(", ");
  return (
    <button
      type="button"
      className="chip"
      tabIndex={tabIndex}
      data-chip={position}
      data-kind={chip.kind}
      data-status={chip.status}
      data-drag={canDrag ? "chip" : undefined}
      data-lifted={isLifted || undefined}
      data-selected={isSelected || undefined}
      aria-pressed={canDrag ? isLifted : undefined}
      aria-disabled={!canOpen || undefined}
      aria-label={text}
      title={text}
    >
      <span className="chip-text">
        <span className="chip-time">{brief(chip.label)}</span>
        <span className="chip-title">{chip.title}</span>
      </span>
      <ChangeMark change={change} />
      {chip.warn > 0 && <Icon name="triangle-alert" className="icon-warn" />}
      {chip.objects && <Icon name="message-square-warning" className="icon-warn" />}
      {status.icon && <Icon name={status.icon} className={`icon-${status.tone}`} />}
      {isSelected && <SelectedMark />}
    </button>
  );
}

export function SavingChip({ shift }) {
  return (
    <div className="chip" data-kind={shift.kind} data-saving="true" title={`Saving ${shiftName(shift)}`}>
      <span className="chip-text">
        <span className="chip-time">{brief(shift.label)}</span>
        <span className="chip-title">Saving…</span>
      </span>
      <Icon name="loader-circle" className="spin" />
    </div>
  );
}

/* Time off that was approved. */
function Off({ text }) {
  return (
    <span className="board-off" title={text}>
      <Icon name="calendar-off" />
      <span>{text}</span>
    </span>
  );
}

export function TargetMark({ level, text }) {
  return (
    <span className="target-mark" aria-hidden="true">
      {level !== "wait" && <Icon name={VERDICT[level].icon} />}
      {text && <span>{text}</span>}
    </span>
  );
}

export function describeTarget(level, text, chips) {
  const parts = level === "wait" ? ["Place here"] : [`Place here: ${VERDICT[level].text}`, text];
  if (chips.length) parts.push(`has ${chips.map((chip) => `${chip.label} ${chip.title}`.trim()).join(" and ")}`);
  return parts.filter(Boolean).join(", ");
}

/* The name stands at the head of the row already; a narrow cell needs the room for the reason. */
export function withoutName(text, name) {
  return text.startsWith(`${name} `) ? text.slice(name.length + 1) : text;
}

/* Takes only what changes it, too: of a person's week a drag changes a day or two. */
const Cell = memo(function Cell({
  rowKey,
  name,
  day,
  col,
  chips,
  off,
  saving,
  activeChip,
  canOpen,
  canDrag,
  isActive,
  isStop,
  isTarget,
  isDim,
  liftedChip,
  level,
  reason,
}) {
  const isHere = isTarget && liftedChip > 0;
  const target =
    isTarget && !isHere
      ? { "data-target": level, "aria-label": describeTarget(level, reason, chips), title: reason || VERDICT[level]?.text }
      : {};
  return (
    <div
      role="gridcell"
      className="board-cell"
      data-cell={`${rowKey}:${col}`}
      data-today={day.today}
      data-weekend={day.weekend}
      data-dim={isDim || undefined}
      data-empty={(!chips.length && !saving.length) || undefined}
      data-off={off ? true : undefined}
      tabIndex={isStop || isTarget || !chips.length ? (isActive && activeChip < 0 ? 0 : -1) : undefined}
      {...target}
    >
      {off && <Off text={off} />}
      {chips.map((chip, position) => (
        <Chip
          key={chip.id}
          chip={chip}
          position={position}
          canOpen={canOpen}
          canDrag={canDrag}
          isLifted={chip.id === liftedChip}
          tabIndex={isActive && position === activeChip ? 0 : -1}
        />
      ))}
      <Ghosts rowId={rowKey} day={col - 1} />
      {saving.map((entry) => (
        <SavingChip key={entry.shift.id} shift={entry.shift} />
      ))}
      {isTarget && !isHere && !saving.length && <TargetMark level={level} text={withoutName(reason, name)} />}
    </div>
  );
});

const NONE = [];

function Hours({ minutes, target }) {
  if (!target) return <span className="board-hours">{hours(minutes)}</span>;
  const over = minutes - target;
  return (
    <span className="board-hours" data-over={over > 0 || undefined} title={`${hours(minutes)} of ${hours(target)}`}>
      {over > 0 && <Icon name="triangle-alert" />}
      {hours(minutes, "")} / {hours(target)}
      {over > 0 && <span className="sr-only">, {hours(over)} over</span>}
    </span>
  );
}

export const PersonName = memo(function PersonName({ row, canSelect, selects = "week", tabIndex }) {
  return (
    <div role="rowheader" className="board-cell board-name" data-cell={`${row.id}:0`} tabIndex={tabIndex}>
      {canSelect && <SelectAll what={`row:${row.id}`} label={`Select the ${selects} of ${row.name}`} />}
      <span className="avatar" aria-hidden="true">
        {row.initials}
      </span>
      <span className="board-name-text">
        <span className="board-first">
          <span className="board-person" title={row.name}>
            {row.name}
          </span>
          <PersonCost row={row} />
        </span>
        <span className="board-sub">
          <span className="board-where">{row.department || row.role}</span>
          <Hours minutes={row.minutes} target={row.target} />
        </span>
      </span>
    </div>
  );
});

/* Whether a shift can go to a person; `noTarget` says that the day has none for anybody. */
export function sayOf(row, day, shiftId, noTarget, isJudged, verdict) {
  if (noTarget) return { level: "block", text: noTarget };
  if (holds(row, day, shiftId)) return { level: "block", text: "Already on this shift" };
  if (verdict) return verdict;
  return { level: isJudged ? "block" : "wait", text: "" };
}

/* One person's week. Takes only what changes it: the memo is what keeps a push of one row to one row. */
export const PersonRow = memo(function PersonRow({
  row,
  days,
  ariaRow,
  top,
  height,
  activeCol,
  activeChip,
  canOpen,
  canDrag,
  isStop,
  isDim,
  liftedChip,
  targetDay,
  targetShift,
  noTarget,
  verdict,
  isJudged,
  saving = NONE,
}) {
  const style = top === undefined ? undefined : { height, transform: `translateY(${top}px)` };
  return (
    <div role="row" className="board-row" aria-rowindex={ariaRow} style={style}>
      <PersonName row={row} canSelect={canDrag} tabIndex={activeCol === 0 ? 0 : -1} />
      {days.map((day, index) => {
        const isTarget = index === targetDay;
        const isActive = activeCol === index + 1;
        const chips = row.cells[index];
        const coming = saving.filter((entry) => entry.day === index);
        const said = isTarget ? sayOf(row, index, targetShift, noTarget, isJudged, verdict) : undefined;
        return (
          <Cell
            key={day.date}
            rowKey={row.id}
            name={row.name}
            day={day}
            col={index + 1}
            chips={chips}
            off={row.off?.[index]}
            saving={coming.length ? coming : NONE}
            isActive={isActive}
            activeChip={isActive ? activeChip : -1}
            canOpen={canOpen}
            canDrag={canDrag}
            isStop={isStop}
            isTarget={isTarget}
            isDim={isDim && !isTarget}
            liftedChip={chips.some((chip) => chip.id === liftedChip) ? liftedChip : 0}
            level={said?.level}
            reason={said?.text}
          />
        );
      })}
    </div>
  );
});
