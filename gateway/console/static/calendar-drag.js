// The calendar by mouse and finger: a booking is dragged to another time or person, its lower edge to another length,
// and an empty place is drawn over to book or block it. Nothing is done here: what is dragged leads to its form.
import { clock } from "./grid.js";
import { owns, spanOf } from "./grid-drag.js";

const STEP = 5; // minutes

const area = () => document.querySelector("[data-calendar]");
const open = (url) => document.dispatchEvent(new CustomEvent("frontdesk:open", { detail: { url } }));
const say = (text) => { document.getElementById("said").textContent = text; };

const momentOf = (column, minutes) => `${column.dataset.date}T${clock(minutes)}:00${column.dataset.offset}`;
const wallOf = (column, minutes) => (minutes < 1440 ? `${column.dataset.date}T${clock(minutes)}` : `${column.dataset.date}T23:59`);
const address = (base, fields) => `${base}${base.includes("?") ? "&" : "?"}${new URLSearchParams(fields)}`;

const isTaken = (lane, { start, end }, but) =>
  [...lane.querySelectorAll(":scope > .booked")].some((card) => {
    const span = spanOf(card, STEP);
    return card !== but && span.start < end && start < span.end;
  });

function done({ lane, span, taken, kind, item, ghost }) {
  const column = lane.closest("[data-practitioner]");
  if (taken) return say(area().dataset.sayTaken);
  if (kind === "draw") return choose(lane, column, span, ghost);
  const where = { start: momentOf(column, span.start), practitioner: column.dataset.practitioner };
  const longer = kind === "end" ? { minutes: span.end - span.start } : {};
  open(address(`${area().dataset.bookings}/${item.dataset.reference}/move`, { ...where, ...longer }));
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
  return Boolean(asking);
}

owns({ grid: "[data-calendar] [data-grid]", lane: "[data-practitioner] > .lane", item: ".booked, .vacant", step: STEP, edges: ["end"], isTaken, done });
document.addEventListener("pointerdown", (event) => closeChoice(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && closeChoice(null)) event.preventDefault(); // which would close the panel
}, true);
