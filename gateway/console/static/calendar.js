// Keeps the calendar as it is now, and leaves everybody where they were in it.
const BY_ITSELF = { "HX-Request": "true", "HX-Target": "calendar", "X-Frontdesk-Live": "1" };
const here = { tag: null, address: null };

const area = () => document.querySelector("[data-calendar]");

async function refresh() {
  const shown = area();
  if (!shown) return;
  const { address } = shown.dataset;
  const known = here.address === address && here.tag ? { "If-None-Match": here.tag } : {};
  let answer;
  try {
    answer = await fetch(address, { headers: { ...BY_ITSELF, ...known } });
  } catch {
    return; // the next news asks again
  }
  const leadsTo = answer.headers.get("HX-Redirect");
  if (leadsTo) return location.assign(leadsTo);
  if (answer.status !== 200) return;
  const text = await answer.text();
  if (area() !== shown || shown.querySelector(".dragging, .asking")) return;
  Object.assign(here, { tag: answer.headers.get("ETag"), address });
  draw(shown, text);
}

function draw(shown, text) {
  const focused = shown.contains(document.activeElement) ? placeOf(document.activeElement) : null;
  const grid = shown.querySelector("[data-grid]");
  const [left, top] = grid ? [grid.scrollLeft, grid.scrollTop] : [0, 0];
  shown.innerHTML = text;
  globalThis.htmx?.process(shown);
  const fresh = shown.querySelector("[data-grid]");
  if (fresh) Object.assign(fresh, { scrollLeft: left, scrollTop: top });
  document.dispatchEvent(new CustomEvent("frontdesk:drawn"));
  if (focused) atPlace(shown, focused)?.focus({ preventScroll: true });
}

// What has the focus, by what it is and else by where: a free place that was booked meanwhile is the booking there.
function placeOf(element) {
  const column = element.closest("[data-practitioner]");
  return { reference: element.dataset.reference, href: element.getAttribute("href"), top: element.offsetTop, column: column?.dataset };
}

function atPlace(shown, { reference, href, top, column }) {
  const same = (reference && shown.querySelector(`[data-reference="${CSS.escape(reference)}"]`)) || [...shown.querySelectorAll("a")].find((each) => each.getAttribute("href") === href);
  if (same || !column) return same;
  const lane = [...shown.querySelectorAll("[data-practitioner]")].find((each) => each.dataset.practitioner === column.practitioner && each.dataset.date === column.date);
  return [...(lane?.querySelectorAll(".lane > a") ?? [])].find((each) => each.offsetTop <= top && top < each.offsetTop + each.offsetHeight);
}

// The first time one looks, the working day is seen, or now.
function showNow() {
  const grid = area()?.querySelector("[data-grid]");
  const now = grid?.querySelector(".now-line");
  if (now) grid.scrollTop = Math.max(0, now.offsetTop - grid.clientHeight / 3);
}

function arrive() {
  for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
  showNow();
}

document.body.addEventListener("frontdesk:news", refresh);
document.addEventListener("click", ({ target }) => target.closest?.("[data-print]") && print());
document.body.addEventListener("htmx:load", ({ target }) => target.querySelector?.("[data-calendar]") && arrive());
arrive();
