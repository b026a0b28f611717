/* Where things stand in one day. Positions are minutes that really passed since the day began; the clock may differ. */

export const QUARTER = 15;
const HOUR = 60;

/* What the clock shows, in minutes after midnight, when so many minutes of the day have passed. */
export const wallAt = (clock, passed) => passed + (passed >= clock.turn_at ? clock.turn_by : 0);

/* The full hours of a day: where each stands and what the clock shows there. */
export function hourMarks(clock) {
  const marks = [];
  for (let at = 0; at < clock.minutes; at += QUARTER) {
    const wall = wallAt(clock, at);
    if (wall % HOUR === 0) marks.push({ at, wall });
  }
  return marks;
}

/* The stretches of a day in which the clock shows a given hour: none where it is skipped, two where it comes twice. */
export function spansOfHour(clock, hour) {
  const spans = [];
  for (let at = 0; at < clock.minutes; at += QUARTER) {
    if (Math.floor(wallAt(clock, at) / HOUR) !== hour) continue;
    const last = spans.at(-1);
    const isLonger = last?.to === at && at !== clock.turn_at;
    if (isLonger) last.to = at + QUARTER;
    else spans.push({ from: at, to: at + QUARTER });
  }
  return spans;
}

/* What of a shift lies in the day, `later` minutes after the day that it belongs to; null when nothing does. */
export function within(shift, clock, later = 0) {
  const from = shift.at - later;
  const to = from + shift.minutes;
  if (to <= 0 || from >= clock.minutes) return null;
  return { from: Math.max(0, from), to: Math.min(to, clock.minutes), isIn: from < 0, isOut: to > clock.minutes };
}

/* Puts spans that overlap under each other: each gets its lane. Returns how many lanes there are, at least one. */
export function inLanes(spans) {
  const ends = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from || b.to - a.to)) {
    const free = ends.findIndex((end) => end <= span.from);
    span.lane = free < 0 ? ends.length : free;
    ends[span.lane] = span.to;
  }
  return Math.max(1, ends.length);
}

/*
 * People needed and there in each quarter of an hour, each told by its worst moment, of several equally bad by the one
 * that needs most; equal quarters one after the other are one stretch. Spans are {from, to, needed, staffed}.
 */
export function coverageOf(spans, minutes) {
  const change = Array.from({ length: minutes + 1 }, () => [0, 0]);
  for (const { from, to, needed, staffed } of spans) {
    change[from][0] += needed;
    change[from][1] += staffed;
    change[to][0] -= needed;
    change[to][1] -= staffed;
  }
  const stretches = [];
  let [needed, staffed] = [0, 0];
  for (let from = 0; from < minutes; from += QUARTER) {
    const to = Math.min(from + QUARTER, minutes);
    let worst = null;
    for (let minute = from; minute < to; minute += 1) {
      needed += change[minute][0];
      staffed += change[minute][1];
      const net = staffed - needed;
      if (!worst || net < worst.net || (net === worst.net && needed > worst.needed)) worst = { needed, staffed, net };
    }
    const last = stretches.at(-1);
    if (last && last.needed === worst.needed && last.staffed === worst.staffed) last.to = to;
    else stretches.push({ from, to, ...worst });
  }
  return stretches;
}
