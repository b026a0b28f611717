import { useState } from "react";

/* randomUUID is missing where the page came over plain HTTP, as from a laptop on the same network. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/* The number of one intent, as a field of its form: the same however often the form is sent, until it is drawn anew. */
export function IntentKey() {
  const [key] = useState(newKey);
  return <input type="hidden" name="key" value={key} readOnly />;
}
