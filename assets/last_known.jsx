import { useEffect } from "react";

/* Nobody else's name, and no note, is put aside. */
function bare({ label, shifts }, answers) {
  const days = shifts.map(({ day_label, label: times, title, place, department, status }) => ({
    day: day_label,
    times,
    title,
    where: [place, department].filter(Boolean).join(" · "),
    status,
    answer: answers[status],
  }));
  return { label, shifts: days };
}

/*
 * Puts a person's shifts aside for when there is no network, with the time they were last read. Browsers allow it to
 * pages that came over HTTPS, or from the machine itself.
 */
export function LastKnown({ weeks, answers, zone, readAt }) {
  useEffect(() => {
    if (window.isSecureContext) navigator.serviceWorker?.register("/sw.js");
  }, []);

  useEffect(() => {
    if (!readAt || !window.isSecureContext || !window.caches) return;
    const keep = async () => {
      const cache = await caches.open("last-known");
      const body = JSON.stringify({ at: readAt, zone, weeks: weeks.map((week) => bare(week, answers)) });
      await cache.put("/last-known.json", new Response(body, { headers: { "Content-Type": "application/json" } }));
    };
    keep();
    // What answers are called stays as it is.
  }, [weeks, zone, readAt]);

  return null;
}
