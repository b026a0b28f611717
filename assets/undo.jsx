import { useEffect, useRef, useState } from "react";
import { Icon } from "./icon.jsx";

const NOT_TYPED_INTO = ["button", "checkbox", "radio", "range", "submit"];

/* A field has an undo of its own. */
function isTyping(element) {
  if (element.tagName === "INPUT") return !NOT_TYPED_INTO.includes(element.type);
  return element.isContentEditable || ["SELECT", "TEXTAREA"].includes(element.tagName);
}

const KEYS = { z: "undo", "shift+z": "redo", y: "redo" };

function wanted(event) {
  if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey)) return undefined;
  if (isTyping(event.target) || document.querySelector("[role=dialog], dialog[open]")) return undefined;
  return KEYS[(event.shiftKey ? "shift+" : "") + event.key.toLowerCase()];
}

function useKeys(act) {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const onKey = (event) => {
      const kind = wanted(event);
      if (!kind) return;
      event.preventDefault();
      latest.current(kind);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function Step({ name, label, icon, keys, shown, onClick }) {
  const words = label ? `${name}: ${label}` : `Nothing to ${name.toLowerCase()}`;
  return (
    <button
      type="button"
      className="btn btn-quiet btn-icon"
      aria-label={words}
      aria-disabled={!label}
      aria-keyshortcuts={keys}
      title={`${words} (${shown})`}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

/* Both buttons stay where they are and can be focused with nothing to take back: pressing one must not lose the focus. */
export function UndoButtons({ undo = "", redo = "", told, onUndo, onRedo }) {
  const [note, setNote] = useState({ text: "", nonce: 0 });
  /* What was told before the page was come back to is no news. */
  const heard = useRef(told?.nonce);
  useEffect(() => {
    if (told?.nonce === heard.current) return;
    heard.current = told?.nonce;
    if (told?.text) setNote(({ nonce }) => ({ text: told.text, nonce: nonce + 1 }));
  }, [told]);

  const act = (kind) => {
    if (kind === "undo" ? undo : redo) (kind === "undo" ? onUndo : onRedo)();
    else setNote(({ nonce }) => ({ text: `Nothing to ${kind}.`, nonce: nonce + 1 }));
  };
  useKeys(act);

  return (
    <div role="group" aria-label="Undo and redo" className="undo">
      <Step name="Undo" label={undo} icon="undo-2" keys="Control+Z" shown="Ctrl+Z" onClick={() => act("undo")} />
      <Step name="Redo" label={redo} icon="redo-2" keys="Control+Shift+Z" shown="Ctrl+Shift+Z" onClick={() => act("redo")} />
      <div role="status" className="undo-told">
        {note.text && <span key={note.nonce}>{note.text}</span>}
      </div>
    </div>
  );
}
