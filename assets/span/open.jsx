import { Icon } from "../icon.jsx";
import { OPEN_ROW } from "../board/focus.jsx";
import { placesWords } from "../board/head.jsx";
import { count } from "../board/text.jsx";
import { shortTimes } from "./data.jsx";

function OpenChip({ shift, position, left, isPicked, canPick, tabIndex }) {
  const isFull = shift.staffed >= shift.needed;
  const name = [
    `${shift.label} ${shift.title}`.trim(),
    isFull ? "fully staffed" : `${left} of ${count(shift.needed, "place", "places")} open`,
    shift.department,
    shift.qualifications.length > 0 && `needs ${shift.qualifications.join(", ")}`,
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
      aria-pressed={canPick && !isFull ? isPicked : undefined}
      aria-label={text}
      title={text}
    >
      <span className="chip-text">
        <span className="chip-time">{shortTimes(shift.label)}</span>
        <span className="chip-title">{shift.title}</span>
      </span>
      <span className="chip-need">
        {shift.needed - left}/{shift.needed}
      </span>
    </button>
  );
}

function Shifts({ day, there, full, col, placesLeft, picked, tabIndex }) {
  const { shifts, hidden } = there;
  return (
    <>
      {shifts.map((shift, position) => (
        <OpenChip
          key={shift.id}
          shift={shift}
          position={position}
          left={placesLeft(shift)}
          isPicked={picked === shift.id}
          canPick={day.canAssign}
          tabIndex={tabIndex(col, position)}
        />
      ))}
      {hidden > 0 && (
        <button type="button" className="board-more" data-chip={shifts.length} tabIndex={tabIndex(col, shifts.length)}>
          {hidden} more
          <span className="sr-only"> open on {day.long}</span>
        </button>
      )}
      {!shifts.length && full.length > 0 && (
        <span className="board-filled">
          <Icon name="check" /> Filled
        </span>
      )}
    </>
  );
}

function Places({ places }) {
  if (!places) return null;
  return (
    <span className="span-places">
      {places}
      <span className="sr-only"> {places === 1 ? "place" : "places"} to fill</span>
    </span>
  );
}

/* What needs people: of two weeks the shifts, to be picked up; of a month how many places a day has left. */
export function SpanOpen({ days, shown, open, full, isMonth, isExpanded, placesLeft, picked, targetDay, active }) {
  const tabIndex = (col, chip) => (active && active.col === col && active.chip === chip ? 0 : -1);
  const places = open.map((shifts) => shifts.reduce((sum, shift) => sum + placesLeft(shift), 0));
  const all = places.reduce((sum, each) => sum + each, 0);
  const hasShifts = [...open, ...full].some((shifts) => shifts.length);
  return (
    <div role="row" className="board-row board-open" aria-rowindex={3} data-sticky="true" data-expanded={isExpanded || undefined}>
      <div role="rowheader" className="board-cell board-name board-open-name" data-cell={`${OPEN_ROW}:0`} tabIndex={tabIndex(0, -1)}>
        <span className="board-name-text">
          <span className="board-person">Open shifts</span>
          <span className="board-sub">{placesWords(all, hasShifts)}</span>
        </span>
      </div>
      {days.map((day, index) => {
        const col = index + 1;
        const isStop = isMonth || !(shown[index].shifts.length + shown[index].hidden);
        return (
          <div
            key={day.date}
            role="gridcell"
            className="board-cell span-cell"
            data-cell={`${OPEN_ROW}:${col}`}
            data-today={day.today}
            data-weekend={day.weekend}
            data-first={day.isFirst}
            data-planned={day.isPlanned}
            data-dim={(targetDay >= 0 && targetDay !== index) || undefined}
            tabIndex={isStop ? tabIndex(col, -1) : undefined}
          >
            {isMonth ? (
              <Places places={places[index]} />
            ) : (
              <Shifts
                day={day}
                there={shown[index]}
                full={full[index]}
                col={col}
                placesLeft={placesLeft}
                picked={picked}
                tabIndex={tabIndex}
              />
            )}
          </div>
        );
      })}
    </div>
  );
}
