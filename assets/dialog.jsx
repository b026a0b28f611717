import { Content } from "@radix-ui/react-dialog";
import { forwardRef, useEffect, useRef } from "react";
import { useLocation } from "react-router";

export function backTo(opener) {
  const fallback = () => document.querySelector('[role="grid"] [tabindex="0"]') ?? document.getElementById("content");
  return opener?.isConnected && opener !== document.body ? opener : fallback();
}

/*
 * Radix gives the focus back to a trigger only, and ours open from anywhere: a chip, a key, an answer of the server. So
 * remember who had it at the first render, before anything inside can take it. Focus goes to the first field, else to
 * the dialog itself, never straight onto a button that does something.
 */
export const DialogContent = forwardRef(function DialogContent(props, ref) {
  const opener = useRef(null);
  opener.current ??= document.activeElement;
  const enter = (event) => {
    event.preventDefault();
    const dialog = event.currentTarget;
    (dialog.querySelector("input:not([type=hidden]), select, textarea") ?? dialog).focus();
  };
  const leave = (event) => {
    event.preventDefault();
    backTo(opener.current)?.focus();
  };
  const stay = (event) => {
    if (event.target.closest(".alert-slot")) event.preventDefault();
  };
  return <Content ref={ref} {...props} onOpenAutoFocus={enter} onCloseAutoFocus={leave} onInteractOutside={stay} />;
});

/* Going to another page closes what is open. Not so a lost line: on its return the page is loaded anew, but stays. */
export function CloseOnLeaving({ open, onLeave }) {
  const { pathname } = useLocation();
  const leave = useRef();
  useEffect(() => {
    leave.current = open ? onLeave : undefined;
  });
  useEffect(() => () => leave.current?.(), [pathname]);
  return null;
}
