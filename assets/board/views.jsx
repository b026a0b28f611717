import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";

/* The ways to look at a site's plan, over one set of filters. The first has no name in the address. */
const WEEK_VIEWS = [
  { name: "", text: "People" },
  { name: "departments", text: "Departments" },
  { name: "day", text: "Day" },
];
const SPANS = [
  { name: "two-weeks", text: "Two weeks" },
  { name: "month", text: "Month" },
];
const VIEWS = [...WEEK_VIEWS, ...SPANS];

export const WEEK_VIEW_NAMES = WEEK_VIEWS.map((view) => view.name);
export const SPAN_NAMES = SPANS.map((view) => view.name);

/* More than the week is another page to load; of the week itself all is there already. */
const isLoaded = (view) => SPAN_NAMES.includes(view);

function addressOf(view) {
  const address = new URL(location.href);
  address.searchParams.delete("person");
  if (view) address.searchParams.set("view", view);
  else address.searchParams.delete("view");
  return address.pathname + address.search;
}

/* On a phone choices are a row that scrolls; the chosen one is brought into it. */
export function useInSight(box, chosen) {
  useEffect(() => {
    const item = box.current.querySelector("[aria-pressed=true]");
    if (item) box.current.scrollLeft = item.offsetLeft - box.current.offsetLeft;
  }, [chosen]);
}

export function ViewSwitch({ view, onView }) {
  const navigate = useNavigate();
  const box = useRef(null);
  useInSight(box, view);
  const show = (name) => {
    if (isLoaded(name) || isLoaded(view)) navigate(addressOf(name));
    else onView(name);
  };
  return (
    <div ref={box} className="segmented board-views" role="group" aria-label="View">
      {VIEWS.map(({ name, text }) => (
        <button key={name} type="button" className="segmented-item" aria-pressed={view === name} onClick={() => show(name)}>
          {text}
        </button>
      ))}
    </div>
  );
}
