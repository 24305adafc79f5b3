// That her page was opened, and opened again after another one, is a sign; without this the button
// is. The worker keeps one page without a word about anybody, for when there is no network.
async function opened() {
  if (document.hidden) return;
  try {
    await fetch(document.getElementById("main").dataset.opened, { method: "POST" });
  } catch {
    // no network: the button's page says so
  }
}

opened();
document.addEventListener("visibilitychange", opened);
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/phone/worker.js").catch(() => {});
