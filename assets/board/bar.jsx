import { Icon } from "../icon.jsx";
import { SelectionBar } from "./select_bar.jsx";
import { count } from "./text.jsx";

/* What the marks mean; `looks` are [striped, words] of what is drawn. */
function Legend({ looks }) {
  return (
    <div className="legend">
      {looks.map(([striped, words]) => (
        <span key={words} className="legend-item">
          <span className="legend-swatch" data-striped={striped} /> {words}
        </span>
      ))}
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
      <span className="legend-item">
        <Icon name="message-square-warning" /> Objection
      </span>
    </div>
  );
}

function Placing({ picked, left, days, onDetails, onPutBack }) {
  const { shift, day, kind, name } = picked;
  const isMoving = kind === "chip";
  return (
    <div className="board-placing">
      <Icon name="hand" />
      <span className="board-bar-text">
        {isMoving ? "Moving " : "Placing "}
        <strong>{isMoving ? name : `${shift.title} ${shift.label}`.trim()}</strong>, {days[day].label}
        {left > 1 && !isMoving && ` (${count(left, "place", "places")} left)`}.{" "}
        {isMoving ? "Choose a person, a day or another shift; with Ctrl it is copied." : "Choose a person."}
      </span>
      <span className="board-bar-end">
        {onDetails && (
          <button type="button" className="btn btn-quiet" onClick={onDetails}>
            Details
          </button>
        )}
        <button type="button" className="btn" onClick={onPutBack}>
          Put back <kbd>Esc</kbd>
        </button>
      </span>
    </div>
  );
}

/*
 * One line above the grid, always of the same height: what is being placed or selected, or `words` on what can be done
 * and what the marks mean.
 */
export function BoardBar({ picked, notice, words, isAsking, looks, selection, ...placing }) {
  const isSelecting = !picked && Boolean(selection?.isActive);
  return (
    <div className="board-bar">
      {notice && !picked && !isSelecting && (
        <div className="board-placing board-notice">
          <Icon name="triangle-alert" className="icon-warn" />
          <span className="board-bar-text">{notice}</span>
        </div>
      )}
      {picked && <Placing picked={picked} {...placing} />}
      {isSelecting && <SelectionBar selection={selection} />}
      <div className="board-idle">
        {words && (
          <span className="board-bar-text" data-asking={isAsking || undefined}>
            {words}
          </span>
        )}
        {!isAsking && <Legend looks={looks} />}
        {selection && !isAsking && (
          <button type="button" className="btn btn-quiet board-select" onClick={selection.start}>
            Select
          </button>
        )}
      </div>
    </div>
  );
}
