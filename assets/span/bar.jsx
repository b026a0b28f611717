import { Icon } from "../icon.jsx";
import { count } from "../board/text.jsx";

function Placing({ picked, day, left, onPutBack }) {
  const { shift } = picked;
  return (
    <div className="board-placing">
      <Icon name="hand" />
      <span className="board-bar-text">
        Placing <strong>{`${shift.title} ${shift.label}`}</strong>, {day.label}
        {left > 1 && ` (${count(left, "place", "places")} left)`}. Choose a person.
      </span>
      <span className="board-bar-end">
        <button type="button" className="btn" onClick={onPutBack}>
          Put back <kbd>Esc</kbd>
        </button>
      </span>
    </div>
  );
}

/* One line above the grid, always of the same height: what is being placed, or what the marks mean. */
export function SpanBar({ picked, notice, day, left, weeks, canAssign, onPutBack }) {
  const hasDraft = weeks.some((week) => week.status && week.status !== "published");
  return (
    <div className="board-bar">
      {notice && !picked && (
        <div className="board-placing board-notice">
          <Icon name="triangle-alert" className="icon-warn" />
          <span className="board-bar-text">{notice}</span>
        </div>
      )}
      {picked && <Placing picked={picked} day={day} left={left} onPutBack={onPutBack} />}
      <div className="board-idle">
        <span className="board-bar-text">
          {canAssign ? "Pick an open shift, then choose a person. A free day leads to its week." : "A day leads to its week."}
        </span>
        <div className="legend">
          {hasDraft && (
            <span className="legend-item">
              <span className="legend-swatch" data-striped="true" /> Draft
            </span>
          )}
          <span className="legend-item">
            <span className="legend-swatch" /> Published
          </span>
          <span className="legend-item">
            <Icon name="check" /> Confirmed
          </span>
          <span className="legend-item">
            <Icon name="clock" /> Not answered
          </span>
          <span className="legend-item">
            <Icon name="x" /> Declined
          </span>
          <span className="legend-item">
            <Icon name="triangle-alert" /> Rule warning
          </span>
        </div>
      </div>
    </div>
  );
}
