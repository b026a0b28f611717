import { useEffect, useRef } from "react";
import { OPEN_ROW } from "./focus.jsx";

/* Takes the focus to the row of the person whom the address names, or whom the palette has just found. */
export function usePersonLink({ grid, rowKeys, goTo }) {
  const wanted = useRef(undefined);
  if (wanted.current === undefined) wanted.current = new URLSearchParams(window.location.search).get("person");
  const seek = useRef();
  useEffect(() => {
    seek.current = () => {
      const index = wanted.current === OPEN_ROW ? -1 : rowKeys.indexOf(wanted.current);
      if (index < 0) return;
      wanted.current = null;
      // A focus inside is what the roving focus needs, to take it further and into view.
      grid.current.querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
      goTo(index, 0);
    };
    if (wanted.current) seek.current();
  });
  useEffect(() => {
    const onPerson = (event) => {
      wanted.current = event.detail;
      seek.current();
    };
    window.addEventListener("board:person", onPerson);
    return () => window.removeEventListener("board:person", onPerson);
  }, []);
}
