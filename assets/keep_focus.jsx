import { useEffect, useRef } from "react";

/* A browser takes the focus from what is moved in the page. Here it comes back at once: lists change their order while
   somebody reads them. What is gone for good is left to the dialog around. */
export function KeepFocus({ children }) {
  const root = useRef(null);
  useEffect(() => {
    let last = null;
    const note = (event) => {
      last = event.target;
    };
    const forget = (event) => {
      if (!root.current.contains(event.target)) last = null;
    };
    const restore = () => {
      const { activeElement } = document;
      if (last?.isConnected && activeElement !== last && (activeElement === document.body || activeElement.contains(root.current))) {
        last.focus({ preventScroll: true });
      }
    };
    const observer = new MutationObserver(restore);
    const element = root.current;
    element.addEventListener("focusin", note);
    document.addEventListener("pointerdown", forget);
    observer.observe(element, { childList: true, subtree: true });
    return () => {
      element.removeEventListener("focusin", note);
      document.removeEventListener("pointerdown", forget);
      observer.disconnect();
    };
  }, []);
  return (
    <div ref={root} className="stack">
      {children}
    </div>
  );
}
