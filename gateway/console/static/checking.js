// The forms of the set-up are checked while one types: after a pause a form posts itself, and what was found is put at
// its end and beside the fields that were typed into. Focus, caret and what one reads stay where they are.

const touched = new WeakMap(); // by form, the fields that were typed into

const regionOf = (element) => element.closest?.("form")?.querySelector("[data-checks]");

// What is under way was asked about an older text: its answer is not awaited any more.
const giveUp = (region) => htmx.trigger(region, "htmx:abort");

document.addEventListener("input", ({ target }) => {
  const region = regionOf(target);
  if (!region) return;
  const form = target.closest("form");
  if (!touched.has(form)) touched.set(form, new Set());
  touched.get(form).add(target);
  region.setAttribute("aria-busy", "true");
  giveUp(region);
}, true);
document.addEventListener("submit", ({ target }) => {
  const region = regionOf(target);
  if (region) giveUp(region);
}, true);

document.addEventListener("htmx:afterSettle", ({ detail: { target: region } }) => {
  if (!region?.matches?.("[data-checks]")) return;
  region.removeAttribute("aria-busy");
  standingStill(() => put(region.closest("form"), region));
});

// The field that one types into stays where it is on the screen, whatever comes and goes above it.
function standingStill(change) {
  const field = document.activeElement;
  const before = field.getBoundingClientRect().top;
  change();
  if (field !== document.body) scrollBy({ top: field.getBoundingClientRect().top - before, behavior: "instant" });
}

function put(form, region) {
  form.querySelectorAll(":scope > .error-summary, :scope > .notice").forEach((old) => old.remove());
  form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  form.querySelectorAll("p.error").forEach(takeAway);
  region.querySelectorAll(".error-summary a[href^='#']").forEach((mistake) => putBeside(form, mistake));
  const tells = form.querySelector("[data-tells]");
  const told = region.querySelector("[data-tally]")?.dataset.tally ?? "";
  if (tells.textContent !== told) tells.textContent = told;
}

function takeAway(note) {
  const described = note.ownerDocument.querySelectorAll(`[aria-describedby~="${note.id}"]`);
  described.forEach((field) => describe(field, (ids) => ids.filter((id) => id !== note.id)));
  note.parentElement.classList.remove("wrong");
  note.remove();
}

// A mistake in what nobody has typed into yet is told at the end alone.
function putBeside(form, mistake) {
  const name = mistake.hash.slice(1);
  const place = document.getElementById(name);
  const box = place?.closest(".field, .taker, .of-language, fieldset, details, li");
  if (!box || ![...(touched.get(form) ?? [])].some((field) => box.contains(field))) return;
  const note = document.createElement("p");
  note.className = "error";
  note.id = `error-${name}`;
  note.textContent = mistake.querySelector("[data-mistake]").textContent;
  box.classList.add("wrong");
  box.append(note);
  place.setAttribute("aria-invalid", "true");
  describe(place, (ids) => [...ids, note.id]);
}

function describe(field, change) {
  const ids = change((field.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
  else field.removeAttribute("aria-describedby");
}
