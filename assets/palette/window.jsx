import { useLayoutEffect, useRef } from "react";
import { backTo } from "../dialog.jsx";

/* A modal <dialog>: the browser keeps the focus in it; on closing we give it back to whoever had it. */
export function Window({ label, className, onClose, children }) {
  const dialog = useRef(null);
  useLayoutEffect(() => {
    const opener = document.activeElement;
    const own = dialog.current;
    own.showModal();
    return () => {
      own.close();
      backTo(opener)?.focus({ preventScroll: true });
    };
  }, []);
  const onPointerDown = (event) => {
    if (event.target === dialog.current) onClose();
  };
  return (
    <dialog
      ref={dialog}
      className={`window ${className}`}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={onPointerDown}
    >
      {children}
    </dialog>
  );
}
