import { useEffect } from "react";

const HEIRS = "main, section, ul, ol";

function around(element) {
  const found = [];
  for (let each = element; each; each = each.parentElement) found.push(each);
  return found;
}

/*
 * An action may take away its own button, and a browser then starts again from the top of the page. Here the list or
 * section around it, else the page's content, gets the focus. Dialogs, the board and whoever else sees to it come first;
 * nobody who had the focus nowhere is given it.
 */
export function PassFocus() {
  useEffect(() => {
    let line = [];
    const note = ({ target }) => {
      line = around(target);
    };
    const leave = ({ target }) => {
      queueMicrotask(() => {
        const isLeft = target.isConnected && !target.disabled && document.activeElement !== target;
        if (isLeft && line[0] === target) line = [];
      });
    };
    const press = ({ target }) => {
      if (!line[0]?.contains(target)) line = [];
    };
    const observer = new MutationObserver(() => {
      if (!line.length || line[0].isConnected) return;
      const heir = line.find((each) => each.isConnected && each.matches(HEIRS));
      line = [];
      requestAnimationFrame(() => {
        if (!heir?.isConnected || document.activeElement !== document.body) return;
        if (!heir.hasAttribute("tabindex")) heir.tabIndex = -1;
        heir.focus({ preventScroll: true });
      });
    });
    document.addEventListener("focusin", note);
    document.addEventListener("focusout", leave);
    document.addEventListener("pointerdown", press);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("focusin", note);
      document.removeEventListener("focusout", leave);
      document.removeEventListener("pointerdown", press);
      observer.disconnect();
    };
  }, []);
  return null;
}
