import { useEffect, useRef, useState } from "react";

const LEAST_MS = 250;
const SHOWN = 5;
const COLOURS = 6;

/* The cell of the board that has the focus; a dialog opened from it leaves one there. */
function useCell(onCell) {
  const [cell, setCell] = useState("");
  const latest = useRef();
  const sent = useRef({ cell: "", at: 0, timer: undefined });
  useEffect(() => {
    latest.current = onCell;
  });
  useEffect(() => {
    const onFocus = (event) => {
      if (event.target.closest("[role=dialog], dialog")) return;
      setCell(event.target.closest("[role=grid] [data-cell]")?.dataset.cell ?? "");
    };
    document.addEventListener("focusin", onFocus);
    return () => document.removeEventListener("focusin", onFocus);
  }, []);
  useEffect(() => {
    const last = sent.current;
    clearTimeout(last.timer);
    if (cell === last.cell) return;
    last.timer = setTimeout(
      () => {
        Object.assign(last, { cell, at: Date.now() });
        latest.current?.({ cell });
      },
      Math.max(0, last.at + LEAST_MS - Date.now()),
    );
  }, [cell]);
  useEffect(() => () => clearTimeout(sent.current.timer), []);
  return cell;
}

/* As CSS writes any character inside a string. */
const quoted = (text) => `"${[...text].map((letter) => `\\${letter.codePointAt(0).toString(16).padStart(6, "0")}`).join("")}"`;

/* Rows come and go while scrolling; a rule finds the cell whenever it is there, and no row is drawn again for it. */
function ruleOf({ initials, name, cell, id }) {
  if (!/^(open|\d+):[0-7]$/.test(cell)) return "";
  const at = `.board [data-cell="${cell}"]`;
  const colour = `var(--presence-${id % COLOURS})`;
  return (
    `${at}{box-shadow:inset 0 0 0 2px ${colour}}` +
    `${at}::after{content:${quoted(initials)};content:${quoted(initials)} / ${quoted(`${name} is here`)};` +
    `position:absolute;inset:auto 0 0 auto;display:block;padding:0 .25rem;border-radius:4px 0 0 0;` +
    `background:${colour};color:var(--surface);font-size:.6875rem;font-weight:600;line-height:1.125rem;z-index:2;` +
    `pointer-events:none}`
  );
}

export function Presence({ others = [], onCell }) {
  const cell = useCell(onCell);
  const here = others.filter((each) => cell && each.cell === cell).map((each) => each.name);
  if (!others.length) return null;
  const hidden = others.length - SHOWN;
  return (
    <div className="presence">
      <style>{others.map(ruleOf).join("")}</style>
      <span className="presence-text">{here.length ? `${here.join(", ")} ${here.length > 1 ? "are" : "is"} here` : "Also here"}</span>
      <ul className="presence-people" aria-label="Also looking at this week">
        {others.slice(0, SHOWN).map((each) => (
          <li key={each.id} className="avatar" style={{ "--own": `var(--presence-${each.id % COLOURS})` }} title={each.name}>
            <span aria-hidden="true">{each.initials}</span>
            <span className="sr-only">{each.name}</span>
          </li>
        ))}
        {hidden > 0 && <li className="presence-more">+{hidden}</li>}
      </ul>
    </div>
  );
}
