/*
 * Stands between the browser and the network for whole pages only. Pages are never kept: what is shown without a
 * network is offline.html, which says so and tells the shifts that /me put aside, with their time.
 *
 * Shows messages that come when no page is open.
 */
const OWN = "offline-page";
const LAST_KNOWN = "last-known";
const DEVICE = "this-device";
const SHOWN_FOR = "/shown-for.json";
const ANSWER_MS = 500;
const PAGE = "/offline.html";
const FILES = [PAGE, "/app.css", "/favicon.svg"];
const UNREACHABLE = [502, 503, 504];

let refreshed;

/* Once for each life of this worker: the page may have changed since it was put aside. */
function refresh() {
  refreshed ??= caches.open(OWN).then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" }))));
  return refreshed;
}

/* Whoever signs out, or was signed out, leaves nothing behind for the next one. */
function forget() {
  return caches.delete(LAST_KNOWN);
}

/* Nobody is shown anything here any more. The push service answers the next message with it. */
async function showNothing() {
  await (await self.registration.pushManager?.getSubscription())?.unsubscribe();
  await caches.delete(DEVICE);
}

/* For whom messages are shown here, and by which endpoint the server knows it; null where they are for nobody. */
async function shownFor() {
  const kept = await (await caches.open(DEVICE)).match(SHOWN_FOR);
  return kept ? kept.json() : null;
}

async function nowShownFor(person, endpoint) {
  await (await caches.open(DEVICE)).put(SHOWN_FOR, new Response(JSON.stringify({ person, endpoint })));
}

async function askServer(told) {
  const answer = await fetch("/device", { method: "POST", body: new URLSearchParams(told) });
  return answer.ok ? answer.json() : null;
}

function bytesOf(base64url) {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

function isFor(subscription, key) {
  // Not every browser tells.
  if (!subscription.options?.applicationServerKey) return true;
  const own = new Uint8Array(subscription.options.applicationServerKey);
  const servers = bytesOf(key);
  return own.length === servers.length && own.every((byte, at) => byte === servers[at]);
}

/*
 * Once the app is open, or the push service has ended a subscription: what is shown here is for whoever is signed in, and
 * the server can send it. What was switched off on another device is off; what is for somebody else ends.
 */
async function keepUp() {
  const manager = self.registration.pushManager;
  const [before, held] = await Promise.all([shownFor(), manager?.getSubscription()]);
  const endpoint = before?.endpoint ?? held?.endpoint;
  const answer = endpoint && (await askServer({ endpoint }));
  if (!answer) return;
  const { person, key, is_theirs: isTheirs } = answer;
  const isStale = Boolean(held && key && !isFor(held, key));
  // The server forgets a device once the push service has refused a message for the key.
  if (!isTheirs && !(isStale && before?.person === person)) return showNothing();
  if (!key) return;
  if (held && !isStale && held.endpoint === endpoint) return nowShownFor(person, endpoint);
  if (isStale) await held.unsubscribe();
  const fresh = isStale ? null : held;
  const options = { userVisibleOnly: true, applicationServerKey: bytesOf(key) };
  const { endpoint: renewed, keys } = (fresh ?? (await manager.subscribe(options))).toJSON();
  if (await askServer({ endpoint: renewed, ...keys, former: endpoint })) await nowShownFor(person, renewed);
}

let keepingUp;

/* One at a time. What fails now is made up for when the app is opened the next time. */
function keepUpOnce() {
  keepingUp ??= keepUp()
    .catch(() => undefined)
    .finally(() => (keepingUp = undefined));
  return keepingUp;
}

async function page(event) {
  const path = new URL(event.request.url).pathname;
  if (path === "/logout") event.waitUntil(showNothing());
  const isOut = path === "/login" || path === "/logout";
  if (isOut) event.waitUntil(forget());
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    if (UNREACHABLE.includes(answer.status)) throw new Error("nobody is there");
    event.waitUntil(refresh().catch(() => (refreshed = undefined)));
    if (answer.ok && !isOut) event.waitUntil(keepUpOnce());
    return answer;
  } catch (error) {
    return (await caches.match(PAGE)) ?? Response.error();
  }
}

async function ownFile(request) {
  try {
    const answer = await fetch(request);
    if (UNREACHABLE.includes(answer.status)) throw new Error("nobody is there");
    return answer;
  } catch (error) {
    return (await caches.match(request, { ignoreSearch: true })) ?? Response.error();
  }
}

self.addEventListener("install", (event) => event.waitUntil(refresh().then(() => self.skipWaiting())));

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([self.clients.claim(), self.registration.navigationPreload?.enable()]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (request.method === "GET" && FILES.includes(new URL(request.url).pathname)) event.respondWith(ownFile(request));
});

/* Only pages of our own are opened, whatever a message says. */
function ownAddress(path) {
  const home = self.location.origin;
  try {
    const address = new URL(path, home);
    return address.origin === home ? address.href : `${home}/inbox`;
  } catch (error) {
    return `${home}/inbox`;
  }
}

/* Browsers punish a message that is not shown; so one that cannot be read is shown as well. */
async function show(data) {
  let told = {};
  try {
    told = data.json();
  } catch (error) {
    told = {};
  }
  const text = (value) => (typeof value === "string" ? value : "");
  await self.registration.showNotification(text(told.title) || "You have a new message", {
    body: text(told.body),
    // What is sent again takes its own place.
    tag: text(told.tag) || undefined,
    data: { path: text(told.path) || "/inbox" },
    icon: "/app-icons/icon-192.png",
  });
}

/* Browsers know by which address a page was loaded; only the page itself knows where it has gone since. */
function whereIs(page) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(resolve, ANSWER_MS);
    page.postMessage("where", [port2]);
  });
}

function placeOf(address) {
  const { pathname, search } = new URL(address);
  return pathname.replace(/\/$/, "") + search;
}

/* A page that shows something else may hold what somebody is writing, and stays as it is. */
async function open(path) {
  const address = ownAddress(path);
  const pages = await self.clients.matchAll({ type: "window" });
  const places = await Promise.all(pages.map(whereIs));
  const there = pages.find((_, at) => places[at] && placeOf(places[at]) === placeOf(address));
  return there ? there.focus() : self.clients.openWindow(address);
}

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(keepUpOnce()));

self.addEventListener("push", (event) => event.waitUntil(show(event.data)));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.path ?? "/inbox"));
});
