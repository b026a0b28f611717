import { useEffect, useRef } from "react";
import { Icon } from "../icon.jsx";
import { useAction } from "../palette/store.jsx";

function Action({ action, onBegin }) {
  const run = () => onBegin(action.name);
  useAction({ name: `selected-${action.name}`, label: action.label, words: "selected selection", icon: action.icon, ofPage: true, onRun: run });
  return (
    <button type="button" className="btn" onClick={run}>
      <Icon name={action.icon} /> {action.label}
    </button>
  );
}

/* What can be done with what is selected, each in full, in the place of the board's bar. */
export function SelectionBar({ selection }) {
  const done = useRef(null);
  const { count, actions, isSelecting } = selection;
  /* The button that began it has gone with the bar before. */
  useEffect(() => {
    if (isSelecting) done.current.focus({ preventScroll: true });
  }, [isSelecting]);
  return (
    <div className="board-placing board-selection" role="group" aria-label="Selection">
      <span className="board-selected">
        {count ? `${count} selected` : "Choose shifts, a name or a day"}
      </span>
      <span className="board-selection-actions">
        {actions.map((action) => (
          <Action key={action.name} action={action} onBegin={selection.begin} />
        ))}
      </span>
      <span className="board-bar-end">
        <button type="button" className="btn btn-quiet" ref={done} onClick={selection.leave}>
          {count ? "Clear" : "Done"} <kbd>Esc</kbd>
        </button>
      </span>
    </div>
  );
}
