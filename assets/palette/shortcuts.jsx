import { useEffect, useRef, useState } from "react";

const STORED = "shortcuts";

const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]") != null;
const isDialogOpen = () => document.querySelector("dialog[open], [role=dialog], [role=alertdialog]") !== null;

/* Kept in this browser, as the theme is. */
export function useShortcutsSwitch() {
  const [isOn, setOn] = useState(true);
  useEffect(() => setOn(localStorage.getItem(STORED) !== "off"), []);
  const turn = (on) => {
    localStorage.setItem(STORED, on ? "on" : "off");
    setOn(on);
  };
  return [isOn, turn];
}

/* Ctrl+K wherever no other dialog is open; single characters also only while nobody types, and if they are wanted. */
export function useShortcuts({ isOn, actions, open, onPalette, onHelp, onAction }) {
  const latest = useRef();
  useEffect(() => {
    latest.current = { isOn, actions, open, onPalette, onHelp, onAction };
  });
  useEffect(() => {
    const onKey = (event) => {
      const now = latest.current;
      if (event.defaultPrevented || event.repeat || event.isComposing || event.altKey) return;
      const isPaletteKey = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k";
      if (isPaletteKey) {
        if (now.open !== "palette" && isDialogOpen()) return;
        event.preventDefault();
        now.onPalette();
        return;
      }
      if (!now.isOn || event.ctrlKey || event.metaKey || isTyping(event.target) || isDialogOpen()) return;
      const action = now.actions.find((each) => each.shortcut && each.shortcut === event.key);
      if (!action && event.key !== "?") return;
      event.preventDefault();
      if (action) now.onAction(action);
      else now.onHelp();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
