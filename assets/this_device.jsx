import { useEffect, useState } from "react";

function bytesOf(base64url) {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

async function fingerprintOf(subscription) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const isAble = () => Boolean(window.isSecureContext && navigator.serviceWorker && window.PushManager && window.Notification);

async function pushManager() {
  await navigator.serviceWorker.register("/sw.js");
  return (await navigator.serviceWorker.ready).pushManager;
}

/* What the service worker remembers of a subscription is about the one before. */
const forgetFormer = () => caches.delete("this-device");

/* A subscription is bound to the key it was made for; one for another installation's is of no use here. */
async function subscribe(serverKey) {
  const manager = await pushManager();
  await forgetFormer();
  await (await manager.getSubscription())?.unsubscribe();
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(serverKey) });
}

const WORDS = {
  looking: "",
  unable: "This browser cannot show them. On an iPhone or iPad, add Shifts to the home screen and open it from there.",
  refused: "This browser does not allow it. Allow notifications for this page in its settings, then load the page again.",
  failed: "The browser could not reach its push service. Please try again later.",
  off: "This device shows messages only while Shifts is open.",
  on: "This device shows messages when Shifts is closed, too.",
};

/* Whether this browser shows messages when the page is closed. What the server does not know of is off. */
export function ThisDevice({ serverKey, devices, onSubscribe, onUnsubscribe }) {
  const [is, setIs] = useState("looking");
  const [isBusy, setIsBusy] = useState(false);

  useEffect(() => {
    let isCurrent = true;
    const look = async () => {
      if (!isAble()) return "unable";
      if (Notification.permission === "denied") return "refused";
      const subscription = await (await pushManager()).getSubscription();
      const fingerprint = subscription && (await fingerprintOf(subscription));
      return devices.some((device) => device.fingerprint === fingerprint) ? "on" : "off";
    };
    look().then(
      (found) => isCurrent && setIs(found),
      () => isCurrent && setIs("failed"),
    );
    return () => {
      isCurrent = false;
    };
  }, [devices]);

  const switchOn = async () => {
    const permission = await Notification.requestPermission();
    if (permission !== "granted") return setIs(permission === "denied" ? "refused" : "off");
    const { endpoint, keys } = (await subscribe(serverKey)).toJSON();
    return onSubscribe({ endpoint, p256dh: keys.p256dh, auth: keys.auth });
  };

  const switchOff = async () => {
    const subscription = await (await pushManager()).getSubscription();
    const fingerprint = await fingerprintOf(subscription);
    await forgetFormer();
    await subscription.unsubscribe();
    return onUnsubscribe({ id: devices.find((device) => device.fingerprint === fingerprint).id });
  };

  const press = async () => {
    setIsBusy(true);
    try {
      await (is === "on" ? switchOff() : switchOn());
    } catch {
      setIs("failed");
    } finally {
      setIsBusy(false);
    }
  };

  const canPress = ["on", "off", "failed"].includes(is);
  return (
    <div className="stack">
      <p role="status" className="muted">{WORDS[is]}</p>
      {canPress && (
        <div className="toolbar">
          <button type="button" className={is === "on" ? "btn" : "btn btn-primary"} disabled={isBusy} onClick={press}>
            {is === "on" ? "Stop showing them here" : "Show messages here"}
          </button>
        </div>
      )}
    </div>
  );
}
