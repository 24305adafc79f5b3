// What a page about one person does by itself: shows what a line says while it is typed, and keeps
// what must be fresh fresh. Without it every form and every page works. May not know: what any of
// it means.
"use strict";

(() => {
  const PAUSE_MS = 600;
  const FRESH_MS = 5000;

  // The draft of a line, a moment after the last key; an answer that comes late is not shown.
  for (const field of document.querySelectorAll("[data-preview]")) {
    const form = field.form;
    const place = form.parentElement.querySelector(".draft-place");
    let asked = 0;
    let timer = 0;
    async function preview() {
      const mine = ++asked;
      if (!field.value.trim()) {
        place.replaceChildren();
        return;
      }
      try {
        const said = new FormData(form);
        const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(said) });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const draft = page.querySelector("#draft");
        if (mine !== asked || !draft) return;
        document.querySelectorAll("#draft").forEach((old) => old.remove());
        place.replaceChildren(draft);
      } catch {
        place.replaceChildren(); // no answer: the button still asks
      }
    }
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(preview, PAUSE_MS);
    });
  }

  // What stands in [data-fresh] is fetched again while the page is looked at.
  for (const part of document.querySelectorAll("[data-fresh]")) {
    part.dataset.held = part.innerHTML.trim();
    setInterval(async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(part.dataset.fresh);
        const next = answer.ok ? (await answer.text()).trim() : part.dataset.held;
        if (next !== part.dataset.held) part.innerHTML = part.dataset.held = next;
      } catch {
        // no answer: what stands here says as of when it is
      }
    }, FRESH_MS);
  }
})();
