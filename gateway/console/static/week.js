// Blocks drawn as a week or a day, over the rows in which they are typed (week-rows.js), by mouse, finger and keyboard.
// Without this script the rows stand as they are; with it, the one that is chosen stands beside the week.
import { along, clock, goTo, movesCursor, placeOf, rove, shownClock, sideways } from "./grid.js";
import { owns } from "./grid-drag.js";
import { add, blocksOf, kept, remove, takenBack, write } from "./week-rows.js";

const USUAL = [7, 19]; // hours that are shown of a week in which nothing stands outside them
const NEW = 60; // minutes of a block that is not drawn to its length
const LAST = 24 * 60;
const PAGE = 4; // quarters
const STEPS_BACK = 50;

const weekOf = (element) => element?.closest?.("[data-week]");
const laneOf = (item) => item.closest("[data-lane]").dataset.lane;
const lanesOf = (week) => [...week.querySelectorAll("[data-lane]")];
const stepOf = (week) => Number(week.dataset.step);
const say = (text) => { document.getElementById("said").textContent = text; };
const histories = new WeakMap(); // of each week, what stood in its rows before each change

// How it is told.
const dayOf = (week, lane) => week.querySelector(`[data-lane="${CSS.escape(lane)}"] [data-day]`).textContent;
const kindOf = (week, key) => week.querySelector(`[data-kind="${CSS.escape(key)}"]`);
const listed = (week, ...parts) => parts.filter(Boolean).join(`${week.dataset.comma} `);
const told = (week, { lane, start, end, kind }) =>
  listed(week, dayOf(week, lane), `${shownClock(start)}–${shownClock(end)}`, kindOf(week, kind)?.dataset.called);
const digits = (number) => new Intl.NumberFormat(document.documentElement.lang).format(number);
function lengthSaid({ dataset: { hour, minute, both } }, minutes) {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const numbers = [hours, rest].filter(Boolean).map(digits);
  return (hours && rest ? both : hours ? hour : minute).replace(/\p{Nd}+/gu, () => numbers.shift());
}

// Drawing.
function draw(week) {
  const blocks = new Map(lanesOf(week).map(({ dataset: { lane } }) => [lane, blocksOf(week, lane)]));
  const shown = showHours(week, [...blocks.values()].flat());
  const focused = week.contains(document.activeElement) && document.activeElement.span ? document.activeElement : null;
  const at = focused && { lane: laneOf(focused), start: focused.span.start };
  for (const column of lanesOf(week)) {
    const own = blocks.get(column.dataset.lane);
    const places = free(own, shown, stepOf(week)).map((span) => place(week, column.dataset.lane, span));
    const items = [...own.map((block) => piece(week, block, own)), ...places].sort((one, other) => one.span.start - other.span.start);
    column.querySelector(".lane").replaceChildren(...items);
    const minutes = own.filter(({ kind }) => kindOf(week, kind)?.hasAttribute("data-online")).reduce((sum, { start, end }) => sum + end - start, 0);
    column.querySelector("[data-sum]").textContent = minutes ? week.dataset.saySum.replace("{length}", lengthSaid(week, minutes)) : "";
  }
  if (at) goTo(itemAt(week, at.lane, at.start));
  rove(week.querySelector("[data-grid]"));
}

function showHours(week, blocks) {
  const isWhole = week.querySelector("[data-whole-day]").getAttribute("aria-pressed") === "true";
  const first = isWhole ? 0 : Math.min(USUAL[0], ...blocks.map(({ start }) => Math.floor(start / 60)));
  const last = isWhole ? 24 : Math.max(USUAL[1], ...blocks.map(({ end }) => Math.ceil(end / 60)));
  const grid = week.querySelector("[data-grid]");
  grid.className = `day-grid f${first} u${last - first}`;
  grid.dataset.first = first;
  for (const [hour, label] of [...grid.querySelectorAll(".gutter .lane > *")].entries()) label.classList.toggle("is-first", hour === first);
  return { start: first * 60, end: last * 60 };
}

function button(className, span, label, text) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: `${className} ${placeOf(span)}`, textContent: text, span });
  made.setAttribute("aria-label", label);
  made.dataset.at = clock(span.start);
  return made;
}

function piece(week, block, others) {
  const kind = kindOf(week, block.kind);
  const meets = others.some((other) => other !== block && other.start < block.end && block.start < other.end);
  const className = ["piece", kind?.dataset.look, !kind?.hasAttribute("data-online") && "unbookable", meets && "taken"].filter(Boolean).join(" ");
  const made = button(className, { start: block.start, end: block.end }, told(week, block), "");
  const [times, name] = ["b", "span"].map((tag) => document.createElement(tag));
  times.textContent = `${shownClock(block.start)}–${shownClock(block.end)}`;
  name.textContent = kind?.dataset.called ?? "";
  name.dir = "auto";
  made.append(times, " ", name);
  if (block.row.li.matches(".is-chosen")) made.setAttribute("aria-current", "true");
  return Object.assign(made, { block });
}

const place = (week, lane, span) =>
  button("vacant", span, listed(week, dayOf(week, lane), shownClock(span.start), week.dataset.sayEmpty), shownClock(span.start));

// What no block covers of the shown hours, in pieces of a step.
function free(blocks, shown, step) {
  const found = [];
  for (let start = shown.start; start < shown.end;) {
    const within = blocks.find((block) => block.start <= start && start < block.end);
    const next = Math.min(shown.end, ...blocks.map((block) => block.start).filter((each) => each > start));
    const end = within ? within.end : Math.min(next, (Math.floor(start / step) + 1) * step);
    if (!within) found.push({ start, end });
    start = end;
  }
  return found;
}

const itemAt = (week, lane, minute) =>
  [...week.querySelectorAll(`[data-lane="${CSS.escape(lane)}"] > .lane > button`)].find(({ span }) => span.start <= minute && minute < span.end);

// Doing. Each change is kept, so that it can be taken back.
function change(week, does) {
  const history = histories.get(week);
  history.push(kept(week));
  if (history.length > STEPS_BACK) history.shift();
  does();
  draw(week);
  week.querySelector("[data-undo]").disabled = false;
}

function undo(week) {
  const before = histories.get(week).pop();
  if (!before) return;
  takenBack(week, before);
  draw(week);
  week.querySelector("[data-undo]").disabled = !histories.get(week).length;
  say(week.dataset.sayUndone);
}

const isTaken = (week, lane, { start, end }, but) =>
  blocksOf(week, lane).some((block) => block.row.li !== but?.row.li && block.start < end && start < block.end);

// A block, or a new one, at another time or day; nothing where another block stands.
function put(week, block, lane, span) {
  if (span.start < 0 || span.end > LAST || span.end <= span.start) return;
  if (isTaken(week, lane, span, block)) return say(week.dataset.sayTaken);
  const kind = block?.kind ?? week.querySelector("[data-kind]:checked").value;
  const placed = { kind, number: block?.number ?? "", unit: block?.unit, ...span };
  change(week, () => {
    if (block?.lane === lane) return write(block.row, span);
    if (block) remove(block.row);
    choose(week, add(week, lane, placed).li);
  });
  goTo(itemAt(week, lane, span.start));
  say(told(week, { ...placed, lane }));
}

function takeAway(week, block) {
  change(week, () => { remove(block.row); choose(week, null); });
  goTo(itemAt(week, block.lane, block.start));
  say(listed(week, told(week, block), week.dataset.sayGone));
}

function choose(week, li) {
  for (const each of week.querySelectorAll(".is-chosen")) each.classList.remove("is-chosen");
  li?.classList.add("is-chosen");
  for (const each of week.querySelectorAll(".piece")) {
    each.toggleAttribute("aria-current", each.block.row.li === li);
    if (each.block.row.li === li) each.setAttribute("aria-current", "true");
  }
}

const openedIn = (week) => [...week.querySelectorAll(".piece")].find(({ block }) => block.row.li.matches(".is-chosen"));

// By a press of mouse, finger or Enter, which counts no presses.
function onItem(item, isKey) {
  const week = weekOf(item);
  if (item.block) {
    choose(week, item.block.row.li);
    if (isKey) item.block.row.kind.focus();
    return;
  }
  const lane = laneOf(item);
  const next = Math.min(LAST, ...blocksOf(week, lane).map(({ start }) => start).filter((start) => start > item.span.start));
  put(week, null, lane, { start: item.span.start, end: Math.min(next, item.span.start + NEW) });
}

// By keys on the item that has the focus.
function onKey(event) {
  const item = event.target.closest?.("[data-week] .lane > button");
  if (!item) return leave(event);
  const week = weekOf(item);
  const does = (event.ctrlKey || event.metaKey) ? (event.code === "KeyZ" && (() => undo(week))) : keyOn(week, item, event);
  if (!does) return;
  event.preventDefault();
  does();
}

function keyOn(week, item, { code, shiftKey, altKey }) {
  const { block, span: { start, end } } = item;
  const by = { ArrowUp: -1, ArrowDown: 1 }[code] * stepOf(week);
  const pages = { PageUp: -PAGE, PageDown: PAGE }[code];
  if (pages) return () => along(item, pages);
  if (block && ["Delete", "Backspace"].includes(code)) return () => takeAway(week, block);
  if (altKey) return block && by ? () => put(week, block, block.lane, { start: start + by, end: end + by }) : null;
  if (!shiftKey) return movesCursor(item, code);
  if (by) return () => (block ? put(week, block, block.lane, { start, end: end + by }) : by > 0 && put(week, null, laneOf(item), { start, end }));
  const lanes = lanesOf(week).map(({ dataset: { lane } }) => lane);
  const other = sideways(code) && lanes[lanes.indexOf(laneOf(item)) + sideways(code)];
  return block && other ? () => put(week, block, other, { start, end }) : null;
}

// Out of the row beside the week, back to its block.
function leave(event) {
  const week = weekOf(event.target);
  const opened = week && event.key === "Escape" && event.target.closest("[data-week-rows]") && openedIn(week);
  if (!opened) return;
  event.preventDefault();
  choose(week, null);
  opened.focus();
}

// A day's blocks to other days, in place of what stands there.
function copy(week, from, days) {
  const own = blocksOf(week, from);
  change(week, () => {
    choose(week, null);
    for (const lane of days) {
      for (const { row } of blocksOf(week, lane)) remove(row);
      for (const block of own) add(week, lane, block);
    }
  });
  say(week.dataset.sayCopied);
}

function askWhereTo(week, lane) {
  const dialog = week.querySelector("[data-copying]");
  dialog.dataset.from = lane;
  dialog.querySelector("[data-copied]").textContent = dayOf(week, lane);
  for (const box of dialog.querySelectorAll("[data-to]")) Object.assign(box, { checked: false, disabled: box.value === lane });
  dialog.showModal();
}

const presses = {
  "[data-copy-day]": (week, button) => askWhereTo(week, laneOf(button)),
  "[data-undo]": (week) => undo(week),
  "[data-whole-day]": (week, button) => { button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") !== "true"); draw(week); },
  "[data-as-list]": (week, button) => button.setAttribute("aria-expanded", week.classList.toggle("is-list")),
  "[data-leave]": (week) => week.querySelector("[data-copying]").close(),
  "[data-copy-now]": (week) => {
    const dialog = week.querySelector("[data-copying]");
    dialog.close();
    copy(week, dialog.dataset.from, [...dialog.querySelectorAll("[data-to]:checked")].map(({ value }) => value));
  },
};

function onClick({ target, detail }) {
  const inSummary = target.closest?.(".error-summary a[href^='#']");
  const row = inSummary && document.querySelector(inSummary.hash)?.closest("[data-week-rows] li");
  if (row) choose(weekOf(row), row); // before it gets the focus
  const week = weekOf(target);
  if (!week) return;
  const item = target.closest(".lane > button");
  if (item) return onItem(item, detail === 0);
  const pressed = Object.keys(presses).find((name) => target.closest(name));
  if (pressed) presses[pressed](week, target.closest(pressed));
}

function onInput({ target }) {
  const week = weekOf(target);
  if (!week?.matches(".is-drawn") || !target.closest("[data-week-rows]")) return;
  draw(week);
  if (!target.name?.endsWith(".gone") || !target.checked) return;
  choose(week, null); // it was taken away where it is typed
  week.querySelector('[data-grid] [tabindex="0"]')?.focus();
}

function arrive() {
  for (const week of document.querySelectorAll("[data-week]:not(.is-drawn)")) {
    histories.set(week, []);
    week.classList.add("is-drawn");
    for (const each of week.querySelectorAll("[data-drawn]")) each.hidden = false;
    choose(week, week.querySelector("[data-week-rows] .error")?.closest("li"));
    draw(week);
  }
}

owns({
  grid: "[data-week] [data-grid]",
  lane: "[data-lane] > .lane",
  item: ".piece, .vacant",
  get step() { return stepOf(document.querySelector("[data-week]")); },
  edges: ["start", "end"],
  spanOf: ({ span }) => span,
  isTaken: (lane, span, item) => isTaken(weekOf(lane), laneOf(lane), span, item?.block),
  done: ({ kind, item, lane, span, taken }) => (taken ? say(weekOf(lane).dataset.sayTaken) : put(weekOf(lane), kind === "draw" ? null : item.block, laneOf(lane), span)),
});
document.addEventListener("keydown", onKey);
document.addEventListener("click", onClick, true);
document.addEventListener("input", onInput); // not at the change that follows as one leaves: what is pressed then would be drawn anew
addEventListener("pageshow", ({ persisted }) => persisted && document.querySelectorAll("[data-week].is-drawn").forEach(draw));
document.body.addEventListener("htmx:load", arrive);
arrive();
