import { useRef, useState } from "react";
import { Icon } from "./icon.jsx";

let lastKey = 0;
const keyed = (held) => ({ name: held?.name ?? "", expires_on: held?.expires_on ?? "", key: ++lastKey });

/* What a person holds and until when, edited in the browser; the form around it sends it as one field. */
export function Qualifications({ name, value, disabled }) {
  const [held, setHeld] = useState(() => (value ?? []).map(keyed));
  const list = useRef(null);
  const set = (key, field) => (event) =>
    setHeld(held.map((each) => (each.key === key ? { ...each, [field]: event.target.value } : each)));
  const add = () => {
    setHeld([...held, keyed()]);
    requestAnimationFrame(() => list.current?.querySelector("li:last-child input")?.focus());
  };
  const sent = held
    .filter((each) => each.name.trim() || each.expires_on)
    .map(({ name, expires_on }) => ({ name, expires_on: expires_on || null }));
  return (
    <fieldset className="qualifications" disabled={disabled}>
      <legend className="sr-only">Qualifications</legend>
      <input type="hidden" name={name} value={JSON.stringify(sent)} />
      <ul ref={list} className="qualifications-list">
        {held.map((each, index) => (
          <li key={each.key} className="qualification">
            <input
              className="input"
              maxLength={100}
              required
              autoComplete="off"
              aria-label={`Qualification ${index + 1}`}
              placeholder="First aid"
              value={each.name}
              onChange={set(each.key, "name")}
            />
            <label className="qualification-until">
              <span className="small muted">until</span>
              <input
                className="input input-date"
                type="date"
                aria-label={`${each.name || `Qualification ${index + 1}`}, good until`}
                value={each.expires_on}
                onChange={set(each.key, "expires_on")}
              />
            </label>
            <button
              type="button"
              className="btn btn-quiet btn-icon"
              aria-label={`Remove ${each.name || `qualification ${index + 1}`}`}
              title="Remove"
              onClick={() => setHeld(held.filter((other) => other.key !== each.key))}
            >
              <Icon name="x" />
            </button>
          </li>
        ))}
      </ul>
      <button type="button" className="btn" onClick={add}>
        <Icon name="plus" />
        Add a qualification
      </button>
    </fieldset>
  );
}
