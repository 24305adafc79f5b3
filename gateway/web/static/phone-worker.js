// Kept on the telephone: the page that says "no connection" and its looks. Nothing else, no address
// that is a secret among it; whatever is asked goes to the network first.
const KEPT = "anbu-phone-1";
const PAGES = ["/phone/offline?lang=ko", "/phone/offline?lang=en"];
const LOOKS = ["/static/page.css", "/static/section.css", "/static/senior.css", "/static/phone.css"];

self.addEventListener("install", (event) => {
  const keep = async () => (await caches.open(KEPT)).addAll([...PAGES, ...LOOKS]);
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const old = (await caches.keys()).filter((name) => name !== KEPT);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate") {
    const english = new URL(request.url).searchParams.get("lang") === "en";
    event.respondWith(fetch(request).catch(() => caches.match(PAGES[english ? 1 : 0])));
  } else if (request.method === "GET" && LOOKS.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
