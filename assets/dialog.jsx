import { Content } from "@radix-ui/react-dialog";
import { forwardRef, useRef } from "react";

function backTo(opener) {
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
  return <Content ref={ref} {...props} onOpenAutoFocus={enter} onCloseAutoFocus={leave} />;
});
