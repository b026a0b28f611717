import { useEffect, useRef } from "react";

/* Tells once by which clocks this browser lives. Shows nothing. */
export function OwnZone({ onZone }) {
  const latest = useRef();
  useEffect(() => {
    latest.current = onZone;
  });
  useEffect(() => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    if (timeZone) latest.current?.({ zone: timeZone });
  }, []);
  return null;
}
