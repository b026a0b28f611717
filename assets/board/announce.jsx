import { useCallback, useEffect, useRef, useState } from "react";
import { count } from "./text.jsx";

const OWN_MS = 150;
const PUSH_MS = 5000;

/* One polite region. The user's own acts are told at once; changes made by others at most every five seconds. */
export function useAnnouncer() {
  const [message, setMessage] = useState("");
  const queue = useRef([]);
  const pushed = useRef(0);
  const timers = useRef({});

  useEffect(() => {
    const pending = timers.current;
    return () => Object.values(pending).forEach(clearTimeout);
  }, []);

  const say = useCallback((text) => {
    queue.current.push(text);
    clearTimeout(timers.current.own);
    timers.current.own = setTimeout(() => {
      setMessage(queue.current.join(". "));
      queue.current = [];
    }, OWN_MS);
  }, []);

  const sayPushed = useCallback((people) => {
    pushed.current += people;
    timers.current.push ??= setTimeout(() => {
      timers.current.push = undefined;
      setMessage(`${count(pushed.current, "person's week", "people's weeks")} changed`);
      pushed.current = 0;
    }, PUSH_MS);
  }, []);

  return { message, say, sayPushed };
}

/* Tells how many people's weeks others changed. Returns a function that marks a person as changed by the reader. */
export function usePushNews(rows, sayPushed) {
  const before = useRef(null);
  const own = useRef(new Set());
  useEffect(() => {
    const known = before.current;
    before.current = new Map(rows.map((row) => [row.id, row]));
    if (!known?.size) return;
    const changed = rows.filter((row) => known.get(row.id) !== row && !own.current.delete(row.id)).length;
    if (changed) sayPushed(changed);
  }, [rows, sayPushed]);
  return useCallback((id) => own.current.add(id), []);
}
