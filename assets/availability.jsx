import { useId, useState } from "react";
import { Icon } from "./icon.jsx";

const DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const CHOICES = [
  ["available", "Can work"],
  ["preferred", "Likes to work"],
  ["disliked", "Rather not"],
  ["unavailable", "Cannot work"],
];
const MOST_SLOTS = 8;
const OPENING = ["available", "preferred"];

const named = (day) => day[0].toUpperCase() + day.slice(1);

/* Keys keep the focus where it is when a time above it is removed. */
let lastKey = 0;
const keyed = (slot) => ({ ...slot, key: ++lastKey });

function parsed(value) {
  const days = {};
  for (const day of DAYS) {
    const known = value?.[day] ?? { available: true, time_slots: [] };
    const slots = (known.time_slots ?? []).map((slot) =>
      keyed({ start: slot.start.slice(0, 5), end: slot.end.slice(0, 5), preference: slot.preference }),
    );
    days[day] = { available: known.available, slots };
  }
  return days;
}

function written(days) {
  const value = {};
  for (const day of DAYS) {
    const { available, slots } = days[day];
    const time_slots = available ? slots.map(({ start, end, preference }) => ({ start, end, preference })) : [];
    value[day] = { available, time_slots };
  }
  return JSON.stringify(value);
}

/* The same as the rule reads it: times that open the day close the rest of it. */
function meaning({ available, slots }) {
  if (!available) return "Cannot work on this day";
  if (!slots.length) return "Can work all day";
  return slots.some((slot) => OPENING.includes(slot.preference)) ? "Only at these times" : "All day, but for these times";
}

function Slot({ day, slot, index, onChange, onRemove }) {
  const label = `${named(day)}, time ${index + 1}`;
  const set = (name) => (event) => onChange({ ...slot, [name]: event.target.value });
  return (
    <li className="availability-slot">
      <input
        className="input input-date"
        type="time"
        required
        aria-label={`${label}, from`}
        value={slot.start}
        onChange={set("start")}
      />
      <span aria-hidden="true">–</span>
      <input
        className="input input-date"
        type="time"
        required
        aria-label={`${label}, until`}
        value={slot.end}
        onChange={set("end")}
      />
      <span className="select">
        <select aria-label={`${label}, how it suits`} value={slot.preference} onChange={set("preference")}>
          {CHOICES.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
        <Icon name="chevron-down" />
      </span>
      <button type="button" className="btn btn-quiet btn-icon" aria-label={`Remove ${label}`} title="Remove" onClick={onRemove}>
        <Icon name="x" />
      </button>
      {slot.start && slot.end && slot.end <= slot.start ? <span className="small muted">ends the next day</span> : null}
    </li>
  );
}

function CopyTo({ day, onCopy }) {
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState([]);
  const id = useId();
  const others = DAYS.filter((other) => other !== day);
  const toggle = (other) =>
    setChosen(chosen.includes(other) ? chosen.filter((each) => each !== other) : [...chosen, other]);
  const copy = () => {
    onCopy(chosen);
    setChosen([]);
    setOpen(false);
  };
  return (
    <>
      <button
        type="button"
        className="btn btn-quiet"
        aria-expanded={isOpen}
        aria-controls={id}
        aria-label={`Copy ${named(day)} to other days`}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="copy" />
        Copy
      </button>
      <div id={id} className="availability-copy" role="group" aria-label={`Copy ${named(day)} to`} hidden={!isOpen}>
        {others.map((other) => (
          <label key={other} className="check">
            <input type="checkbox" checked={chosen.includes(other)} onChange={() => toggle(other)} />
            {named(other)}
          </label>
        ))}
        <button type="button" className="btn" onClick={() => setChosen(chosen.length === others.length ? [] : others)}>
          {chosen.length === others.length ? "None" : "All"}
        </button>
        <button type="button" className="btn btn-primary" disabled={!chosen.length} onClick={copy}>
          Copy to {chosen.length === 1 ? "1 day" : `${chosen.length} days`}
        </button>
      </div>
    </>
  );
}

function Day({ day, value, onChange, onCopy }) {
  const setSlots = (slots) => onChange({ ...value, slots });
  const add = () => setSlots([...value.slots, keyed({ start: "09:00", end: "17:00", preference: "available" })]);
  return (
    <fieldset className="availability-day">
      <legend>{named(day)}</legend>
      <div className="availability-head">
        <label className="check">
          <input
            type="checkbox"
            checked={value.available}
            onChange={(event) => onChange({ ...value, available: event.target.checked })}
          />
          Can work<span className="sr-only"> on {named(day)}</span>
        </label>
        <span className="small muted grow">{value.available && !value.slots.length ? "all day" : ""}</span>
        {value.available && value.slots.length < MOST_SLOTS ? (
          <button type="button" className="btn btn-quiet" aria-label={`Add a time on ${named(day)}`} onClick={add}>
            <Icon name="plus" />
            Time
          </button>
        ) : null}
        <CopyTo day={day} onCopy={onCopy} />
      </div>
      {value.available && value.slots.length ? (
        <>
          <ul className="availability-slots">
            {value.slots.map((slot, index) => (
              <Slot
                key={slot.key}
                day={day}
                slot={slot}
                index={index}
                onChange={(changed) => setSlots(value.slots.map((each) => (each.key === slot.key ? changed : each)))}
                onRemove={() => setSlots(value.slots.filter((each) => each.key !== slot.key))}
              />
            ))}
          </ul>
          <p className="field-hint">{meaning(value)}.</p>
        </>
      ) : null}
    </fieldset>
  );
}

/* A person's week, edited in the browser; the form around it sends it as one field. */
export function Availability({ name, value, disabled }) {
  const [days, setDays] = useState(() => parsed(value));
  const [told, setTold] = useState("");
  const copy = (from) => (targets) => {
    const copies = targets.map((day) => [day, { ...days[from], slots: days[from].slots.map(keyed) }]);
    setDays({ ...days, ...Object.fromEntries(copies) });
    setTold(`${named(from)} copied to ${targets.map(named).join(", ")}.`);
  };
  return (
    <fieldset className="availability" disabled={disabled}>
      <legend className="sr-only">Availability</legend>
      <input type="hidden" name={name} value={written(days)} />
      {DAYS.map((day) => (
        <Day
          key={day}
          day={day}
          value={days[day]}
          onChange={(changed) => setDays({ ...days, [day]: changed })}
          onCopy={copy(day)}
        />
      ))}
      <p role="status" className="sr-only">
        {told}
      </p>
    </fieldset>
  );
}
