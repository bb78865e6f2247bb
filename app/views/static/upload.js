// Files go to the server in pieces before the form does, so that a broken connection costs one piece and not the
// file. Without this file they go with the form, as ever.

const PIECE = 512 * 1024;
const KEPT_MS = 2 * 86_400_000;
const TRIES = 8;
const STORE = "mtqg:upload:";
const UNITS = [[1048576, "MB"], [1024, "KB"]];

const lang = document.documentElement.lang || "vi";
const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
const sleep = (ms) => new Promise((go) => setTimeout(go, ms));

function sized(bytes) {
  const [unit, name] = UNITS.find(([least]) => bytes >= least) ?? UNITS[1];
  return `${(bytes / unit).toLocaleString(lang, { maximumFractionDigits: unit === 1024 ? 0 : 1 })} ${name}`;
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is not there over plain http
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function store(act) {
  try {
    return act(localStorage);
  } catch {
    return null; // private windows: the upload works, only a reload forgets it
  }
}

const keyOf = (file) => `${STORE}${document.body.dataset.user}:${file.name}:${file.size}:${file.lastModified}`;
const recall = (file) => store((s) => JSON.parse(s.getItem(keyOf(file)) ?? "null")?.id) ?? null;
const remember = (file, id) => store((s) => s.setItem(keyOf(file), JSON.stringify({ id, at: Date.now() })));
const forget = (file) => store((s) => s.removeItem(keyOf(file)));

store((s) => {
  for (const key of Object.keys(s)) {
    if (key.startsWith(STORE) && !(JSON.parse(s.getItem(key))?.at > Date.now() - KEPT_MS)) s.removeItem(key);
  }
});

// What the server will not take however often it is sent.
class Refused extends Error {}

async function ask(path, csrf, options = {}) {
  const response = await fetch(path, {
    ...options,
    headers: { "X-CSRF-Token": csrf, Accept: "application/json", ...options.headers },
    redirect: "error",
  });
  const told = (response.headers.get("content-type") ?? "").includes("json") ? await response.json() : {};
  if (response.ok || response.status === 409 || response.status === 404) return { status: response.status, told };
  if (response.status >= 500 || response.status === 429) throw new Error(String(response.status));
  throw new Refused(told.errors?.[0]?.message ?? told.detail ?? "");
}

async function begin(file, csrf) {
  const known = recall(file);
  if (known) {
    const { status, told } = await ask(`/uploads/${known}`, csrf);
    if (status === 200 && told.size === file.size) return told;
    forget(file);
  }
  const id = newId();
  const { status, told } = await ask("/uploads", csrf, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ id, name: file.name, size: file.size }),
  });
  if (status >= 400) throw new Refused(told.detail ?? "");
  remember(file, id);
  return told;
}

async function sendOnce(file, csrf, row) {
  let { id, offset } = await begin(file, csrf);
  row.show(offset);
  while (offset < file.size) {
    if (row.dropped) return null;
    const { status, told } = await ask(`/uploads/${id}`, csrf, {
      method: "PATCH",
      headers: { "Content-Type": "application/octet-stream", "Upload-Offset": String(offset) },
      body: await file.slice(offset, offset + PIECE).arrayBuffer(),
    });
    if (status === 404) {
      forget(file);
      throw new Error("gone");
    }
    if (status === 409 && told.offset === undefined) throw new Refused(told.detail ?? "");
    offset = told.offset;
    row.show(offset);
  }
  return id;
}

async function send(file, csrf, row) {
  for (let tried = 0; ; tried += 1) {
    try {
      return await sendOnce(file, csrf, row);
    } catch (error) {
      if (error instanceof Refused) {
        forget(file);
        throw error;
      }
      if (tried >= TRIES || row.dropped) throw error;
      const seconds = Math.min(30, 2 ** tried);
      row.wait(seconds);
      await Promise.race([sleep(seconds * 1000), new Promise((go) => addEventListener("online", go, { once: true }))]);
    }
  }
}

// One file of the list: its name, how far it has come, and a button that leaves it out.
class Row {
  constructor(field, file) {
    this.field = field;
    this.file = file;
    this.dropped = false;
    const words = field.root.dataset;
    this.li = document.createElement("li");
    this.name = this.li.appendChild(document.createElement("b"));
    this.name.textContent = file.name;
    this.remove = this.li.appendChild(document.createElement("button"));
    this.remove.type = "button";
    this.remove.className = "link";
    this.remove.textContent = "✕";
    this.remove.setAttribute("aria-label", fill(words.remove, { name: file.name }));
    this.remove.addEventListener("click", () => this.drop());
    this.bar = this.li.appendChild(document.createElement("progress"));
    this.bar.max = file.size || 1;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", fill(words.progress, { name: file.name }));
    this.note = this.li.appendChild(document.createElement("span"));
    this.note.className = "hint";
    field.list.append(this.li);
  }

  show(offset) {
    this.bar.value = offset;
    this.note.textContent = fill(this.field.root.dataset.sending, { done: sized(offset), all: sized(this.file.size) });
  }

  wait(seconds) {
    this.note.textContent = fill(this.field.root.dataset.waiting, { seconds });
  }

  finish(id) {
    const hidden = this.li.appendChild(document.createElement("input"));
    hidden.type = "hidden";
    hidden.name = "upload";
    hidden.value = id;
    this.id = id;
    this.bar.remove();
    this.li.classList.add("done");
    this.note.textContent = `${sized(this.file.size)}, ${this.field.root.dataset.done}`;
    this.field.say(`${this.file.name}: ${this.field.root.dataset.done}`);
  }

  fail(text, again) {
    this.bar.remove();
    this.li.classList.add("late");
    this.note.className = "err";
    this.note.textContent = text || this.field.root.dataset.failed;
    this.field.say(`${this.file.name}: ${this.note.textContent}`);
    if (!again) return;
    const retry = this.li.appendChild(document.createElement("button"));
    retry.type = "button";
    retry.className = "btn quiet small";
    retry.textContent = this.field.root.dataset.retry;
    retry.addEventListener("click", () => {
      this.li.remove();
      this.field.take(this.file);
    });
  }

  drop() {
    this.dropped = true;
    const id = this.id ?? recall(this.file);
    forget(this.file);
    this.li.remove();
    this.field.input.focus();
    if (id) ask(`/uploads/${id}`, this.field.csrf, { method: "DELETE" }).catch(() => {});
  }
}

class Field {
  constructor(root) {
    this.root = root;
    this.input = root.querySelector("input[type=file]");
    this.list = root.querySelector("[data-upload-list]");
    this.status = root.querySelector("[data-upload-said]");
    this.pending = new Set();
    this.queue = Promise.resolve();
    this.input.addEventListener("change", () => {
      const files = [...this.input.files];
      this.input.value = ""; // they go in pieces, not with the form
      files.forEach((file) => this.take(file));
    });
  }

  get form() {
    return this.input.form;
  }

  get csrf() {
    return this.form.querySelector("[name=csrf]").value;
  }

  say(text, look = "sr") {
    this.status.textContent = text;
    this.status.className = look;
  }

  hold() {
    this.say(this.root.dataset.stuck, "err");
    this.list.querySelector(".late button").focus();
  }

  take(file) {
    const row = new Row(this, file);
    const most = Number(this.root.dataset.most);
    if (file.size > most) {
      row.fail(`${sized(file.size)}, ${fill(this.root.dataset.large, { most: sized(most) })}`, false);
      return;
    }
    row.show(0);
    // One after the other: on a slow line two would only halve each other.
    const done = this.queue.then(async () => {
      if (row.dropped) return;
      try {
        const id = await send(file, this.csrf, row);
        if (id) row.finish(id);
      } catch (error) {
        row.fail(error instanceof Refused ? error.message : "", !(error instanceof Refused));
      }
    });
    this.queue = done;
    this.pending.add(done);
    done.finally(() => this.pending.delete(done));
  }
}

const fields = new WeakMap();

function settle() {
  document.querySelectorAll("[data-upload]").forEach((root) => {
    if (!fields.has(root)) fields.set(root, new Field(root));
  });
}

// A form that is sent while its files are on their way waits for them; it does not go without one that failed.
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    const roots = [...form.querySelectorAll("[data-upload]")];
    const waiting = roots.flatMap((root) => [...(fields.get(root)?.pending ?? [])]);
    const stuck = () => roots.find((root) => root.querySelector(".uploads .late"));
    if (!waiting.length && !stuck()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // What did not arrive is not left out in silence: one sends it again or drops it first.
    if (!waiting.length) return fields.get(stuck()).hold();
    if (form.dataset.holding) return;
    form.dataset.holding = "1";
    roots.forEach((root) => fields.get(root).say(root.dataset.hold, "hint"));
    const { submitter } = event;
    await Promise.all(waiting);
    delete form.dataset.holding;
    if (stuck()) fields.get(stuck()).hold();
    else form.requestSubmit(submitter ?? undefined);
  },
  true,
);

document.addEventListener("htmx:after:swap", settle);
settle();
