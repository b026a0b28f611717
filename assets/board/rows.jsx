import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

const NO_PATCH = {};

/* Rows that say the same keep their identity, so that only changed people are drawn again. */
function useStableRows(rows) {
  const seen = useRef(new Map());
  const stable = useMemo(() => {
    const next = new Map();
    for (const row of rows) {
      const before = seen.current.get(row.id);
      const same = before && (before === row || JSON.stringify(before) === JSON.stringify(row));
      next.set(row.id, same ? before : row);
    }
    return next;
  }, [rows]);
  useEffect(() => {
    seen.current = stable;
  }, [stable]);
  return useMemo(() => [...stable.values()], [stable]);
}

/* The snapshot with the newer rows laid over it; people the snapshot does not know go where their name belongs. */
export function useMergedRows(rows, patch) {
  const changes = patch ?? NO_PATCH;
  const merged = useMemo(() => {
    const known = new Set();
    const result = [];
    for (const row of rows ?? []) {
      const id = String(row.id);
      known.add(id);
      const newer = id in changes ? changes[id] : row;
      if (newer) result.push(newer);
    }
    const added = Object.keys(changes).filter((id) => changes[id] && !known.has(id));
    if (added.length) {
      result.push(...added.map((id) => changes[id]));
      result.sort((a, b) => a.name.localeCompare(b.name));
    }
    return result;
  }, [rows, changes]);
  return useStableRows(merged);
}

/* Without the shifts that are being taken away. */
export function useRemaining(rows, leaving) {
  return useMemo(() => {
    if (!leaving.size) return rows;
    return rows.map((row) => {
      const gone = leaving.get(row.id);
      return gone ? { ...row, cells: row.cells.map((cell) => cell.filter((chip) => !gone.includes(chip.id))) } : row;
    });
  }, [rows, leaving]);
}

/* How large a chip and what is around it are drawn. */
function useSizes(scroller) {
  const [sizes, setSizes] = useState({ chip: 36, gap: 4, pad: 6 });
  useLayoutEffect(() => {
    const read = () => {
      const style = getComputedStyle(scroller.current);
      const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
      const px = (name) => parseFloat(style.getPropertyValue(name)) * rem;
      setSizes((old) => {
        const now = { chip: px("--chip-h"), gap: px("--chip-gap"), pad: px("--cell-pad") };
        return old.chip === now.chip && old.gap === now.gap && old.pad === now.pad ? old : now;
      });
    };
    read();
    window.addEventListener("resize", read);
    return () => window.removeEventListener("resize", read);
  }, [scroller]);
  return sizes;
}

/* Heights of rows by how many chips stand under each other: known before drawing, so that scrolling has nothing to measure. */
export function useHeights(counts, scroller) {
  const sizes = useSizes(scroller);
  return useMemo(
    () => counts.map((most) => most * (sizes.chip + sizes.gap) - sizes.gap + 2 * sizes.pad + 1),
    [counts.join(), sizes],
  );
}

export function useRowHeights(rows, placing, scroller) {
  const counts = useMemo(() => {
    const lines = (row, cell, day) => cell.length + placing(row, day) + (row.off?.[day] ? 1 : 0);
    return rows.map((row) => row.cells.reduce((top, cell, day) => Math.max(top, lines(row, cell, day)), 1));
  }, [rows, placing]);
  return useHeights(counts, scroller);
}
