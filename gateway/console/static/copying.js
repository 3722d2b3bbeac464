// Buttons that copy what stands in a field; without scripts they are not there, and it is selected by hand.
const SHOWN_MS = 2000;

async function copy(field) {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy"); // where the page is not of a safe origin
  }
}

function offer() {
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button || !(await copy(document.getElementById(button.dataset.copy)))) return;
  const label = button.firstChild;
  const before = label.textContent;
  label.textContent = button.dataset.said;
  const said = document.getElementById("said");
  if (said) said.textContent = button.dataset.said;
  setTimeout(() => { label.textContent = before; }, SHOWN_MS);
});

document.addEventListener("htmx:afterSettle", offer);
offer();
