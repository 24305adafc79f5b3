// Her page looks again by itself each minute, and says so when it could not: old news never look
// fresh. Without it the page is whole; it says of when it is.
const EVERY_MS = 60000;
const OLD_MS = 180000;
let seen = Date.now();

async function look() {
  try {
    const address = new URL(location.href);
    address.searchParams.delete("done");
    const answer = await fetch(address, { cache: "no-store", redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("main");
    const main = document.getElementById("main");
    const inside = main.contains(document.activeElement) && document.activeElement !== main;
    if (fresh) main.replaceChildren(...fresh.childNodes);
    if (fresh && inside) main.querySelector(".fine-button").focus();
    seen = Date.now();
  } catch {
    // told below, once it is old
  }
  document.getElementById("old").hidden = Date.now() - seen < OLD_MS;
}

setInterval(look, EVERY_MS);
document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
