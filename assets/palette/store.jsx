import { useEffect, useRef, useSyncExternalStore } from "react";

/* What the parts of a page have made known, and which of the two dialogs is open. One page is shown at a time. */
const actions = new Map();
const keyGroups = new Map();
const listeners = new Set();
let snapshot = { actions: [], keyGroups: [], open: null };

function publish(changes) {
  snapshot = { ...snapshot, ...changes };
  for (const listener of listeners) listener();
}

function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePaletteStore() {
  return useSyncExternalStore(
    subscribe,
    () => snapshot,
    () => snapshot,
  );
}

export function openPalette(which) {
  if (snapshot.open !== which) publish({ open: which });
}

/* The newest properties are used when it is run; what is drawn of it must not change while it is there. */
export function useAction(props) {
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const { name, label, words, icon, href, shortcut, ofPage } = props;
  useEffect(() => {
    const own = { name, label, words, icon, href, shortcut, ofPage, latest };
    actions.set(name, own);
    publish({ actions: [...actions.values()] });
    return () => {
      if (actions.get(name) !== own) return;
      actions.delete(name);
      publish({ actions: [...actions.values()] });
    };
  }, [name, label, words, icon, href, shortcut, ofPage]);
}

export function useKeyGroup(title, keys) {
  const text = JSON.stringify(keys);
  useEffect(() => {
    keyGroups.set(title, JSON.parse(text));
    publish({ keyGroups: [...keyGroups.entries()] });
    return () => {
      keyGroups.delete(title);
      publish({ keyGroups: [...keyGroups.entries()] });
    };
  }, [title, text]);
}
