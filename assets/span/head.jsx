import { memo, useContext } from "react";
import { Icon } from "../icon.jsx";
import { count, hours, money, roughly } from "../board/text.jsx";
import { Currency, Sums, unpricedWords, wordsOf } from "../board/totals.jsx";

export const WEEK_ROW = "weeks";

const STATES = {
  draft: { text: "Draft", icon: "pencil" },
  pending: { text: "Waiting for approval", icon: "hourglass" },
  approved: { text: "Approved", icon: "badge-check" },
  published: { text: "Published", icon: "megaphone" },
};

function stateOf(week, canCreate) {
  const state = STATES[week.status];
  if (state) return { text: `${state.text}, version ${week.number}`, icon: state.icon };
  return isToBegin(week, canCreate) ? { text: "No plan yet", icon: "calendar-plus" } : { text: "Not published yet", icon: "calendar-days" };
}

/* A draft beside what is published is a plan, though it is not shown. */
const isToBegin = (week, canCreate) => canCreate && !week.status && !week.has_other;

function WeekHead({ week, first, canCreate, isActive }) {
  const action = isToBegin(week, canCreate) ? "Plan this week" : "Open the week";
  const state = stateOf(week, canCreate);
  const words = `${week.label}: ${state.text}. ${action}`;
  return (
    <div
      role="columnheader"
      aria-colspan={7}
      className="board-cell span-week"
      data-cell={`${WEEK_ROW}:${first}`}
      data-state={week.status || "none"}
    >
      <a
        href={week.href}
        className="span-week-link"
        tabIndex={isActive ? 0 : -1}
        aria-label={words}
        title={words}
      >
        <span className="span-week-label">{week.label}</span>
        <span className="span-week-state">
          <Icon name={state.icon} />
          {state.text}
        </span>
        {isToBegin(week, canCreate) && <span className="span-week-action">Plan this week</span>}
      </a>
    </div>
  );
}

/* Each week with the version that is shown of it. They lead to the weeks' boards. */
export function WeekHeads({ weeks, totals, people, everyone, isFiltered, canCreate, active }) {
  const currency = useContext(Currency);
  const { week: sum } = totals;
  const unpriced = currency && sum.unpriced > 0 ? unpricedWords(sum.unpriced) : "";
  const title = [`All weeks: ${wordsOf(sum, currency)}${isFiltered ? " of those shown" : ""}`, unpriced].filter(Boolean).join(", ");
  return (
    <div role="row" className="board-row span-weeks" aria-rowindex={1} data-sticky="true">
      <div
        role="columnheader"
        className="board-cell board-name board-corner"
        data-cell={`${WEEK_ROW}:0`}
        tabIndex={active === -1 ? 0 : -1}
        title={title}
      >
        <span>{isFiltered ? `${people} of ${count(everyone, "person", "people")}` : count(people, "person", "people")}</span>
        <span className="board-corner-sums">
          {isFiltered && <span>Of those shown:</span>}
          <Sums {...sum} />
        </span>
      </div>
      {weeks.map((week, index) => (
        <WeekHead key={week.start} week={week} first={index * 7 + 1} canCreate={canCreate} isActive={active === index} />
      ))}
    </div>
  );
}

function short(minutes) {
  return hours(Math.round(minutes / 60) * 60, "");
}

/* The days, with how far each is staffed, and the hours and the cost of those shown. */
export const SpanDays = memo(function SpanDays({ days, totals, isFiltered, isMonth, targetDay }) {
  const currency = useContext(Currency);
  const ofWhom = isFiltered ? " of those shown" : "";
  return (
    <div role="row" className="board-row span-days" aria-rowindex={2} data-sticky="true">
      <div role="columnheader" className="board-cell board-name span-sums-name">
        <span>Staffed / needed</span>
        <span>{currency ? "Hours, cost" : "Hours"}</span>
      </div>
      {days.map((day, index) => {
        const total = totals[index];
        const missing = total.needed - total.staffed;
        const words = `${day.long}, ${total.staffed} of ${total.needed} places filled, ${wordsOf(total, currency)}${ofWhom}`;
        return (
          <div
            key={day.date}
            role="columnheader"
            className="board-cell span-day"
            data-today={day.today}
            data-weekend={day.weekend}
            data-first={day.isFirst}
            data-short={missing > 0 || undefined}
            data-dim={(targetDay >= 0 && targetDay !== index) || undefined}
            aria-current={day.today ? "date" : undefined}
            aria-label={words}
            title={words}
          >
            <span className="span-day-label">
              <span>{day.label.split(" ")[0]} </span>
              <span>{day.label.split(" ")[1]}</span>
            </span>
            {day.isPlanned && (
              <>
                <span className="span-day-total">
                  {missing > 0 && <Icon name="triangle-alert" />}
                  {total.staffed}/{total.needed}
                </span>
                <span className="span-day-sum">{isMonth ? short(total.minutes) : hours(total.minutes)}</span>
                {currency && <span className="span-day-sum">{isMonth ? thousands(total.cents, currency) : roughly(total.cents, currency)}</span>}
              </>
            )}
          </div>
        );
      })}
    </div>
  );
});

const thousands = (cents, currency) => money(cents, currency, { notation: "compact", maximumSignificantDigits: 2 });
