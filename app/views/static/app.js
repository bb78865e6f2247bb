// What makes the pages quicker and safer to use. Each of them works without this file.

const each = (selector, act, root = document) => root.querySelectorAll(selector).forEach(act);
const said = (key) => document.body.dataset[key] ?? "";

// Amounts: separators when the field is left; what is not plainly a number of đồng is left as typed.
const PLAIN = /^\d+$/;
const GROUPED = /^\d{1,3}([., ])\d{3}(\1\d{3})*$/;

document.addEventListener("focusout", ({ target }) => {
  if (!target.matches?.("[data-amount]")) return;
  const typed = target.value.trim().replace(/\s+/g, " ");
  if (!PLAIN.test(typed) && !GROUPED.test(typed)) return;
  const digits = typed.replace(/\D/g, "").replace(/^0+(?=\d)/, "");
  const mark = document.documentElement.lang === "en" ? "," : ".";
  target.value = digits.replace(/\B(?=(\d{3})+$)/g, mark);
});

// Keys: / goes to the search, Escape closes a menu.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const open = document.querySelector("details.menu[open]");
    open?.removeAttribute("open");
    open?.querySelector("summary").focus();
  }
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const search = [...document.querySelectorAll("[data-search], .find-link")].find((e) => e.offsetParent);
  if (!search) return;
  event.preventDefault();
  search.focus();
});

document.addEventListener("click", ({ target }) => {
  each("details.menu[open]", (menu) => menu.contains(target) || menu.removeAttribute("open"));
});

// Drafts: what is typed is kept on this device, per person and form, until it has been sent.
const KEPT_DAYS = 30;
const SENT = "mtqg:sent";

const draftKey = (form) => `mtqg:draft:${said("user")}:${form.dataset.draft}`;

function store(act) {
  try {
    return act(localStorage);
  } catch {
    return null; // private windows and full disks: the form works all the same
  }
}

function fieldsOf(form) {
  return [...form.elements].filter(
    (e) => e.name && e.name !== "csrf" && !["password", "file", "submit", "button", "hidden"].includes(e.type) && e.tagName !== "FIELDSET",
  );
}

const isChoice = (e) => e.type === "radio" || e.type === "checkbox";

function tell(form, key, at) {
  const note = form.querySelector("[data-draft-note]");
  if (!note) return;
  const time = new Date(at).toLocaleTimeString("vi-VN", { hour: "numeric", minute: "2-digit" });
  note.hidden = false;
  note.querySelector("[role=status]").textContent = note.dataset[key].replace("{time}", time);
}

function keep(form) {
  const fields = fieldsOf(form).filter((e) => (isChoice(e) ? e.checked : e.value !== "")).map((e) => [e.name, e.value]);
  const at = Date.now();
  if (store((s) => s.setItem(draftKey(form), JSON.stringify({ at, fields })) ?? true)) tell(form, "kept", at);
}

function bringBack(form) {
  if (form.dataset.drafted) return;
  form.dataset.drafted = "1";
  const draft = store((s) => JSON.parse(s.getItem(draftKey(form)) ?? "null"));
  // A form that came back refused holds what was typed already.
  if (!draft || form.querySelector(".faults")) return;
  for (const e of fieldsOf(form)) {
    const values = draft.fields.filter(([name]) => name === e.name).map(([, value]) => value);
    if (isChoice(e)) e.checked = values.includes(e.value);
    else if (values.length) e.value = values[0];
  }
  tell(form, "back", draft.at);
}

const timers = new WeakMap();
document.addEventListener("input", ({ target }) => {
  const form = target.form;
  if (!form?.dataset.draft) return;
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => keep(form), 400));
});

document.addEventListener("click", ({ target }) => {
  const drop = target.closest?.("[data-draft-drop]");
  if (!drop) return;
  const form = drop.form;
  clearTimeout(timers.get(form));
  store((s) => s.removeItem(draftKey(form)));
  form.reset();
  form.querySelector("[data-draft-note]").hidden = true;
  fieldsOf(form)[0]?.focus();
});

function markSent(form) {
  if (!form.dataset.draft) return;
  clearTimeout(timers.get(form));
  keep(form);
  store(() => sessionStorage.setItem(SENT, draftKey(form)));
}

function forgetWhatWasSent() {
  const key = store(() => sessionStorage.getItem(SENT));
  store(() => sessionStorage.removeItem(SENT));
  if (key && !document.querySelector(".faults") && document.querySelector('[data-flash="done"]')) store((s) => s.removeItem(key));
  const oldest = Date.now() - KEPT_DAYS * 86_400_000;
  store((s) => {
    for (const name of Object.keys(s)) {
      if (name.startsWith("mtqg:draft:") && !(JSON.parse(s.getItem(name))?.at > oldest)) s.removeItem(name);
    }
  });
}

// Sent once: a second press while the first is under way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sending) return event.preventDefault();
  markSent(form);
  if (form.hasAttribute("hx-post")) return; // htmx holds the button itself
  form.dataset.sending = "1";
  each("button[type=submit]", (b) => b.setAttribute("aria-disabled", "true"), form);
});

addEventListener("pageshow", () => {
  each("form[data-sending]", (form) => {
    delete form.dataset.sending;
    each("button[type=submit]", (b) => b.removeAttribute("aria-disabled"), form);
  });
});

// htmx: a refusal without the form in it is told above the page, and the form stays as it is.
function notice(text) {
  const place = document.getElementById("notices");
  const note = document.createElement("p");
  note.className = "flash late";
  note.setAttribute("role", "alert");
  note.tabIndex = -1;
  note.textContent = text;
  place?.replaceChildren(note);
  note.focus();
}

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.response.status < 400) return;
  const answer = new DOMParser().parseFromString(ctx.text, "text/html");
  if (ctx.select && answer.querySelector(ctx.select)) return;
  if (!ctx.select && ctx.response.status < 500) return;
  event.preventDefault();
  const words = answer.querySelector("[data-error-words]") ? [...answer.querySelectorAll("h1, [data-error-words] > p:not(.press)")] : [];
  notice(words.map((p) => p.textContent.trim().replace(/\.$/, "")).join(". ") || said("failed"));
});

document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx?.request?.method === "POST") notice(said("offline"));
});

document.addEventListener("htmx:after:swap", (event) => settle(event.detail?.ctx?.target?.isConnected ? event.target : document));

function settle(root) {
  const faults = document.querySelector(".faults");
  if (faults && (root === document || root.contains?.(faults) || root === faults)) faults.focus();
  // What went well before says nothing of what was refused now.
  if (faults) each('#notices [data-flash="done"]', (note) => note.remove());
  each("form[data-draft]", bringBack);
  each(".tabs [aria-current]", showTab);
}

// A row of tabs wider than the screen starts at the tab that one is on.
function showTab(tab) {
  const row = tab.closest(".tabs");
  row.scrollLeft += tab.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - tab.offsetWidth) / 2;
}

forgetWhatWasSent();
settle(document);
