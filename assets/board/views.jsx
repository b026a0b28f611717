/* The ways to look at a site's plan, over one set of filters. The first has no name in the address. */
export const VIEWS = [
  { name: "", text: "People" },
  { name: "departments", text: "Departments" },
  { name: "day", text: "Day" },
];

export function ViewSwitch({ view, onView }) {
  return (
    <div className="segmented board-views" role="group" aria-label="View">
      {VIEWS.map(({ name, text }) => (
        <button key={name} type="button" className="segmented-item" aria-pressed={view === name} onClick={() => onView(name)}>
          {text}
        </button>
      ))}
    </div>
  );
}
