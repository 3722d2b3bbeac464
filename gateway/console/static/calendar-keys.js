// The calendar by keyboard: a cursor that arrows move, and letters while it has the focus. Letters go by their place on
// the keyboard, so that they are the same ones under a Persian or Norwegian one.
import { movesCursor, rove } from "./grid.js";

const OFF = "frontdesk-keys-off";
const area = () => document.querySelector("[data-calendar]");
const open = (url) => document.dispatchEvent(new CustomEvent("frontdesk:open", { detail: { url } }));
const press = (name) => document.querySelector(`[data-key="${name}"]`)?.click();
const isOff = () => localStorage.getItem(OFF) === "yes";

const LETTERS = {
  KeyN: (item) => (item?.dataset.start ? item.click() : open(area().dataset.new)),
  KeyB: (item) => block(item),
  KeyM: (item) => move(item),
  KeyA: (item) => ask(item, "arrived"),
  KeyC: (item) => ask(item, "cancel"),
  KeyT: () => press("today"),
  KeyD: () => press("day"),
  KeyW: () => press("week"),
};
const SIGNS = { "/": () => document.getElementById("search")?.focus(), "?": showKeys, "؟": showKeys };

const ask = (item, what) => item?.dispatchEvent(new CustomEvent("frontdesk:card", { bubbles: true, detail: what }));

function move(item) {
  const opened = location.pathname.match(/\/bookings\/([0-9A-Z]{10})/)?.[1];
  const reference = item?.dataset.reference ?? opened;
  if (reference) open(`${area().dataset.bookings}/${reference}/move`);
}

// An hour from the free place on, as when it is drawn over; the form changes how long.
function block(item) {
  if (!item?.dataset.start) return;
  const from = item.dataset.start.slice(0, 16);
  const to = new Date(Date.parse(`${from}Z`) + 3_600_000).toISOString().slice(0, 16);
  const { practitioner } = item.closest("[data-practitioner]").dataset;
  open(`${area().dataset.block}?${new URLSearchParams({ practitioner, from, to })}`);
}

function roveHere() {
  const grid = area()?.querySelector("[data-grid]");
  if (grid) rove(grid);
}

function showKeys() {
  document.querySelector("[data-keys-shown]")?.showModal();
}

function onKey(event) {
  const calendar = area();
  if (!calendar?.contains(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const item = event.target.closest(".lane > a");
  const arrow = item && movesCursor(item, event.code);
  const does = arrow || (isOff() ? null : SIGNS[event.key] ?? (event.shiftKey ? null : LETTERS[event.code]));
  if (!does) return;
  event.preventDefault();
  does(item);
}

function arrive() {
  for (const button of document.querySelectorAll("[data-keys]")) button.hidden = false;
  const on = document.querySelector("[data-keys-on]");
  if (on) on.checked = !isOff();
  roveHere();
}

document.addEventListener("keydown", onKey);
document.addEventListener("frontdesk:drawn", roveHere);
document.addEventListener("focusin", ({ target }) => target.matches(".day-column > .lane > a") && roveHere());
document.addEventListener("click", ({ target }) => target.closest?.("[data-keys]") && showKeys());
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-keys-on]")) localStorage[target.checked ? "removeItem" : "setItem"](OFF, "yes");
});
document.body.addEventListener("htmx:load", ({ target }) => target.querySelector?.("[data-calendar]") && arrive());
arrive();
