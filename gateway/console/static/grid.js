// What stands at its time in columns, be it the calendar's or a week template's: what of the day a place is, and a cursor
// that arrow keys move. Items of a lane are links or buttons, booked and free ones, which never overlap.
const MINUTES = 60;

export const ITEMS = ":scope > :is(a, button)";

// Time and place.
export const gridOf = (lane) => lane.closest("[data-grid]");
export const hoursOf = (lane) => Number(gridOf(lane).className.match(/\bu(\d+)/)[1]);
export const firstOf = (lane) => Number(gridOf(lane).dataset.first) * MINUTES;
export const lastOf = (lane) => firstOf(lane) + hoursOf(lane) * MINUTES;
export const perMinute = (lane) => lane.getBoundingClientRect().height / (hoursOf(lane) * MINUTES);
export const snapped = (minutes, step) => Math.round(minutes / step) * step;
export const minuteAt = (lane, y) => firstOf(lane) + (y - lane.getBoundingClientRect().top) / perMinute(lane);
export const clock = (minutes) => `${String(Math.floor(minutes / MINUTES)).padStart(2, "0")}:${String(minutes % MINUTES).padStart(2, "0")}`;
export const shownClock = (minutes) => { // which knows 24:00 as well
  const hourCycle = minutes === 1440 ? "h24" : "h23";
  return new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle, timeZone: "UTC" }).format(minutes * 60000);
};

// The classes that put something at its time, as the server writes them (ADR 33).
export const placeOf = ({ start, end }) => {
  const row = Math.floor(start / 5);
  const rows = Math.max(Math.ceil(end / 5) - row, 1);
  const parts = [`h${Math.floor(row / 12)}`, row % 12 && `m${row % 12}`, rows >= 12 && `d${Math.floor(rows / 12)}`, rows % 12 && `e${rows % 12}`];
  return parts.filter(Boolean).join(" ");
};

// The cursor: one stop for the Tab key, wherever it is.
const itemsOf = (lane) => [...lane.querySelectorAll(ITEMS)].sort((one, other) => one.offsetTop - other.offsetTop);
const allOf = (grid) => [...grid.querySelectorAll(".day-column > .lane > :is(a, button)")];

export function rove(grid) {
  const all = allOf(grid);
  const at = all.find((each) => each === document.activeElement) ?? all.find((each) => !each.matches(".vacant")) ?? all[0];
  for (const each of all) each.tabIndex = each === at ? 0 : -1;
}

export function goTo(item) {
  if (!item) return;
  for (const each of allOf(gridOf(item))) each.tabIndex = each === item ? 0 : -1;
  item.focus();
  item.scrollIntoView({ block: "nearest", inline: "nearest" });
}

export function along(item, step) {
  const all = itemsOf(item.parentElement);
  goTo(all[Math.max(0, Math.min(all.length - 1, all.indexOf(item) + step))]);
}

function across(item, step) {
  const all = [...gridOf(item).querySelectorAll(".day-column > .lane")];
  const lane = all[all.indexOf(item.parentElement) + step];
  if (!lane) return;
  const middle = item.offsetTop + Math.min(item.offsetHeight, 8) / 2;
  const distance = (each) => Math.max(each.offsetTop - middle, middle - each.offsetTop - each.offsetHeight, 0);
  goTo(itemsOf(lane).sort((one, other) => distance(one) - distance(other))[0]);
}

// How many columns further an arrow points: those of a page that is read from the right go the other way.
export const sideways = (code) => {
  const ahead = document.documentElement.dir === "rtl" ? -1 : 1;
  return { ArrowRight: ahead, ArrowLeft: -ahead }[code] ?? 0;
};

// What an arrow key does with the cursor on an item; nothing where it is none.
export function movesCursor(item, code) {
  const upwards = { ArrowUp: -1, ArrowDown: 1 }[code];
  if (upwards) return () => along(item, upwards);
  return sideways(code) ? () => across(item, sideways(code)) : null;
}
