// The place of the device into the two fields, asked for only when the button is pressed. Without this file, or
// where the browser gives no place, one types it or leaves it empty.

const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
const DIGITS = 6; // a tenth of a metre

function write(box, name, degrees) {
  const field = box.querySelector(`[name=${name}]`);
  field.value = degrees.toFixed(DIGITS).replace(".", document.documentElement.lang === "en" ? "." : ",");
  field.dispatchEvent(new Event("input", { bubbles: true })); // the draft keeps it
}

function ask(button) {
  const box = button.closest("[data-place-box]");
  const said = box.querySelector("[data-place-said]");
  button.disabled = true;
  said.textContent = box.dataset.asking;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      write(box, "lat", coords.latitude);
      write(box, "lon", coords.longitude);
      said.textContent = fill(box.dataset.done, { metres: Math.ceil(coords.accuracy) });
      button.disabled = false;
    },
    () => {
      said.textContent = box.dataset.failed;
      button.disabled = false;
    },
    { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
  );
}

function settle() {
  if (!navigator.geolocation || !isSecureContext) return;
  document.querySelectorAll("[data-place]").forEach((button) => {
    button.hidden = false;
  });
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-place]");
  if (button) ask(button);
});
document.addEventListener("htmx:after:swap", settle);
settle();
