import { useContext, useEffect, useRef } from "react";
import { Icon } from "../icon.jsx";
import { QUARTER, hourMarks, wallAt } from "./day_time.jsx";
import { NightBar, placed } from "./day_row.jsx";
import { OPEN_ROW } from "./focus.jsx";
import { OpenChip, OpenName } from "./head.jsx";
import { SelectAll } from "./select.jsx";
import { brief, clockAt, count, hours } from "./text.jsx";
import { Currency, Sums, wordsOf } from "./totals.jsx";
import { useInSight } from "./views.jsx";

const TICK_MS = 20000;
const DAY = 24 * 60;

/* What is unusual about a day on which the clock changes. */
function changeWords({ minutes, turn_at: at, turn_by: by }, clock24h) {
  if (minutes === DAY) return "";
  const shown = clockAt(at, clock24h);
  const then = clockAt(at + by, clock24h);
  return `${hours(minutes)}: the clock goes ${by > 0 ? "forward" : "back"} from ${shown} to ${then}`;
}

/* Which day, and the ways to the others. Beyond the ends of the week the next one is opened. */
export function DayLine({ days, index, clock, clock24h, hour, onDay, onWholeDay }) {
  const step = (by) => {
    const day = new Date(`${days[index].date}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + by);
    onDay(day.toISOString().slice(0, 10));
  };
  const change = changeWords(clock, clock24h);
  const names = useRef(null);
  useInSight(names, index);
  return (
    <div className="day-line">
      <button type="button" className="btn btn-icon btn-quiet" aria-label="Previous day" onClick={() => step(-1)}>
        <Icon name="chevron-left" />
      </button>
      <div ref={names} className="segmented day-names" role="group" aria-label="Day">
        {days.map((day, at) => (
          <button
            key={day.date}
            type="button"
            className="segmented-item"
            aria-pressed={at === index}
            aria-label={day.long}
            data-today={day.today || undefined}
            onClick={() => onDay(day.date)}
          >
            {day.label}
          </button>
        ))}
      </div>
      <button type="button" className="btn btn-icon btn-quiet" aria-label="Next day" onClick={() => step(1)}>
        <Icon name="chevron-right" />
      </button>
      {hour && (
        <button type="button" className="btn day-hour" onClick={onWholeDay}>
          {clockAt(hour.hour * 60, clock24h)}–{clockAt(hour.hour * 60 + 60, clock24h)} only
          <Icon name="x" />
          <span className="sr-only">, show the whole day</span>
        </button>
      )}
      {change && (
        <p className="day-change" role="note">
          <Icon name="clock" /> {change}
        </p>
      )}
    </div>
  );
}

/* The moment it is, told to the stylesheet as a share of the day: a row need not be drawn again as time passes. */
export function useNow(grid, clock, clock24h) {
  useEffect(() => {
    const show = () => {
      const passed = Date.now() / 60000 - clock.starts;
      const isOn = passed >= 0 && passed < clock.minutes;
      const { style } = grid.current;
      if (isOn) style.setProperty("--now", passed);
      else style.removeProperty("--now");
      grid.current.toggleAttribute("data-now", isOn);
      const label = grid.current.querySelector(".day-now-label");
      label.textContent = isOn ? `Now ${clockAt(Math.floor(wallAt(clock, passed)), clock24h)}` : "";
    };
    show();
    const timer = setInterval(show, TICK_MS);
    return () => clearInterval(timer);
  }, [grid, clock, clock24h]);
}

export function HourHeads({ day, col, clock, clock24h, people, everyone, total, isFiltered, canSelect }) {
  const currency = useContext(Currency);
  const missing = total.needed - total.staffed;
  const words = `${day.long}, ${total.staffed} of ${total.needed} places filled, ${wordsOf(total, currency)}${isFiltered ? " of those shown" : ""}`;
  return (
    <div role="row" className="board-row board-days day-row" aria-rowindex={1} data-sticky="true">
      <div role="columnheader" className="board-cell board-name board-corner">
        {canSelect && <SelectAll what={`day:${col}`} label={`Select ${day.long}`} />}
        <span>
          {people === everyone ? count(people, "person", "people") : `${people} of ${count(everyone, "person", "people")}`}
          {", "}
          {total.staffed}/{total.needed}
          {missing > 0 && <span className="board-short"> −{missing}</span>}
        </span>
        <Sums {...total} />
      </div>
      <div
        role="columnheader"
        className="board-cell day-hours"
        aria-label={words}
        title={words}
        data-today={day.today}
        aria-current={day.today ? "date" : undefined}
      >
        {hourMarks(clock).map(({ at, wall }) => (
          <span key={at} className="day-mark" style={{ "--from": at }}>
            {brief(clockAt(wall, clock24h))}
          </span>
        ))}
        <span className="day-now-label" />
      </div>
    </div>
  );
}

const WIDE = 7 * QUARTER;
const STEPS = 3;
const levelOf = (net) => Math.max(-STEPS, Math.min(STEPS, net));

function coverageWords({ from, to, needed, staffed, net }, clock, clock24h) {
  const span = `${clockAt(wallAt(clock, from), clock24h)} to ${clockAt(wallAt(clock, to), clock24h)}`;
  if (!needed && !staffed) return `${span}: nobody needed`;
  const difference = net < 0 ? `${-net} short` : net > 0 ? `${net} over` : "met";
  return `${span}: ${staffed} of ${needed} needed, ${difference}`;
}

/* People there against people needed in each quarter of an hour; equal quarters are drawn as one. */
export function CoverageStrip({ stretches, clock, clock24h }) {
  return (
    <div role="row" className="board-row day-row day-coverage" aria-rowindex={2} data-sticky="true">
      <div role="rowheader" className="board-cell board-name">
        <span className="board-sub">Coverage</span>
      </div>
      <div role="gridcell" className="board-cell day-strip">
        {stretches.map((each) => {
          const words = coverageWords(each, clock, clock24h);
          const isBlank = !each.needed && !each.staffed;
          const sign = each.net > 0 ? "+" : each.net < 0 ? "−" : "";
          return (
            <span
              key={each.from}
              className="heat-cell day-stretch"
              style={placed(each)}
              title={words}
              data-level={isBlank ? undefined : levelOf(each.net)}
              data-empty={isBlank || undefined}
              data-narrow={each.to - each.from <= 2 * QUARTER || undefined}
            >
              <span aria-hidden="true">
                {isBlank ? "" : `${sign}${Math.abs(each.net)}`}
                {!isBlank && each.to - each.from >= WIDE && <span className="day-of">{` ${each.staffed}/${each.needed}`}</span>}
              </span>
              <span className="sr-only">{words}</span>
            </span>
          );
        })}
      </div>
    </div>
  );
}

/* Shifts that need people, at their length; as many under each other as overlap. */
export function OpenDay({ day, dayBefore, col, open, hasShifts, isExpanded, canToggle, places, placesLeft, pickedId, canPick, canResize, relabelled, stop }) {
  const tabIndex = (at, chip) => (stop && stop.col === at && stop.chip === chip ? 0 : -1);
  const draw = (bar) => (
    <span
      key={bar.shift.id}
      className="day-bar"
      style={placed(bar)}
      data-in={bar.isIn || undefined}
      data-out={bar.isOut || undefined}
    >
      {bar.isNight ? (
        <NightBar name={bar.shift} text={`${bar.shift.label} ${bar.shift.title}, began in the week before`} />
      ) : (
        <OpenChip
          shift={bar.shift}
          label={relabelled.get(bar.shift.id) ?? bar.shift.label}
          left={placesLeft(bar.shift)}
          position={bar.position}
          isPicked={pickedId === bar.shift.id}
          canPick={canPick}
          canResize={canResize}
          tabIndex={tabIndex(bar.day + 1, bar.position)}
        />
      )}
    </span>
  );
  const before = open.seen.filter((bar) => bar.day === col - 2);
  const own = open.seen.filter((bar) => !before.includes(bar));
  return (
    <div
      role="row"
      className="board-row board-open day-row"
      aria-rowindex={3}
      data-sticky="true"
      data-expanded={isExpanded || undefined}
      style={{ "--lanes": open.lanes }}
    >
      <OpenName places={places} hasShifts={hasShifts} canToggle={canToggle} isExpanded={isExpanded} tabIndex={tabIndex(0, canToggle ? 0 : -1)} />
      {before.length > 0 && (
        <div role="gridcell" className="day-before" data-cell={`${OPEN_ROW}:${col - 1}`} aria-label={`From ${dayBefore}`}>
          {before.map(draw)}
        </div>
      )}
      <div
        role="gridcell"
        className="board-cell day-track"
        data-cell={`${OPEN_ROW}:${col}`}
        data-today={day.today}
        data-weekend={day.weekend}
        tabIndex={open.seen.some((bar) => !bar.isNight) ? undefined : tabIndex(col, -1)}
      >
        {own.map(draw)}
        {!open.seen.length && hasShifts && (
          <span className="board-filled">
            <Icon name="check" /> {places ? "" : "Nothing open"}
          </span>
        )}
        <span className="day-now" aria-hidden="true" />
      </div>
    </div>
  );
}
