import { useEffect, useMemo, useRef, useState } from "react";
import { brief, count, hours, isWorked } from "./text.jsx";

const SHOWN = 4;
/* Of a site with more shifts than this, departments out of sight keep their place alone, but for the first ones. */
const DRAW_ALL_UP_TO = 300;
const FIRST = 2;

/* Departments by name, those of no department last, each with its shifts per day and who of the shown is on them. */
function useDepartments({ rows, open, full }) {
  return useMemo(() => {
    const who = new Map();
    for (const row of rows) {
      for (const chip of row.cells.flat()) {
        if (isWorked(chip)) who.set(chip.shift, [...(who.get(chip.shift) ?? []), row.name]);
      }
    }
    const days = open.map((shifts, day) => [...shifts, ...full[day]]);
    const names = [...new Set(days.flat().map((shift) => shift.department))];
    names.sort((a, b) => !a - !b || a.localeCompare(b));
    return names.map((name) => ({
      name,
      days: days.map((shifts) =>
        shifts
          .filter((shift) => shift.department === name)
          .sort((a, b) => a.start.localeCompare(b.start) || a.id - b.id)
          .map((shift) => ({ ...shift, who: who.get(shift.id) ?? [] })),
      ),
    }));
  }, [rows, open, full]);
}

function sumsOf(shifts) {
  return shifts.reduce(
    (sums, shift) => ({
      needed: sums.needed + shift.needed,
      staffed: sums.staffed + Math.min(shift.staffed, shift.needed),
      minutes: sums.minutes + shift.who.length * shift.minutes,
    }),
    { needed: 0, staffed: 0, minutes: 0 },
  );
}

function Sums({ shifts }) {
  const { needed, staffed, minutes } = sumsOf(shifts);
  return (
    <p className="departments-sums">
      <span data-short={staffed < needed || undefined}>
        {staffed}/{needed}
        <span className="sr-only"> places filled</span>
      </span>
      <span>{hours(minutes)}</span>
    </p>
  );
}

function Who({ names }) {
  const some = names.slice(0, SHOWN).join(", ");
  if (names.length <= SHOWN) return <span className="departments-who">{some}</span>;
  return (
    <details className="departments-who">
      <summary>
        {some} and {names.length - SHOWN} more
      </summary>
      {names.slice(SHOWN).join(", ")}
    </details>
  );
}

function Shift({ shift, onOpen }) {
  const name = `${shift.label} ${shift.title}`.trim();
  const [times, ...nextDay] = brief(shift.label).split(" ");
  const words = (
    <>
      <span className="departments-time">{times}</span> {[...nextDay, shift.title].join(" ").trim()}
    </>
  );
  return (
    <li data-kind={shift.kind}>
      {onOpen ? (
        <button type="button" className="departments-shift" title={name} onClick={() => onOpen({ shift_id: shift.id })}>
          {words}
        </button>
      ) : (
        <span className="departments-shift" title={name}>
          {words}
        </span>
      )}{" "}
      <span data-need data-short={shift.staffed < shift.needed || undefined}>
        {shift.staffed}/{shift.needed}
      </span>
      <Who names={shift.who} />
    </li>
  );
}

function useNear(isAlways, isFirst) {
  const row = useRef(null);
  const [isNear, setNear] = useState(isFirst);
  useEffect(() => {
    if (isAlways) return undefined;
    const root = row.current.closest(".board-scroll");
    const observer = new IntersectionObserver(([entry]) => setNear(entry.isIntersecting), { root, rootMargin: "50%" });
    observer.observe(row.current);
    return () => observer.disconnect();
  }, [isAlways]);
  return { row, isNear: isAlways || isNear };
}

function Department({ department, days, isAlways, isFirst, onOpen }) {
  const { row, isNear } = useNear(isAlways, isFirst);
  const most = Math.max(...department.days.map((there) => there.length));
  return (
    <tr ref={row}>
      <th scope="row">
        {department.name || "No department"}
        <Sums shifts={department.days.flat()} />
      </th>
      {department.days.map((there, day) => (
        <td key={days[day].date} data-today={days[day].today} data-weekend={days[day].weekend}>
          {there.length > 0 && <Sums shifts={there} />}
          {isNear ? (
            <ul>
              {there.map((shift) => (
                <Shift key={shift.id} shift={shift} onOpen={onOpen} />
              ))}
            </ul>
          ) : (
            <div className="departments-far" style={{ "--shifts": most }} />
          )}
        </td>
      ))}
    </tr>
  );
}

/* The same week and the same filters, by department. */
export function Departments({ label, days, narrowing, none, onOpen }) {
  const departments = useDepartments(narrowing);
  const isSmall = departments.reduce((sum, { days: all }) => sum + all.flat().length, 0) <= DRAW_ALL_UP_TO;
  return (
    <div className="board-scroll" tabIndex={0} role="region" aria-label={`${label}, by department`}>
      <table className="departments">
        <thead>
          <tr>
            <th scope="col">
              {count(departments.length, "department", "departments")}
              {narrowing.isOn && ", hours of those shown"}
            </th>
            {days.map((day) => (
              <th key={day.date} scope="col" data-today={day.today} aria-label={day.long}>
                {day.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {departments.map((department, index) => (
            <Department
              key={department.name}
              department={department}
              days={days}
              isAlways={isSmall}
              isFirst={index < FIRST}
              onOpen={onOpen}
            />
          ))}
        </tbody>
      </table>
      {!departments.length && <p className="empty">{none}</p>}
    </div>
  );
}
