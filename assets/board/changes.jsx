import { createContext, useContext } from "react";
import { Icon } from "../icon.jsx";
import { brief } from "./text.jsx";

/* What differs from another version: {marks: by assignment, ghosts: by employee}, or null when that is not asked for. */
export const Changes = createContext(null);

const ICONS = { added: "plus", moved: "clock", taken: "minus" };

export function useChange(chipId) {
  return useContext(Changes)?.marks?.[chipId];
}

export function ChangeMark({ change }) {
  return change ? (
    <span className="chip-change" data-change={change.kind}>
      <Icon name={ICONS[change.kind]} />
    </span>
  ) : null;
}

export function ghostsOf(changes, rowId, day) {
  return (changes?.ghosts?.[rowId] ?? []).filter((ghost) => ghost.day === day);
}

/* A shift that a person has no longer, or would have. It is there to be seen, and nothing can be done with it. */
export function GhostChip({ ghost }) {
  const text = `${ghost.label} ${ghost.title}, ${ghost.text}`;
  return (
    <div className="chip chip-ghost" data-ghost={ghost.kind} title={text}>
      <span className="chip-text" aria-hidden="true">
        <span className="chip-time">{brief(ghost.label)}</span>
        <span className="chip-title">{ghost.title}</span>
      </span>
      <Icon
        name={ghost.kind === "proposed" ? "sparkles" : "minus"}
        className={ghost.kind === "proposed" ? "icon-proposed" : "icon-danger"}
      />
      <span className="sr-only">{text}</span>
    </div>
  );
}

export function Ghosts({ rowId, day }) {
  return ghostsOf(useContext(Changes), rowId, day).map((ghost, index) => <GhostChip key={index} ghost={ghost} />);
}
