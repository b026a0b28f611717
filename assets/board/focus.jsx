import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

export const OPEN_ROW = "open";

function clamp(value, top) {
  return Math.max(0, Math.min(value, top));
}

/* Scrolls just enough that a cell stands clear of the sticky rows above and the sticky names beside it. */
function reveal(scroller, stop) {
  const cell = stop.closest("[data-cell]");
  const box = cell.getBoundingClientRect();
  const view = scroller.getBoundingClientRect();
  const bottom = view.top + scroller.clientHeight;
  const right = view.left + scroller.clientWidth;
  const isStuck = (part) => part && getComputedStyle(part).position === "sticky";
  const row = cell.parentElement;
  if (!isStuck(row)) {
    const above = [...scroller.querySelectorAll("[data-sticky]")].filter(isStuck);
    const top = Math.max(view.top, ...above.map((part) => part.getBoundingClientRect().bottom));
    if (box.top < top) scroller.scrollTop -= top - box.top;
    else if (box.bottom > bottom) scroller.scrollTop += box.bottom - bottom;
  }
  if (!isStuck(cell)) {
    const left = row.firstElementChild.getBoundingClientRect().right;
    if (box.left < left) scroller.scrollLeft -= left - box.left;
    else if (box.right > right) scroller.scrollLeft += box.right - right;
  }
}

/* The cell that the page's address names, as #cell-<person or open>-<column>: a link to the board may lead to one. */
function namedCell() {
  const found = /^#cell-(\d+|open)-([1-7])$/.exec(window.location.hash);
  return found && { key: found[1], col: Number(found[2]), chip: 0 };
}

/*
 * One tab stop for the whole grid. While a person's shift is picked up, a cell is
 * a stop before the chips in it. What is active is a person (or the open row), a column and a chip number, never an
 * element or an index, so that it stays where it is when rows come, go, move or leave the window.
 */
export function useRoving({ grid, scroller, rowKeys, stopsAt, isCellStop, firstCol, lastCol = 7 }) {
  const [named] = useState(namedCell);
  const [active, setActive] = useState(named ?? { key: OPEN_ROW, col: firstCol, chip: 0 });
  const isInside = useRef(Boolean(named));
  const shouldReveal = useRef(Boolean(named));
  const lastIndex = useRef(0);

  const found = rowKeys.indexOf(active.key);
  const index = found >= 0 ? found : clamp(lastIndex.current, rowKeys.length - 1);
  const stops = stopsAt(index, active.col);
  const isOnCell = !stops || (active.chip < 0 && isCellStop(index, active.col));
  const [key, col, chip] = [rowKeys[index], active.col, isOnCell ? -1 : clamp(active.chip, stops - 1)];
  const current = useMemo(() => ({ index, key, col, chip }), [index, key, col, chip]);

  useLayoutEffect(() => {
    lastIndex.current = index;
    if (!isInside.current) return;
    const stop = grid.current.querySelector('[tabindex="0"]');
    if (!stop) return;
    if (stop !== document.activeElement) stop.focus({ preventScroll: true });
    if (shouldReveal.current) reveal(scroller.current, stop);
    shouldReveal.current = false;
  });

  const goTo = (row, col, chip = -1) => {
    shouldReveal.current = true;
    setActive({ key: rowKeys[clamp(row, rowKeys.length - 1)], col: clamp(col, lastCol), chip });
  };

  /* Goes to the cell beside, by rows and columns, and tells which it is; never to a name. */
  const stepFrom = ({ row, col }, [down, right]) => {
    const to = { row: clamp(row + down, rowKeys.length - 1), col: Math.max(1, clamp(col + right, lastCol)) };
    goTo(to.row, to.col, 0);
    return to;
  };

  const pageRows = () => {
    const height = grid.current.querySelector(".board-body > [role=row]")?.offsetHeight || 40;
    return Math.max(1, Math.floor((scroller.current.clientHeight * 0.7) / height));
  };

  /* Returns whether the key was a movement. */
  const move = (event) => {
    const { altKey, ctrlKey, metaKey } = event;
    const jump = ctrlKey || metaKey;
    const moves = {
      ArrowLeft: () => goTo(index, col - 1),
      ArrowRight: () => goTo(index, col + 1),
      ArrowUp: () => (altKey ? goTo(index, col, chip - 1) : goTo(index - 1, col)),
      ArrowDown: () => (altKey ? goTo(index, col, chip + 1) : goTo(index + 1, col)),
      Home: () => goTo(jump ? 0 : index, 0),
      End: () => goTo(jump ? rowKeys.length - 1 : index, lastCol),
      PageUp: () => goTo(Math.max(index - pageRows(), Math.min(index, 1)), col),
      PageDown: () => goTo(index + pageRows(), col),
    };
    if (!moves[event.key] || (jump && event.key.startsWith("Arrow"))) return false;
    event.preventDefault();
    moves[event.key]();
    return true;
  };

  const onFocus = (event) => {
    isInside.current = true;
    const at = placeOf(event.target);
    if (!at || (at.key === current.key && at.col === current.col && at.chip === current.chip)) return;
    setActive(at);
  };

  const onBlur = (event) => {
    if (!event.currentTarget.contains(event.relatedTarget)) isInside.current = false;
  };

  return { current, goTo, stepFrom, move, onFocus, onBlur };
}

/* Which cell and chip an element of the grid belongs to. */
export function placeOf(element) {
  const cell = element.closest("[data-cell]");
  if (!cell) return null;
  const [key, col] = cell.dataset.cell.split(":");
  const chip = element.closest("[data-chip]");
  return { key, col: Number(col), chip: chip ? Number(chip.dataset.chip) : -1 };
}

/* Wherever the focus is: not every browser moves it to a clicked button. An open dialog takes its Escape for itself. */
export function useEscape(isOn, act) {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    if (!isOn) return undefined;
    const onKey = (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) latest.current();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [isOn]);
}
