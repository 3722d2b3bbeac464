// Names that are put where one writes, by a press or by Enter; without scripts they are typed.
let last = null;
document.addEventListener("focusin", ({ target }) => {
  if (target.matches?.(".of-language :is(textarea, input)")) last = target;
});

function offer() {
  for (const name of document.querySelectorAll("[data-insert]:not([role])")) {
    name.setAttribute("role", "button");
    name.tabIndex = 0;
  }
}

function insert(name) {
  const section = name.closest(".variables").parentElement;
  const field = section.contains(last) ? last : section.querySelector(".of-language :is(textarea, input)");
  if (!field) return;
  field.focus();
  field.setRangeText(name.textContent, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", ({ target }) => {
  const name = target.closest?.("[data-insert]");
  if (name) insert(name);
});
document.addEventListener("keydown", (event) => {
  const name = event.target.closest?.("[data-insert]");
  if (!name || !["Enter", " "].includes(event.key)) return;
  event.preventDefault();
  insert(name);
});
document.addEventListener("htmx:afterSettle", offer);
offer();
