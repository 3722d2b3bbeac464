// Lists that are gone through by arrow keys: from the field that one searches in into what it has found, and back.
// Wherever a list stands, also in the panel: it listens on the document.

const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

const choicesOf = (list) => [...list.querySelectorAll("a[href], button:not([disabled])")];

document.addEventListener("keydown", (event) => {
  const field = event.target.closest?.("[data-chooses]");
  if (field && event.key === "ArrowDown") {
    const first = document.querySelector(field.dataset.chooses)?.querySelector("[data-choices]");
    if (first && choicesOf(first).length) {
      event.preventDefault();
      choicesOf(first)[0].focus();
    }
    return;
  }
  const list = event.target.closest?.("[data-choices]");
  if (!list || !(event.key in STEPS) || event.ctrlKey || event.altKey || event.metaKey) return;
  const choices = choicesOf(list);
  const here = choices.indexOf(event.target);
  if (here < 0) return;
  event.preventDefault();
  const there = Math.min(choices.length - 1, here + STEPS[event.key]);
  if (there >= 0 || event.key === "Home") choices[Math.max(0, there)].focus();
  else document.querySelector(`[data-chooses="#${list.closest("[id]").id}"]`)?.focus();
});
