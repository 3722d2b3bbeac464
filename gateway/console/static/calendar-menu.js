// What is done most with a booking, on the booking itself: by mouse on what the pointer is over, by letter on what has
// the focus (A arrived, C cancel; M is of calendar-keys.js). Who is asked something, or could not be, uses its panel.
const SHOWS_AFTER = 150; // milliseconds: who only passes sees nothing

const area = () => document.querySelector("[data-calendar]");
const menu = () => document.querySelector("[data-card-menu]");
const at = (card, what) => `${area().dataset.bookings}/${card.dataset.reference}/${what}`;
const mayArrive = (card) => Boolean(card.closest(".is-today")) && !card.matches(".is-arrived, .is-missed");

let shown = null; // the reference of the booking: what is drawn anew is another card of the same
let mouse = null; // where it rests: [x, y]; null with a finger, a button held down, or where keys are pressed since
let timer = null;
const cardOf = (reference) => area()?.querySelector(`[data-grid] .booked[data-reference="${reference}"]`);

const does = {
  arrived: (card) => htmx.ajax("POST", at(card, "arrived"), { source: card, target: "#panel", swap: "innerHTML show:none", values: { on: "yes" } }),
  move: (card) => document.dispatchEvent(new CustomEvent("frontdesk:open", { detail: { url: at(card, "move") } })),
  cancel: (card) => document.dispatchEvent(new CustomEvent("frontdesk:open", { detail: { url: at(card, "cancel") } })),
};

function show(reference) {
  const [own, card] = [menu(), cardOf(reference)];
  if (!own || !card || document.querySelector(".dragging")) return hide();
  const box = card.getBoundingClientRect();
  shown = reference;
  own.querySelector("[data-does=arrived]").hidden = !mayArrive(card);
  own.hidden = false;
  const isRtl = document.documentElement.dir === "rtl";
  own.style.left = `${isRtl ? box.left + 4 : box.right - own.offsetWidth - 4}px`;
  own.style.top = `${box.top + Math.max(1, (Math.min(box.height, 40) - own.offsetHeight) / 2)}px`;
}

function hide() {
  clearTimeout(timer);
  shown = null;
  if (menu()) menu().hidden = true;
}

// What the mouse is over: asked of the page, since what is drawn anew or scrolled under a mouse that rests tells nothing.
function look() {
  const under = mouse && document.elementFromPoint(...mouse);
  if (under?.closest("[data-card-menu]")) return;
  const card = under?.closest("[data-grid] .booked:not(.is-missed)");
  if (card && card.dataset.reference === shown) return;
  hide();
  if (card) timer = setTimeout(show, SHOWS_AFTER, card.dataset.reference);
}

function follow({ pointerType, buttons, clientX, clientY }) {
  mouse = pointerType === "mouse" && !buttons ? [clientX, clientY] : null;
}

document.addEventListener("pointermove", follow, { passive: true });
document.addEventListener("pointerover", (event) => {
  follow(event);
  if (mouse) look();
});
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-card-menu] [data-does]");
  const card = button && cardOf(shown);
  if (!card) return;
  hide();
  card.focus({ preventScroll: true }); // where one is again when the panel closes
  does[button.dataset.does](card);
});
document.addEventListener("frontdesk:card", ({ target, detail }) => {
  if (!target.matches?.(".booked") || target.matches(".is-missed")) return;
  if (detail !== "arrived" || mayArrive(target)) does[detail](target);
});
document.addEventListener("pointerdown", ({ target }) => target.closest?.("[data-card-menu]") || hide());
document.addEventListener("frontdesk:drawn", () => shown && show(shown));
addEventListener("keydown", () => {
  mouse = null;
  hide();
}, true);
addEventListener("resize", hide);
addEventListener("scroll", () => {
  hide();
  look();
}, true);
