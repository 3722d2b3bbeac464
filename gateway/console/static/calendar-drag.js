// The calendar by mouse and finger: a booking is dragged to another time or person, its lower edge to another length,
// and an empty place is drawn over to book or block it. Nothing is done here: what is dragged leads to its form.
const STEP = 5; // minutes
const SLACK = 5; // pixels that a hand may shake
const EDGE = 7; // pixels of a booking's end that lengthen it
const HOLD_MS = 350; // how long a finger rests before it drags; before that it scrolls

let drag = null;
let isClickSpent = false;

const area = () => document.querySelector("[data-calendar]");
const open = (url) => document.dispatchEvent(new CustomEvent("frontdesk:open", { detail: { url } }));
const say = (text) => { document.getElementById("said").textContent = text; };

// Time and place.
const hoursOf = (lane) => Number(lane.closest("[data-grid]").className.match(/\bu(\d+)/)[1]);
const firstOf = (lane) => Number(lane.closest("[data-grid]").dataset.first) * 60;
const perMinute = (lane) => lane.getBoundingClientRect().height / (hoursOf(lane) * 60);
const snapped = (minutes) => Math.round(minutes / STEP) * STEP;
const minuteAt = (lane, y) => firstOf(lane) + (y - lane.getBoundingClientRect().top) / perMinute(lane);
const spanOf = (item) => {
  const lane = item.parentElement;
  const start = firstOf(lane) + snapped(item.offsetTop / perMinute(lane));
  return { start, end: start + Math.max(STEP, snapped(item.offsetHeight / perMinute(lane))) };
};
const clock = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
const shownClock = (minutes) => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" }).format(minutes * 60000);
const momentOf = (column, minutes) => `${column.dataset.date}T${clock(minutes)}:00${column.dataset.offset}`;
const wallOf = (column, minutes) => (minutes < 1440 ? `${column.dataset.date}T${clock(minutes)}` : `${column.dataset.date}T23:59`);
const address = (base, fields) => `${base}${base.includes("?") ? "&" : "?"}${new URLSearchParams(fields)}`;

function laneAt(x) {
  const all = [...area().querySelectorAll("[data-practitioner] > .lane")];
  return all.find((lane) => { const box = lane.getBoundingClientRect(); return box.left <= x && x < box.right; });
}

const isTaken = (lane, { start, end }, but) =>
  [...lane.querySelectorAll(":scope > .booked")].some((card) => {
    const span = spanOf(card);
    return card !== but && span.start < end && start < span.end;
  });

// What is drawn while something is dragged.
function show(lane, span) {
  const { ghost, item, kind } = drag;
  if (ghost.parentElement !== lane) lane.append(ghost);
  drag.lane = lane;
  drag.span = span;
  drag.taken = isTaken(lane, span, kind === "draw" ? null : item);
  ghost.style.insetBlockStart = `${(span.start - firstOf(lane)) * perMinute(lane)}px`;
  ghost.style.blockSize = `${(span.end - span.start) * perMinute(lane)}px`;
  ghost.classList.toggle("taken", drag.taken);
  ghost.textContent = `${shownClock(span.start)}–${shownClock(span.end)}`;
}

function begin() {
  drag.isOn = true;
  drag.ghost = Object.assign(document.createElement("div"), { className: "ghost" });
  drag.grid.classList.add("dragging");
  drag.item.classList.toggle("dragged", drag.kind !== "draw");
  follow(drag.y);
}

function follow(y, x = drag.x) {
  const { kind, item, from } = drag;
  const own = item.parentElement;
  if (kind === "move") {
    const lane = laneAt(x) ?? own;
    const length = from.end - from.start;
    const start = within(lane, snapped(minuteAt(lane, y) - drag.grabbed), length);
    return show(lane, { start, end: start + length });
  }
  const at = Math.min(firstOf(own) + hoursOf(own) * 60, Math.max(firstOf(own), snapped(minuteAt(own, y))));
  if (kind === "length") return show(own, { start: from.start, end: Math.max(from.start + STEP, at) });
  return show(own, at > from.start ? { start: from.start, end: at } : { start: at, end: from.end });
}

function within(lane, start, length) {
  const first = firstOf(lane);
  return Math.max(first, Math.min(start, first + hoursOf(lane) * 60 - length));
}

// A grid that is larger than the window follows what is dragged to its end.
function scrollAlong({ clientX: x, clientY: y }) {
  const box = drag.grid.getBoundingClientRect();
  const near = 32;
  drag.grid.scrollBy(x < box.left + near ? -12 : x > box.right - near ? 12 : 0, y < box.top + 2 * near ? -8 : y > box.bottom - near ? 8 : 0);
}

// From the first press to the last.
function onDown(event) {
  closeChoice(event.target);
  const item = event.target.closest?.(".booked, .vacant");
  const grid = item?.closest("[data-grid]");
  if (!grid || !item.closest("[data-practitioner]") || event.button !== 0 || !event.isPrimary || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const lane = item.parentElement;
  const from = spanOf(item);
  const kind = item.matches(".vacant") ? "draw" : isOnEdge(item, event.clientY) ? "length" : "move";
  drag = { kind, item, grid, from, lane, x: event.clientX, y: event.clientY, grabbed: minuteAt(lane, event.clientY) - from.start, id: event.pointerId, isFinger: event.pointerType === "touch" };
  if (drag.isFinger) drag.timer = setTimeout(() => drag && begin(), HOLD_MS);
}

function onMove(event) {
  if (!drag) return hint(event);
  if (event.pointerId !== drag.id) return;
  const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > SLACK;
  if (!drag.isOn && drag.isFinger && far) return drop();
  if (!drag.isOn && !drag.isFinger && far) begin();
  if (!drag?.isOn) return;
  event.preventDefault();
  scrollAlong(event);
  follow(event.clientY, event.clientX);
}

function onUp(event) {
  if (!drag || event.pointerId !== drag.id) return;
  const done = drag;
  if (!done.isOn) return drop();
  isClickSpent = true;
  setTimeout(() => { isClickSpent = false; }, 0);
  const { lane, span, taken, kind, item, ghost, from } = done;
  const column = lane.closest("[data-practitioner]");
  const isSame = lane === item.parentElement && span.start === from.start && span.end === from.end;
  drop();
  if (taken) return say(area().dataset.sayTaken);
  if (kind === "draw") return choose(lane, column, span, ghost);
  if (isSame) return;
  const where = { start: momentOf(column, span.start), practitioner: column.dataset.practitioner };
  const longer = kind === "length" ? { minutes: span.end - span.start } : {};
  open(address(`${area().dataset.bookings}/${item.dataset.reference}/move`, { ...where, ...longer }));
}

function drop() {
  if (!drag) return;
  clearTimeout(drag.timer);
  drag.ghost?.remove();
  drag.grid.classList.remove("dragging");
  drag.item.classList.remove("dragged");
  drag = null;
}

const isOnEdge = (card, y) => { const box = card.getBoundingClientRect(); return box.bottom - y <= Math.min(EDGE, box.height / 3); };

function hint(event) {
  const card = event.target.closest?.(".booked");
  event.target.closest?.("[data-grid]")?.classList.toggle("on-edge", Boolean(card) && isOnEdge(card, event.clientY));
}

// What was drawn over is booked, or blocked.
function choose(lane, column, span, ghost) {
  const { new: book, block, sayBook, sayBlock, sayLeave } = area().dataset;
  const who = { practitioner: column.dataset.practitioner };
  const ways = [
    [sayBook, address(book, { start: momentOf(column, span.start), ...who, minutes: span.end - span.start }), "button"],
    [sayBlock, address(block, { ...who, from: wallOf(column, span.start), to: wallOf(column, span.end) }), "button quiet"],
    [sayLeave, null, "button quiet"],
  ];
  ghost.classList.add("asking");
  ghost.append(...ways.map(([text, url, className]) => {
    const button = Object.assign(document.createElement("button"), { type: "button", className, textContent: text });
    button.addEventListener("click", () => { ghost.remove(); if (url) open(url); });
    return button;
  }));
  lane.append(ghost);
  ghost.querySelector("button").focus();
  ghost.scrollIntoView({ block: "nearest" });
}

function closeChoice(target) {
  const asking = document.querySelector(".ghost.asking");
  if (asking && !asking.contains(target)) asking.remove();
}

function onKey(event) {
  if (event.key !== "Escape" || !(drag || document.querySelector(".ghost.asking"))) return;
  event.preventDefault(); // which would close the panel
  drop();
  closeChoice(null);
}

document.addEventListener("pointerdown", onDown);
document.addEventListener("pointermove", onMove);
document.addEventListener("pointerup", onUp);
document.addEventListener("pointercancel", drop);
document.addEventListener("keydown", onKey, true);
document.addEventListener("touchmove", (event) => drag?.isOn && event.preventDefault(), { passive: false });
document.addEventListener("contextmenu", (event) => drag?.isFinger && event.preventDefault());
document.addEventListener("dragstart", (event) => event.target.closest?.("[data-grid]") && event.preventDefault());
document.addEventListener("click", (event) => {
  if (!isClickSpent) return;
  event.preventDefault();
  event.stopPropagation();
}, true);
