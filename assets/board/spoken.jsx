import { useEffect, useRef } from "react";
import { spoken } from "./drops.jsx";
import { OPEN_ROW } from "./focus.jsx";

/* With the keyboard the focus is the pointer: what a drop there would do is shown beside the cell, and said. */
export function useSpokenTarget({ held, current, grid, preview, describe, say, aim, targetDay, found, swaps, partnerAt }) {
  const isPicked = held?.how === "pick" && held.kind === "chip";
  const { key, col, chip } = current;
  const last = useRef("");
  useEffect(() => {
    if (!isPicked || key === OPEN_ROW) return;
    aim(col - 1);
    swaps.aimAt(partnerAt(current));
  }, [isPicked, key, col, chip]);
  useEffect(() => {
    // The mouse may look at another day meanwhile.
    if (!isPicked || !grid.current.contains(document.activeElement)) return;
    if (key !== OPEN_ROW && targetDay !== col - 1) return;
    const at = { id: `${key}:${col}:${chip}:false`, key, col, chip, copy: false };
    const drop = describe(at);
    const words = drop && drop.level !== "wait" ? `${at.id} ${spoken(drop)}` : "";
    if (!words || words === last.current) return;
    last.current = words;
    if (document.activeElement.matches(":focus-visible")) {
      const box = document.activeElement.getBoundingClientRect();
      preview.current?.follow(box.right - box.width / 3, box.bottom - box.height / 3, at);
    }
    if (drop.level !== "here") say(spoken(drop));
  }, [isPicked, key, col, chip, targetDay, found, swaps.said]);
}
