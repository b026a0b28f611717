/*
 * Stands between the browser and the network for whole pages only. Pages are never kept: what is shown without a
 * network is offline.html, which says so and tells the shifts that /me put aside, with their time.
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

async function page(event) {
  const path = new URL(event.request.url).pathname;
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
