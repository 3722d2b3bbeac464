// Keeps a page of the console fresh: asks every two seconds, while it is seen, whether anything has changed.
// What changed is for others to fetch: they hear `frontdesk:news` on the body.

const EVERY = 2000;
const WHOLE_EVERY = 30000;
const LIVE = { "X-Frontdesk-Live": "1" };
const address = document.body.dataset.live;

let mark = null;
let lastWhole = Date.now();
let timer = null;
let isAsking = false;
let bringsNews = false;

async function ask() {
  clearTimeout(timer);
  if (!address || isAsking || document.hidden) return;
  isAsking = true;
  try {
    const isWhole = Date.now() - lastWhole >= WHOLE_EVERY;
    const headers = mark && !isWhole ? { ...LIVE, "If-None-Match": mark } : LIVE;
    const answer = await fetch(address, { headers, cache: "no-store" });
    if (answer.redirected) return location.reload(); // signed out: nothing of patients stays on the screen
    if (answer.status === 200 && answer.headers.get("Content-Type").startsWith("application/json")) {
      const fresh = answer.headers.get("ETag");
      const isNews = mark !== null && (isWhole || fresh !== mark);
      mark = fresh;
      lastWhole = Date.now();
      show((await answer.json()).counts);
      if (isNews) tell();
    }
    document.documentElement.classList.toggle("is-away", answer.status >= 500);
  } catch {
    document.documentElement.classList.add("is-away");
  } finally {
    isAsking = false;
    timer = setTimeout(ask, EVERY);
  }
}

function tell() {
  bringsNews = true;
  document.body.dispatchEvent(new CustomEvent("frontdesk:news"));
  bringsNews = false;
}

function show(counts) {
  const digits = new Intl.NumberFormat(document.documentElement.lang);
  const waiting = Object.values(counts).reduce((sum, number) => sum + number, 0);
  document.querySelectorAll("[data-total]").forEach((badge) => {
    badge.hidden = !waiting;
    badge.textContent = digits.format(waiting);
  });
  for (const [name, number] of Object.entries(counts)) {
    document.querySelectorAll(`[data-count="${name}"]`).forEach((badge) => {
      badge.hidden = !number;
      badge.querySelector("[data-number]").textContent = digits.format(number);
    });
  }
}

// What follows from news is asked by the page itself: it is no sign that somebody is there.
document.addEventListener("htmx:configRequest", (event) => {
  if (bringsNews || event.detail.triggeringEvent?.type === "frontdesk:news") Object.assign(event.detail.headers, LIVE);
});
// What somebody does here is news at once, but for what only asks: a search, a look at what is in the way, a hold.
// `elt` of the request is what has asked, even where the answer has taken its place.
document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig: asked, successful } }) => {
  if (!asked || asked.verb === "get" || !successful || asked.elt.closest("[data-no-news]")) return;
  tell();
  ask();
});
document.addEventListener("visibilitychange", ask);
if (address) timer = setTimeout(ask, 0);
