import { useEffect, useRef } from "react";

const EVERY_MS = 60_000;

/* Nobody else's name, and no note, is put aside. */
function bare({ label, shifts }) {
  const days = shifts.map(({ day_label, label: times, title, place, department, status }) => ({
    day: day_label,
    times,
    title,
    where: [place, department].filter(Boolean).join(" · "),
    status,
  }));
  return { label, shifts: days };
}

/*
 * Puts a person's shifts aside for when there is no network, with the time they were last known to be right. Browsers
 * allow it to pages that came over HTTPS, or from the machine itself.
 */
export function LastKnown({ weeks, down }) {
  const isDown = useRef(down);
  useEffect(() => {
    isDown.current = down;
  }, [down]);

  useEffect(() => {
    if (window.isSecureContext) navigator.serviceWorker?.register("/sw.js");
  }, []);

  useEffect(() => {
    if (!window.isSecureContext || !window.caches) return undefined;
    const keep = async () => {
      if (isDown.current || !navigator.onLine) return;
      const cache = await caches.open("last-known");
      const body = JSON.stringify({ at: new Date().toISOString(), weeks: weeks.map(bare) });
      await cache.put("/last-known.json", new Response(body, { headers: { "Content-Type": "application/json" } }));
    };
    keep();
    const timer = setInterval(keep, EVERY_MS);
    return () => clearInterval(timer);
  }, [weeks]);

  return null;
}
