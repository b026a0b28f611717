import { Icon, count } from "./text.jsx";

function Legend({ striped }) {
  return (
    <div className="legend">
      <span className="legend-item">
        <span className="legend-swatch" data-striped={striped} /> {striped ? "Draft, seen by planners only" : "Published"}
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
  );
}

/* One line above the grid, always of the same height: what is being placed, or what the marks mean. */
export function BoardBar({ picked, left, days, striped, canAssign, busy, onDetails, onPutBack }) {
  const shift = picked?.shift;
  return (
    <div className="board-bar" data-placing={picked !== null}>
      {picked ? (
        <>
          <Icon name="hand" />
          <span className="board-bar-text">
            Placing <strong>{`${shift.title} ${shift.label}`.trim()}</strong>, {days[picked.day].label}
            {left > 1 && ` (${count(left, "place", "places")} left)`}. Choose a person.
          </span>
          <span className="board-bar-end">
            <button type="button" className="btn btn-quiet" onClick={onDetails}>
              Details
            </button>
            <button type="button" className="btn" onClick={onPutBack}>
              Put back <kbd>Esc</kbd>
            </button>
          </span>
        </>
      ) : (
        <>
          {canAssign && <span className="board-bar-text">Click an open shift, then the person who takes it.</span>}
          <span className="board-bar-end">
            <Legend striped={striped} />
          </span>
        </>
      )}
      {busy && <span className="board-busy" />}
    </div>
  );
}
