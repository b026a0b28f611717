import { useEffect, useRef } from "react";

const DWELL_MS = 60;

/*
 * What swapping the held shift with somebody else's would do, told by the server. `aimAt` takes that other chip, or
 * null; `swapOf` gives what is known of it.
 */
export function useSwapping({ held, swapping, judge }) {
  const aimed = useRef(0);
  const asking = useRef(0);
  const holds = held?.kind === "chip" ? held.chipId : 0;
  useEffect(() => {
    aimed.current = 0;
    return () => clearTimeout(asking.current);
  }, [holds]);

  const aimAt = (other) => {
    const id = holds && other ? other.id : 0;
    if (id === aimed.current) return;
    aimed.current = id;
    clearTimeout(asking.current);
    const payload = { assignment_id: holds, other_assignment_id: id };
    if (id) asking.current = setTimeout(() => judge?.(payload), DWELL_MS);
  };
  const swapOf = (other) => (holds && swapping?.one === holds && swapping.other === other.id ? swapping : undefined);
  return { aimAt, swapOf, said: swapping };
}
