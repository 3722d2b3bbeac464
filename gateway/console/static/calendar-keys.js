// The calendar by keyboard: a cursor that arrows move, and letters while it has the focus. Letters go by their place on
// the keyboard, so that they are the same ones under a Persian or Norwegian one.
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

const items = (lane) => [...lane.querySelectorAll(":scope > a")].sort((one, other) => one.offsetTop - other.offsetTop);
const lanes = () => [...area().querySelectorAll(".day-column > .lane")];

// One stop for the Tab key: where the cursor is.
function rove() {
  const calendar = area();
  if (!calendar?.querySelector("[data-grid]")) return;
  const all = [...calendar.querySelectorAll(".day-column > .lane > a")];
  const at = all.find((each) => each === document.activeElement) ?? all.find((each) => each.matches(".booked")) ?? all[0];
  for (const each of all) each.tabIndex = each === at ? 0 : -1;
}

function goTo(item) {
  if (!item) return;
  for (const each of area().querySelectorAll('.lane > a[tabindex="0"]')) each.tabIndex = -1;
  item.tabIndex = 0;
  item.focus();
  item.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function along(item, step) {
  const all = items(item.parentElement);
  goTo(all[all.indexOf(item) + step]);
}

function across(item, step) {
  const all = lanes();
  const lane = all[all.indexOf(item.parentElement) + step];
  if (!lane) return;
  const middle = item.offsetTop + Math.min(item.offsetHeight, 8) / 2;
  const distance = (each) => Math.max(each.offsetTop - middle, middle - each.offsetTop - each.offsetHeight, 0);
  goTo(items(lane).sort((one, other) => distance(one) - distance(other))[0]);
}

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

function showKeys() {
  document.querySelector("[data-keys-shown]")?.showModal();
}

function onKey(event) {
  const calendar = area();
  if (!calendar?.contains(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const item = event.target.closest(".lane > a");
  const ahead = document.documentElement.dir === "rtl" ? -1 : 1;
  const arrows = { ArrowUp: [along, -1], ArrowDown: [along, 1], ArrowRight: [across, ahead], ArrowLeft: [across, -ahead] };
  const arrow = item && arrows[event.code];
  const does = arrow ? () => arrow[0](item, arrow[1]) : isOff() ? null : SIGNS[event.key] ?? (event.shiftKey ? null : LETTERS[event.code]);
  if (!does) return;
  event.preventDefault();
  does(item);
}

function arrive() {
  for (const button of document.querySelectorAll("[data-keys]")) button.hidden = false;
  const on = document.querySelector("[data-keys-on]");
  if (on) on.checked = !isOff();
  rove();
}

document.addEventListener("keydown", onKey);
document.addEventListener("frontdesk:drawn", rove);
document.addEventListener("focusin", ({ target }) => target.matches(".day-column > .lane > a") && rove());
document.addEventListener("click", ({ target }) => target.closest?.("[data-keys]") && showKeys());
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-keys-on]")) localStorage[target.checked ? "removeItem" : "setItem"](OFF, "yes");
});
document.body.addEventListener("htmx:load", ({ target }) => target.querySelector?.("[data-calendar]") && arrive());
arrive();
