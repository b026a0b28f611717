import { useEffect, useState } from "react";
import { Icon } from "./icon.jsx";

const POKE_MS = 500;
const POKES_PER_CHECK = 4;
const ASK_MS = 2000;
const GRACE_MS = 300;
const OWN_GRACE_MS = 3000;

/* The server's answer; null where there is none, or none in time. */
function askSession() {
  const options = { cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(ASK_MS) };
  return fetch("/session", options).catch(() => null);
}

/* Somebody signed out elsewhere is refused by the socket too; only the server can tell that from a lost line. */
async function leaveIfSignedOut() {
  const answer = await askSession();
  if (answer?.status !== 401) return;
  const here = window.location.pathname + window.location.search;
  window.location.assign(`/login?next=${encodeURIComponent(here)}`);
}

/*
 * Reflex counts failed attempts only: an attempt that hangs, or a socket the server has closed, leaves no error. Its
 * instrumentation hooks tell of every drop. A page that is being left closes its own socket; that gets a longer grace.
 */
function useDropped() {
  const [isDropped, setDropped] = useState(false);
  useEffect(() => {
    const hooks = (window.__reflex_otel ??= {});
    const { onSocketConnect, onSocketDisconnect } = hooks;
    let timer;
    hooks.onSocketConnect = (...args) => {
      clearTimeout(timer);
      setDropped(false);
      onSocketConnect?.(...args);
    };
    hooks.onSocketDisconnect = (reason, ...args) => {
      clearTimeout(timer);
      timer = setTimeout(() => setDropped(true), reason === "io client disconnect" ? OWN_GRACE_MS : GRACE_MS);
      onSocketDisconnect?.(reason, ...args);
    };
    return () => {
      clearTimeout(timer);
      Object.assign(hooks, { onSocketConnect, onSocketDisconnect });
    };
  }, []);
  return isDropped;
}

/*
 * A browser that has lost its network knows before its sockets do. One on the server's own machine needs no network, so
 * the server is asked before it is believed.
 */
function useNetworkDown() {
  const [isNetworkDown, setNetworkDown] = useState(false);
  useEffect(() => {
    const update = async () => {
      // A proxy without a server behind it answers 502.
      const isReached = navigator.onLine || (await askSession())?.status < 500;
      setNetworkDown(!isReached && !navigator.onLine);
    };
    const again = () => {
      if (!navigator.onLine) update();
    };
    update();
    window.addEventListener("offline", update);
    window.addEventListener("online", update);
    const timer = setInterval(again, POKE_MS * POKES_PER_CHECK);
    return () => {
      window.removeEventListener("offline", update);
      window.removeEventListener("online", update);
      clearInterval(timer);
    };
  }, []);
  return isNetworkDown;
}

/* The service worker asks where this page is, to show what a message leads to without leaving anything. */
function useWhereabouts() {
  useEffect(() => {
    const answer = ({ data, ports }) => data === "where" && ports[0]?.postMessage(window.location.href);
    navigator.serviceWorker?.addEventListener("message", answer);
    return () => navigator.serviceWorker?.removeEventListener("message", answer);
  }, []);
}

/*
 * Reflex tries again 0.2 s to 2 s after a failed attempt, and not at all after the server has closed the socket. Its own
 * listener for a tab that becomes visible reconnects at once, so while the line is down that event is repeated.
 */
export function ConnectionBanner({ offline = false }) {
  useWhereabouts();
  const isDropped = useDropped();
  const isNetworkDown = useNetworkDown();
  const isDown = offline || isDropped || isNetworkDown;

  useEffect(() => {
    if (!isDown) return undefined;
    let pokes = 0;
    const poke = () => {
      if (pokes % POKES_PER_CHECK === 0) leaveIfSignedOut();
      pokes += 1;
      document.dispatchEvent(new Event("visibilitychange"));
    };
    poke();
    const timer = setInterval(poke, POKE_MS);
    return () => clearInterval(timer);
  }, [isDown]);

  return (
    <div role="status" aria-live="polite" className="banner-slot">
      {isDown && (
        <div className="banner">
          <Icon name="wifi-off" />
          Connection lost. Showing the last known state; trying to reconnect.
        </div>
      )}
    </div>
  );
}
