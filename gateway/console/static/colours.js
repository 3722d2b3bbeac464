// A colour is seen, and chosen by sight, beside the field in which it is typed; that field alone is sent.
const WHOLE = /^#[0-9a-f]{6}$/i;

const typedOf = (picker) => picker.form.elements[picker.dataset.colourOf];

function show(picker) {
  const { value } = typedOf(picker);
  picker.value = WHOLE.test(value) ? value : "#ffffff";
  picker.hidden = false;
}

function arrive() {
  document.querySelectorAll("[data-colour-of]").forEach(show);
}

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-colour-of]")) {
    typedOf(target).value = target.value;
    typedOf(target).dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  const picker = target.name && target.form?.querySelector(`[data-colour-of="${CSS.escape(target.name)}"]`);
  if (picker) show(picker);
});
document.body.addEventListener("htmx:load", arrive);
arrive();
