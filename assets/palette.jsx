import { useEffect, useMemo, useRef, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { Icon } from "./icon.jsx";
import { plain, rank } from "./palette/finding.jsx";
import { Help } from "./palette/help.jsx";
import { useShortcuts, useShortcutsSwitch } from "./palette/shortcuts.jsx";
import { openPalette, useAction, useKeyGroup, usePaletteStore } from "./palette/store.jsx";
import { Window } from "./palette/window.jsx";

const SEARCH_MS = 80;
const NOBODY = [];

export function PaletteAction(props) {
  useAction(props);
  return null;
}

export function PaletteKeys({ title, keys }) {
  useKeyGroup(title, keys);
  return null;
}

export function PaletteButton() {
  return (
    <button
      type="button"
      className="btn btn-quiet palette-button"
      aria-haspopup="dialog"
      aria-keyshortcuts="Control+K Meta+K"
      onClick={() => openPalette("palette")}
    >
      <Icon name="search" />
      <span className="palette-button-text">Find or do</span>
      <kbd aria-hidden="true">Ctrl K</kbd>
    </button>
  );
}

function post(address) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  document.body.append(form);
  form.submit();
}

/* Where the board of this very week is open already, its row is gone to and nothing is loaded anew. */
function useGoTo() {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  return (href) => {
    const url = new URL(href, window.location.origin);
    const person = url.searchParams.get("person");
    if (person && url.pathname === pathname && document.querySelector("[role=grid]")) {
      window.dispatchEvent(new CustomEvent("board:person", { detail: person }));
    } else navigate(href);
  };
}

export function Palette({ people = NOBODY, weeks = NOBODY, asked = "", onSearch }) {
  const { actions, keyGroups, open } = usePaletteStore();
  const [isOn, turn] = useShortcutsSwitch();
  const goTo = useGoTo();
  const { pathname } = useLocation();
  useEffect(() => () => openPalette(null), [pathname]);

  /* After the dialog is gone and the focus back, so that what is opened next gives it back to the same place. */
  const run = (item) => {
    openPalette(null);
    setTimeout(() => {
      const { href, post: address, onRun } = item.latest?.current ?? item;
      if (address) post(address);
      else if (href) goTo(href);
      else onRun?.();
    });
  };

  useShortcuts({
    isOn,
    actions,
    open,
    onPalette: () => openPalette(open === "palette" ? null : "palette"),
    onHelp: () => openPalette("help"),
    onAction: run,
  });

  if (open === "help") {
    return <Help actions={actions} keyGroups={keyGroups} isOn={isOn} onSwitch={turn} onClose={() => openPalette(null)} />;
  }
  return open === "palette" ? <Finder {...{ actions, people, weeks, asked, onSearch }} onRun={run} /> : null;
}

const HELP = { name: "help", label: "Keyboard shortcuts", words: "keys help hotkeys", icon: "info" };

function useGroups({ actions, people, weeks, asked, text }) {
  return useMemo(() => {
    const wanted = plain(text);
    const ranked = [...actions, { ...HELP, shortcut: "?", onRun: () => openPalette("help") }]
      .map((action) => ({ action, how: wanted ? rank(wanted, plain(`${action.label} ${action.words ?? ""}`)) : 0 }))
      .filter(({ how }) => how !== null)
      .sort((a, b) => a.how - b.how);
    const items = (list) =>
      list.map(({ action }) => ({ ...action, key: `do-${action.name}`, text: action.label, where: "" }));
    const found = wanted && plain(asked) === wanted;
    return [
      { title: "On this page", items: items(ranked.filter(({ action }) => action.ofPage)) },
      {
        title: "Weeks",
        items: (found ? weeks : NOBODY).map((week) => ({ ...week, key: week.href, text: week.label, icon: "calendar-days" })),
      },
      {
        title: "People",
        items: (found ? people : NOBODY).map((person) => ({
          ...person,
          key: `person-${person.id}`,
          text: person.name,
          icon: "circle-user-round",
        })),
      },
      { title: "Everywhere", items: items(ranked.filter(({ action }) => !action.ofPage)) },
    ].filter((group) => group.items.length);
  }, [actions, people, weeks, asked, text]);
}

function Finder({ actions, people, weeks, asked, onSearch, onRun }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef(null);
  const groups = useGroups({ actions, people, weeks, asked, text });
  const items = groups.flatMap((group) => group.items);
  const current = Math.min(at, items.length - 1);
  const isWaiting = plain(text) !== "" && plain(asked) !== plain(text);

  useEffect(() => {
    if (!plain(text)) return undefined;
    const timer = setTimeout(() => onSearch?.({ text: text.slice(0, 100) }), SEARCH_MS);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the handler is a new one at every drawing
  }, [text]);

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [current, groups]);

  const onKeyDown = (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 };
    if (event.key in moves && items.length) {
      const next = current + moves[event.key];
      const isPaging = event.key.startsWith("Page");
      setAt(isPaging ? Math.max(0, Math.min(items.length - 1, next)) : (next + items.length) % items.length);
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing && items[current]) onRun(items[current]);
    else return;
    event.preventDefault();
  };

  const selected = items[current];
  return (
    <Window label="Find or do" className="palette" onClose={() => openPalette(null)}>
      <div className="palette-field">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-label="Find an action, a person or a week"
          aria-autocomplete="list"
          aria-expanded={items.length > 0}
          aria-controls="palette-list"
          aria-activedescendant={selected ? `palette-${selected.key}` : undefined}
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
          placeholder="An action, a name, “week 48”, “3 June” …"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd aria-hidden="true">Esc</kbd>
      </div>
      <div className="palette-list" ref={list} id="palette-list" role="listbox" aria-label="What was found">
        {groups.map((group) => (
          <div key={group.title} role="group" aria-label={group.title}>
            <div className="palette-group" aria-hidden="true">
              {group.title}
            </div>
            {group.items.map((item) => (
              <Option key={item.key} item={item} isSelected={item === selected} onRun={onRun} />
            ))}
          </div>
        ))}
      </div>
      {!items.length && <p className="palette-none">{isWaiting ? "Looking …" : "Nothing here is called that."}</p>}
      <p role="status" className="sr-only">
        {isWaiting ? "" : `${items.length} found`}
      </p>
    </Window>
  );
}

function Option({ item, isSelected, onRun }) {
  return (
    <div
      role="option"
      id={`palette-${item.key}`}
      className="palette-option"
      aria-selected={isSelected}
      onClick={() => onRun(item)}
    >
      <Icon name={item.icon} />
      <span className="palette-option-text">{item.text}</span>
      {item.where && <span className="palette-option-where">{item.where}</span>}
      {item.shortcut && <kbd aria-hidden="true">{item.shortcut}</kbd>}
    </div>
  );
}
