// Keeps the page as it is at the gateway: listens to /live, patches what changed, and says so
// plainly when nothing is heard any more. May not know: what any of it means.
"use strict";

(() => {
  // The gateway gives a sign of life every 15 s of its clock; three missed ones are a lost line.
  const SILENCE_MS = 45000;
  const AGAIN_MS = 3000;
  const token = document.body.dataset.token;
  const badge = document.getElementById("live");
  const word = document.getElementById("live-word");
  const bar = document.getElementById("stale");
  const url = "/live?lang=" + document.documentElement.lang + document.body.dataset.about;
  let source = null;
  let heardAt = performance.now();

  function show(state) {
    if (badge.dataset.state !== state) {
      badge.dataset.state = state;
      word.textContent = badge.dataset[state];
    }
    const stale = state === "off";
    document.documentElement.classList.toggle("is-stale", stale);
    if (stale && bar.hidden) {
      bar.textContent = bar.dataset.text.replace("{clock}", document.getElementById("now").textContent);
    }
    bar.hidden = !stale;
  }

  // Make `old` like `next` while keeping what is the same, so that focus, open details and
  // scroll stay. Children with an id are found again by it.
  function patch(old, next) {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data !== next.data) old.data = next.data;
      return;
    }
    for (const { name } of [...old.attributes]) {
      if (!next.hasAttribute(name) && !(old.localName === "details" && name === "open")) {
        old.removeAttribute(name);
      }
    }
    for (const { name, value } of next.attributes) {
      const kept = old.localName === "details" && name === "open";
      if (!kept && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    patchChildren(old, next);
  }

  function patchChildren(old, next) {
    let at = old.firstChild;
    for (const child of [...next.childNodes]) {
      const same = child.id
        ? [...old.children].find((c) => c.id === child.id && c.nodeName === child.nodeName)
        : at && at.nodeName === child.nodeName && !at.id ? at : null;
      if (!same) {
        old.insertBefore(child, at);
        continue;
      }
      if (same === at) at = at.nextSibling;
      else old.insertBefore(same, at);
      patch(same, child);
    }
    while (at) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
  }

  // Whoever goes by keyboard stays where she is, also where that moved to another part of a list.
  function keepFocus(held, place) {
    if (document.activeElement === held) return;
    const near = place && document.getElementById(place);
    const again = held.isConnected ? held : near && near.querySelector(held.localName);
    if (again) again.focus({ preventScroll: true });
  }

  function take(event) {
    heardAt = performance.now();
    const held = document.activeElement;
    const place = held && held.closest("[id]")?.id;
    const { sections } = JSON.parse(event.data);
    for (const [id, html] of Object.entries(sections)) {
      const next = document.createElement("div");
      const parsed = new DOMParser().parseFromString(html, "text/html");
      next.append(...parsed.body.childNodes);
      patchChildren(document.getElementById(id), next);
    }
    if (held && held !== document.body) keepFocus(held, place);
    show("on");
  }

  function listen() {
    if (source) source.close();
    source = new EventSource(url);
    source.addEventListener("now", take);
    source.addEventListener("gone", () => location.reload());
    source.addEventListener("token", (event) => {
      heardAt = performance.now();
      // Somebody else signed in at this browser: what the forms bring along is refused.
      if (JSON.parse(event.data).token !== token) location.reload();
    });
    source.addEventListener("error", () => {
      show("off");
      if (source.readyState === EventSource.CLOSED) signedOut();
      source.close();
      setTimeout(listen, AGAIN_MS);
    });
  }

  // The gateway answers and refuses: is it because nobody is signed in here any more?
  function signedOut() {
    fetch(location.href, { method: "HEAD", cache: "no-store" }).then(
      (answer) => answer.status === 401 && location.reload(),
      () => {},
    );
  }

  setInterval(() => {
    if (performance.now() - heardAt > SILENCE_MS && badge.dataset.state !== "off") {
      show("off");
      listen();
    }
  }, 1000);
  listen();
})();
