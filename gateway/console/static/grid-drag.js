// Dragging in a grid by mouse and finger: an item to another place, its edge to another length, and over empty places.
// What may be taken, where, and what comes of it says who owns the grid.
import { firstOf, gridOf, hoursOf, lastOf, minuteAt, perMinute, shownClock, snapped } from "./grid.js";

const SLACK = 5; // pixels that a hand may shake
const EDGE = 7; // pixels of an item's end that lengthen it
const HOLD_MS = 350; // how long a finger rests before it drags; before that it scrolls

const owners = [];
let drag = null;
let isClickSpent = false;

// An owner says: `grid`, `lane`, `item` (selectors), `step` (minutes), `edges` that can be dragged ("start", "end"),
// `spanOf(item)` where it knows better than the picture, `isTaken(lane, span, item)`, and `done(drag)`.
export const owns = (owner) => owners.push(owner);
export const isDragging = () => Boolean(drag?.isOn);

export const spanOf = (item, step) => {
  const lane = item.parentElement;
  const start = firstOf(lane) + snapped(item.offsetTop / perMinute(lane), step);
  return { start, end: start + Math.max(step, snapped(item.offsetHeight / perMinute(lane), step)) };
};

const laneAt = (x) =>
  [...drag.grid.querySelectorAll(drag.owner.lane)].find((lane) => {
    const box = lane.getBoundingClientRect();
    return box.left <= x && x < box.right;
  });

function edgeAt({ edges }, item, y) {
  const box = item.getBoundingClientRect();
  const near = Math.min(EDGE, box.height / 3);
  if (edges.includes("end") && box.bottom - y <= near) return "end";
  return edges.includes("start") && y - box.top <= near ? "start" : null;
}

// What is drawn while something is dragged.
function show(lane, span) {
  const { ghost, item, kind, owner } = drag;
  if (ghost.parentElement !== lane) lane.append(ghost);
  drag.lane = lane;
  drag.span = span;
  drag.taken = owner.isTaken(lane, span, kind === "draw" ? null : item);
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
  const { kind, item, from, owner } = drag;
  const own = item.parentElement;
  if (kind === "move") {
    const lane = laneAt(x) ?? own;
    const length = from.end - from.start;
    const start = within(lane, snapped(minuteAt(lane, y) - drag.grabbed, owner.step), length);
    return show(lane, { start, end: start + length });
  }
  const at = Math.min(lastOf(own), Math.max(firstOf(own), snapped(minuteAt(own, y), owner.step)));
  if (kind === "end") return show(own, { start: from.start, end: Math.max(from.start + owner.step, at) });
  if (kind === "start") return show(own, { start: Math.min(from.end - owner.step, at), end: from.end });
  return show(own, at > from.start ? { start: from.start, end: at } : { start: at, end: from.end });
}

function within(lane, start, length) {
  return Math.max(firstOf(lane), Math.min(start, lastOf(lane) - length));
}

// A grid that is larger than the window follows what is dragged to its end.
function scrollAlong({ clientX: x, clientY: y }) {
  const box = drag.grid.getBoundingClientRect();
  const near = 32;
  drag.grid.scrollBy(x < box.left + near ? -12 : x > box.right - near ? 12 : 0, y < box.top + 2 * near ? -8 : y > box.bottom - near ? 8 : 0);
}

// From the first press to the last.
function onDown(event) {
  const owner = owners.find(({ grid, item }) => event.target.closest?.(grid) && event.target.closest(item));
  const item = owner && event.target.closest(owner.item);
  if (!item?.parentElement.matches(owner.lane) || event.button !== 0 || !event.isPrimary || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const lane = item.parentElement;
  const from = owner.spanOf?.(item) ?? spanOf(item, owner.step);
  const kind = item.matches(".vacant") ? "draw" : edgeAt(owner, item, event.clientY) ?? "move";
  drag = { owner, kind, item, grid: gridOf(lane), from, lane, x: event.clientX, y: event.clientY, grabbed: minuteAt(lane, event.clientY) - from.start, id: event.pointerId, isFinger: event.pointerType === "touch" };
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
  drop();
  if (!done.isOn) return;
  isClickSpent = true;
  setTimeout(() => { isClickSpent = false; }, 0);
  const isSame = done.kind !== "draw" && done.lane === done.item.parentElement && done.span.start === done.from.start && done.span.end === done.from.end;
  if (!isSame) done.owner.done(done);
}

function drop() {
  if (!drag) return;
  clearTimeout(drag.timer);
  drag.ghost?.remove();
  drag.grid.classList.remove("dragging");
  drag.item.classList.remove("dragged");
  drag = null;
}

function hint({ target, clientY }) {
  const owner = owners.find(({ grid }) => target.closest?.(grid));
  const item = owner && target.closest(owner.item);
  target.closest?.("[data-grid]")?.classList.toggle("on-edge", Boolean(item) && !item.matches(".vacant") && Boolean(edgeAt(owner, item, clientY)));
}

function onKey(event) {
  if (event.key !== "Escape" || !drag) return;
  event.preventDefault(); // which would close the panel
  drop();
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
