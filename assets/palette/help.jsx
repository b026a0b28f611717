import { Icon } from "../icon.jsx";
import { Window } from "./window.jsx";

const EVERYWHERE = [
  ["Ctrl K", "Find an action, a person or a week"],
  ["?", "Show these keys"],
];

function Keys({ title, keys }) {
  return (
    <section>
      <h3 className="keys-title">{title}</h3>
      <dl className="keys">
        {keys.map(([key, text]) => (
          <div key={key + text}>
            <dt>
              {key.split(" ").map((part, index) => (part === "or" ? " or " : <kbd key={index}>{part}</kbd>))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Help({ actions, keyGroups, isOn, onSwitch, onClose }) {
  const own = actions.filter((action) => action.shortcut).map((action) => [action.shortcut, action.label]);
  return (
    <Window label="Keyboard shortcuts" className="help" onClose={onClose}>
      <div className="dialog-head">
        <h2 className="dialog-title">Keyboard shortcuts</h2>
        <button type="button" className="btn btn-quiet btn-icon dialog-close" aria-label="Close" onClick={onClose}>
          <Icon name="x" />
        </button>
      </div>
      <Keys title="Everywhere" keys={[...EVERYWHERE, ...own]} />
      {keyGroups.map(([title, keys]) => (
        <Keys key={title} title={title} keys={keys} />
      ))}
      <label className="help-switch">
        <input type="checkbox" checked={isOn} onChange={(event) => onSwitch(event.target.checked)} />
        <span>
          Single-key shortcuts such as <kbd>t</kbd> and <kbd>?</kbd> are on in this browser
        </span>
      </label>
    </Window>
  );
}
