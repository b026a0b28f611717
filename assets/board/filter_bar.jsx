import { useState } from "react";
import { Icon } from "../icon.jsx";
import { NO_FILTERS, STATUSES } from "./filters.jsx";
import { count } from "./text.jsx";
import { ViewSwitch } from "./views.jsx";

const SELECTS = [
  { name: "department", label: "Filter by department", all: "All departments" },
  { name: "qualification", label: "Filter by qualification", all: "All qualifications" },
  { name: "status", label: "Filter by status", all: "Any status" },
];

function Choice({ name, label, all, values, value, onChange }) {
  return (
    <span className="select" data-on={Boolean(value) || undefined}>
      <select aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{all}</option>
        {value && !values.includes(value) && <option value={value}>Not in this week</option>}
        {values.map((each) => (
          <option key={each} value={each}>
            {name === "status" ? STATUSES[each].text : each}
          </option>
        ))}
      </select>
      <Icon name="chevron-down" />
    </span>
  );
}

/* Who and what the board shows. On a phone the choices wait behind a button. */
export function FilterBar({ filters, narrowing, everyone, hasBeside = true, onChange }) {
  const [isOpen, setOpen] = useState(false);
  const { choices, unknown, isOn, isAsked, rows } = narrowing;
  const change = (name, value) => onChange({ ...filters, [name]: value });
  const chosen = SELECTS.filter(({ name }) => filters[name]).length;
  const offered = SELECTS.filter(({ name }) => choices[name].length || filters[name]);
  return (
    <div className="board-filters" role="search" aria-label="Filters" data-open={isOpen || undefined}>
      <ViewSwitch view={narrowing.view} onView={(view) => change("view", view)} />
      <input
        type="search"
        className="input input-search"
        placeholder="Find people"
        aria-label="Find people by name, role or department"
        maxLength={100}
        value={filters.q}
        onChange={(event) => change("q", event.target.value)}
      />
      <button type="button" className="btn board-filters-toggle" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Filters{chosen > 0 && ` (${chosen})`}
      </button>
      <div className="board-filters-choices">
        {offered.map(({ name, ...choice }) => (
          <Choice
            key={name}
            name={name}
            {...choice}
            values={choices[name]}
            value={filters[name]}
            onChange={(value) => change(name, value)}
          />
        ))}
      </div>
      <p className="board-filters-count" aria-live="polite">
        {isOn ? `${rows.length} of ${count(everyone, "person", "people")}` : ""}
      </p>
      {hasBeside && (
        <button
          type="button"
          className="btn btn-quiet board-beside-toggle"
          aria-pressed={Boolean(filters.beside)}
          onClick={() => change("beside", filters.beside ? "" : "1")}
        >
          <Icon name="grid-3x3" /> Coverage beside
        </button>
      )}
      {isAsked && (
        <button type="button" className="btn btn-quiet" onClick={() => onChange({ ...filters, ...NO_FILTERS })}>
          <Icon name="x" /> Clear filters
        </button>
      )}
      {unknown.length > 0 && (
        <p className="board-filters-unknown" role="note">
          <Icon name="triangle-alert" className="icon-warn" />
          {`There is no such ${unknown.join(" or ")} in this week. That filter is left out.`}
        </p>
      )}
    </div>
  );
}
