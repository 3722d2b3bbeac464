// The blocks of a week, or of a day, as the form's rows have them: read, written, added and taken away, and taken back.
// The rows are where blocks stand; whoever draws them reads them again after each change.
import { clock } from "./grid.js";

const CLOCK = /^(\d{1,2})(?:[:.h]?(\d{2}))?$/;
const LAST = 24 * 60;
const PARTS = { kind: ".kind", from: ".from", to: ".to", number: ".step.number", unit: ".step.unit" };

const ascii = (text) => text.normalize("NFKC").replace(/[۰-۹٠-٩]/g, (digit) => digit.charCodeAt(0) % 16);
const controlsOf = (week) => [...week.querySelectorAll("[data-week-rows] :is(input, select)[name]")];
const stateOf = (control) => (control.type === "checkbox" ? control.checked : control.value);

// Minutes since midnight; NaN for what is no time.
function minutesOf(text) {
  const found = CLOCK.exec(ascii(text.trim()));
  const minutes = found ? Number(found[1]) * 60 + Number(found[2] ?? 0) : NaN;
  return Number(found?.[2] ?? 0) < 60 && minutes <= LAST ? minutes : NaN;
}

function rowOf(li) {
  const part = (end) => li.querySelector(`[name$="${end}"]`);
  return { li, gone: part(".gone"), ...Object.fromEntries(Object.entries(PARTS).map(([name, end]) => [name, part(end)])) };
}

const listOf = (week, lane) => week.querySelector(`[name="${CSS.escape(lane)}.rows"]`).closest("fieldset").querySelector("ol");
const rowsOf = (week, lane) => [...listOf(week, lane).children].map(rowOf);
const isEmpty = ({ gone, kind, from, to, number }) => !gone && !kind.value && !from.value && !to.value && !number.value;

// The blocks of a day that can be drawn, in order of time.
export function blocksOf(week, lane) {
  return rowsOf(week, lane)
    .filter((row) => !row.gone?.checked)
    .map((row) => ({ row, lane, kind: row.kind.value, number: row.number.value, unit: row.unit.value, start: minutesOf(row.from.value), end: minutesOf(row.to.value) }))
    .filter(({ start, end }) => start < end)
    .sort((one, other) => one.start - other.start);
}

const changed = (row) => row.from.dispatchEvent(new Event("input", { bubbles: true }));

export function write(row, { start, end, kind, number, unit }) {
  Object.assign(row.from, { value: clock(start) });
  Object.assign(row.to, { value: clock(end) });
  if (kind !== undefined) row.kind.value = kind;
  if (number !== undefined) row.number.value = number;
  if (unit !== undefined) row.unit.value = unit;
  changed(row);
}

export function remove(row) {
  if (row.gone) row.gone.checked = true;
  else for (const name of ["kind", "from", "to", "number"]) row[name].value = "";
  changed(row);
}

export function add(week, lane, block) {
  const row = rowsOf(week, lane).find(isEmpty) ?? anotherOf(week, lane);
  write(row, block);
  return row;
}

// A row like the last of a list, under the number that follows.
function anotherOf(week, lane) {
  const list = listOf(week, lane);
  const number = list.children.length;
  const li = list.lastElementChild.cloneNode(true);
  const [before, after] = [number - 1, number].map((each) => [`${lane}.${each}`, `${lane}.${each}`.replaceAll(".", "-")]);
  for (const each of [li, ...li.querySelectorAll("*")]) {
    for (const { name, value } of [...each.attributes]) {
      if (value.startsWith(before[0])) each.setAttribute(name, value.replace(before[0], after[0]));
      else if (value.includes(before[1])) each.setAttribute(name, value.replaceAll(before[1], after[1]));
    }
  }
  const called = li.querySelector("[role=group]");
  const digits = new Intl.NumberFormat(document.documentElement.lang).format(number + 1);
  called?.setAttribute("aria-label", called.getAttribute("aria-label").replace(/\S+$/, digits));
  for (const each of li.querySelectorAll(".error, [name$='.gone'], [name$='.was']")) (each.closest("label") ?? each).remove();
  for (const each of li.querySelectorAll("[aria-invalid]")) each.removeAttribute("aria-invalid");
  for (const each of li.querySelectorAll(".wrong")) each.classList.remove("wrong");
  li.classList.remove("is-chosen");
  list.append(li);
  const row = rowOf(li);
  if (![...row.kind.options].some((option) => !option.value)) row.kind.prepend(new Option("", ""));
  for (const name of ["kind", "from", "to", "number"]) row[name].value = "";
  week.querySelector(`[name="${CSS.escape(lane)}.rows"]`).value = number + 1;
  return row;
}

// What stood in all rows, and back to it; rows that came after are emptied.
export const kept = (week) => new Map(controlsOf(week).map((control) => [control, stateOf(control)]));

export function takenBack(week, state) {
  for (const control of controlsOf(week)) {
    if (control.name.endsWith(".rows")) continue; // a row that was made stays, empty
    const before = state.get(control);
    if (control.type === "checkbox") control.checked = before ?? false;
    else if (state.has(control)) control.value = before;
    else if (!control.name.endsWith(".unit")) control.value = "";
  }
  week.querySelector("[data-week-rows]").dispatchEvent(new Event("input", { bubbles: true }));
}
