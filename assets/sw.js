/*
 * Stands between the browser and the network for whole pages only. Pages are never kept: what is shown without a
 * network is offline.html, which says so and tells the shifts that /me put aside, with their time.
 *
 * Shows messages that come when no page is open.
 */
const OWN = "offline-page";
const LAST_KNOWN = "last-known";
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

/* The push service answers the next message with it, and the server forgets this device. */
async function unsubscribe() {
  await (await self.registration.pushManager?.getSubscription())?.unsubscribe();
}

async function page(event) {
  const path = new URL(event.request.url).pathname;
  if (path === "/logout") event.waitUntil(unsubscribe());
  if (path === "/login" || path === "/logout") event.waitUntil(forget());
  try {
    const answer = (await event.preloadResponse) ?? (await fetch(event.request));
    if (UNREACHABLE.includes(answer.status)) throw new Error("nobody is there");
    event.waitUntil(refresh().catch(() => (refreshed = undefined)));
    return answer;
  } catch (error) {
    return (await caches.match(PAGE)) ?? Response.error();
  }
}

async function ownFile(request) {
  try {
    return await fetch(request);
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

async function open(path) {
  const address = ownAddress(path);
  const [page] = await self.clients.matchAll({ type: "window" });
  if (!page) return self.clients.openWindow(address);
  await page.focus();
  return page.navigate(address);
}

self.addEventListener("push", (event) => event.waitUntil(show(event.data)));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.path ?? "/inbox"));
});
