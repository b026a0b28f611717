import { useEffect, useRef } from "react";

/*
 * Keeps the heatmap beside the board at what the filters ask for; `told` is what it shows. It is the server's, and asked
 * for only when it is wanted. A click on one of its hours leads to that hour of the day's timeline.
 */
export function useBeside({ filters, department, week, version, told, onBeside, onFilters }) {
  const isWanted = Boolean(filters.beside);
  useEffect(() => {
    const isShown = told?.is_on && told.week === week && told.version === version && told.department === department;
    if (isWanted ? !isShown : told?.is_on) onBeside?.({ is_wanted: isWanted, department });
  }, [isWanted, department, week, version, told?.is_on]);

  const latest = useRef();
  useEffect(() => {
    latest.current = ({ day, hour }) => onFilters({ ...filters, view: "day", day, hour });
  });
  useEffect(() => {
    const onHour = (event) => latest.current(event.detail);
    window.addEventListener("board:hour", onHour);
    return () => window.removeEventListener("board:hour", onHour);
  }, []);
}
