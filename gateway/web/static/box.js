// The virtual home's box: looks at it several times a second, finds out which lights blink, and
// sends clicks on lids and buttons. May not know: why a light is on.
"use strict";

(() => {
  const LOOK_MS = 200; // the shortest flash of the box is 250 ms
  const LOST_MS = 2000;
  // Every rhythm of the box is over within four seconds.
  const BLINK_MS = 8500; // two changes within this time are a blinking light
  const DARK_MS = 4500; // a blinking light that stays dark longer has gone out
  // A light that is lit less than this share of the looks flashes, more than that one pauses.
  const FLASHES = 0.3;
  const PAUSES = 0.7;
  const box = document.getElementById("box");
  const form = document.getElementById("box-form");
  const hint = document.getElementById("box-hint");
  const says = document.getElementById("box-says");
  const url = "/api/box?lang=" + box.dataset.lang;
  // compartment → {colour, changes: [ms], looks: [[ms, lit]], litAt, lit: last lit view}
  const seen = new Map();

  function text(node, value) {
    if (node.textContent !== value) node.textContent = value;
  }

  function rhythm(view, now) {
    const was = seen.get(view.index)
      || { colour: view.colour, changes: [], looks: [], litAt: -Infinity };
    if (was.colour !== view.colour) was.changes.push(now);
    was.changes = was.changes.filter((at) => now - at < BLINK_MS);
    if (view.colour && was.lit && was.lit.colour !== view.colour) {
      was.looks = []; // another signal
      was.changes = [];
    }
    was.looks = [...was.looks, [now, Boolean(view.colour)]].filter(([at]) => now - at < BLINK_MS);
    was.colour = view.colour;
    if (view.colour) {
      was.lit = view;
      was.litAt = now;
    }
    seen.set(view.index, was);
    const blinks = was.changes.length >= 2 && now - was.litAt < DARK_MS;
    return blinks ? ["blink", was.lit] : [view.colour ? "on" : "off", view];
  }

  // How long the light is lit of each blink, as far as looking tells: "long", "half" or "flash".
  function share(index) {
    const looks = seen.get(index).looks;
    const lit = looks.filter(([, on]) => on).length / looks.length;
    return lit < FLASHES ? "flash" : lit > PAUSES ? "long" : "half";
  }

  // One sentence for all that are alike: as box.says of gateway/web/box.py.
  function sentences(lit, board) {
    const alike = new Map();
    for (const [phrase] of lit) alike.set(phrase, (alike.get(phrase) || 0) + 1);
    return [...new Set(lit.map(([phrase, alone]) => {
      const n = alike.get(phrase);
      if (n < board.many) return alone;
      const words = n === board.compartments.length ? board.say_all : board.say_many;
      return words.replace("{n}", n).replace("{light}", phrase);
    }))];
  }

  function showLid(view, light, lit) {
    const lid = document.getElementById("lid-" + view.index);
    const word = lid.querySelector(".lid-word");
    lid.dataset.open = view.open ? "yes" : "no";
    lid.dataset.light = light;
    lid.dataset.share = light === "blink" ? share(view.index) : "";
    lid.dataset.colour = lit.colour || "off";
    lid.value = view.index + ":" + (view.open ? "closed" : "open");
    const label = light === "blink" ? lit.label_blink : view.label;
    if (lid.getAttribute("aria-label") !== label) lid.setAttribute("aria-label", label);
    const words = [lit.short, light === "blink" ? word.dataset.wordBlinks : ""];
    text(word, words.filter(Boolean).join("\n") || (view.open ? word.dataset.wordOpen : ""));
  }

  function show(board) {
    const now = performance.now();
    const lights = [];
    const open = [];
    for (const view of board.compartments) {
      const [light, lit] = rhythm(view, now);
      showLid(view, light, lit);
      if (light === "blink") lights.push([lit.light_blink, lit.say_blink]);
      if (light === "on") lights.push([lit.light, lit.say]);
      if (view.open) open.push(view.say_open);
    }
    const lines = [...sentences(lights, board), ...open];
    if (!lines.length) lines.push(board.lights_none, board.lids_closed);
    if (says.dataset.says !== lines.join("\n")) {
      says.dataset.says = lines.join("\n");
      says.replaceChildren(...lines.map((line) => {
        const item = document.createElement("li");
        item.textContent = line;
        return item;
      }));
    }
    document.getElementById("box-sound").dataset.sound = board.sound ? "on" : "off";
    board.lines.forEach((line, i) => text(document.getElementById("box-line-" + i), line));
  }

  function offline(lost) {
    box.toggleAttribute("data-offline", lost);
    text(hint, lost ? hint.dataset.off : hint.dataset.on);
  }

  async function look() {
    if (document.hidden) return LOOK_MS;
    try {
      const answer = await fetch(url, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.json());
      offline(false);
      return LOOK_MS;
    } catch {
      offline(true);
      return LOST_MS;
    }
  }

  async function keepLooking() {
    setTimeout(keepLooking, await look());
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const pressed = event.submitter;
    const body = new URLSearchParams(new FormData(form, pressed));
    pressed.dataset.pressed = "";
    try {
      const headers = { Accept: "application/json" };
      const answer = await fetch(form.action, { method: "POST", body, headers });
      if (answer.status === 403) location.reload(); // the gateway began anew
      offline(answer.status === 503);
      await look();
    } catch {
      offline(true);
    } finally {
      delete pressed.dataset.pressed;
    }
  });

  keepLooking();
})();
