// The simulator page. What a person writes goes to the webhook as Fonnte would post it; what comes back is
// shown at once from the event stream and then settled against the stored conversation.

import { fonnteBody, markRead, merge, remember, remembered, threadOf, unread } from "./simulator-threads.js";
import { avatar, day, fillPerson, line, make, place, preview, shownPhone, starters, trayItem } from "./simulator-view.js";

const WIDE = matchMedia("(min-width: 800px)");
const PHOTO_LIMIT = 10 * 2 ** 20;
const ROLES = { customer: "pelanggan", owner: "pemilik", admin: "admin", sales: "sales" };
const GROUPS = [["Pelanggan", ["customer"]], ["Pemilik & admin", ["owner", "admin"]], ["Sales", ["sales"]]];
const NAMES = ["Rina Kartika", "Agus Setiawan", "Maya Puspita", "Hendra Gunawan", "Nur Aini", "Yoga Prasetyo",
  "Lina Marlina", "Fajar Nugroho", "Wati Susanti", "Doni Saputra"];
const PHOTO_TYPES = ["image/jpeg", "image/png", "image/webp"];
const NOTES = { duplicate: "dianggap kiriman ulang", ignored: "diabaikan" };

const $ = (id) => document.getElementById(id);
const headings = {};
let showrooms = [];
let open = null; // the thread on screen
let staged = []; // photos picked and not sent: {file, preview}
let pinned = true; // the newest message is in view
let toastTimer = 0;

async function call(path, options) {
  const response = await fetch(path, options).catch(() => {
    throw new Error("Tidak tersambung ke server.");
  });
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Error(body?.error?.message ?? `Server menjawab ${response.status}.`);
  return body;
}

// --- people and threads

const showroomOf = (device) => showrooms.find((showroom) => showroom.device === device);
const chosen = () => showroomOf($("showroom").value) ?? showrooms[0];

function people(showroom) {
  const known = new Set(showroom.people.map((person) => person.sender));
  const invented = remembered("invented", []).filter((p) => p.device === showroom.device && !known.has(p.sender));
  return [...showroom.people, ...invented];
}

function personOf(thread) {
  const showroom = showroomOf(thread.device);
  return (showroom && people(showroom).find((person) => person.sender === thread.sender))
    ?? { sender: thread.sender, name: shownPhone(thread.sender), role: "customer" };
}

function unreadOf(showroom) {
  return people(showroom).reduce((sum, person) => sum + unread(threadOf(showroom.device, person.sender)), 0);
}

// --- reading what is stored

async function refresh(thread) {
  const query = new URLSearchParams({ device: thread.device, sender: thread.sender, after: thread.lastId });
  try {
    merge(thread, await call(`/simulator/messages?${query}`));
    if (thread === open) markRead(thread);
  } catch { /* the state of the stream tells that the server is away; its return refreshes */ }
  draw(thread);
}

/** Soon, and a few times more while something on screen is not stored. */
function settle(thread, tries = 4) {
  clearTimeout(thread.timer);
  thread.timer = setTimeout(async () => {
    await refresh(thread);
    if (tries > 1 && thread.items.some((item) => item.id === null && !item.problem)) settle(thread, tries - 1);
  }, tries === 4 ? 200 : 1000);
}

// --- drawing

function tick(thread, item, answered) {
  return item.state === "stored" && (answered || thread.typing) ? "answered" : item.state;
}

function draw(thread) {
  drawPeople();
  if (thread !== open || !thread) return;
  const lastIn = thread.items.findLastIndex((item) => item.side === "in");
  const nodes = [];
  let date = "";
  thread.days ??= new Map();
  thread.items.forEach((item, i) => {
    if (day(item.at) !== date) {
      date = day(item.at);
      if (!thread.days.has(date)) thread.days.set(date, make("li", "day", date));
      nodes.push(thread.days.get(date));
    }
    const look = [item.side, item.from, item.text, item.photo, +item.at, item.ms, item.problem, item.note,
      item.side === "out" && tick(thread, item, i < lastIn)].join("|");
    if (look !== item.look) {
      const node = line(item, tick(thread, item, i < lastIn), () => enqueue(thread, [item]));
      Object.assign(item, { look, node, fresh: false });
    }
    nodes.push(item.node);
  });
  place($("log"), nodes);
  $("dots").hidden = !thread.typing;
  const person = personOf(thread);
  const empty = thread.loaded && !thread.items.length;
  place($("starters"), empty ? thread.starters ??= starters(person.role, say) : []);
  const showroom = showroomOf(thread.device)?.name ?? thread.device;
  avatar($("avatar"), person);
  $("who").textContent = person.name;
  $("state").textContent = thread.typing ? `${showroom} sedang mengetik…` : `sebagai ${ROLES[person.role]} · ke ${showroom}`;
  $("state").classList.toggle("lively", thread.typing);
  follow();
}

function toEnd() {
  pinned = true;
  follow();
}

/** Stays at the newest message, unless the person has scrolled up to read. */
function follow() {
  if (pinned) $("scroll").scrollTop = $("scroll").scrollHeight;
}

function personRow(thread, person) {
  if (!thread.row) {
    thread.row = Object.assign(make("button"), { type: "button", onclick: () => go(thread.key) });
  }
  const last = thread.items.at(-1);
  const shown = { role: ROLES[person.role], last, count: unread(thread), typing: thread.typing };
  const look = [person.name, last?.text, +(last?.at ?? 0), shown.count, shown.typing].join("|");
  if (look !== thread.look) fillPerson(thread.row, person, shown);
  thread.look = look;
  thread.row.setAttribute("aria-current", String(thread === open));
  return thread.row;
}

function drawPeople() {
  const showroom = chosen();
  $("invent").disabled = !showroom;
  if (!showroom) return place($("people"), [make("p", "none", "Belum ada showroom di sini.")]);
  const all = people(showroom);
  const nodes = GROUPS.flatMap(([title, roles]) => {
    const rows = all.filter((person) => roles.includes(person.role))
      .map((person) => personRow(threadOf(showroom.device, person.sender), person));
    return rows.length ? [headings[title] ??= make("h3", "", title), ...rows] : [];
  });
  place($("people"), nodes);
  for (const option of $("showroom").options) {
    const { name, device } = showroomOf(option.value);
    const count = device === showroom.device ? 0 : unreadOf(showroomOf(device));
    const label = count ? `${name} (${count} baru)` : name;
    if (option.textContent !== label) option.textContent = label;
  }
  const total = showrooms.reduce((sum, one) => sum + unreadOf(one), 0);
  Object.assign($("elsewhere"), { textContent: total, hidden: !total });
  document.title = `${total ? `(${total}) ` : ""}Simulator AutoLeads`;
}

function toast(thread, item) {
  const person = personOf(thread);
  $("toast").replaceChildren(make("b", "", `${person.name} · ${ROLES[person.role]}`), make("span", "", preview(item)));
  $("toast").onclick = () => go(thread.key);
  $("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $("toast").hidden = true; }, 7000);
}

// --- sending

async function deliver(thread, item) {
  try {
    if (item.file && !item.url) {
      const form = new FormData();
      form.append("photo", item.file);
      item.url = (await call("/simulator/photo", { method: "POST", body: form })).url;
    }
    thread.asked = performance.now();
    const answer = await call("/webhook/fonnte", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fonnteBody(thread, item, personOf(thread).name)),
    });
    item.note = NOTES[answer?.data?.status] ?? "";
    if (item.state === "waiting") item.state = "sent";
  } catch (error) {
    thread.asked = null;
    item.problem = error.message;
  }
  draw(thread);
  settle(thread);
}

/** One after the other, so that the messages of a person arrive in the order written. */
function enqueue(thread, items) {
  for (const item of items) {
    Object.assign(item, { state: "waiting", problem: "" });
    thread.queue = thread.queue.then(() => deliver(thread, item));
  }
  draw(thread);
  toEnd();
}

function say(text, photos = []) {
  const bubble = { id: null, side: "out", from: "person", at: new Date(), read: true, ms: null, fresh: true, photo: null };
  const items = photos.length
    ? photos.map((photo, i) => ({ ...bubble, text: i ? "" : text, photo: photo.preview, file: photo.file }))
    : [{ ...bubble, text }];
  open.items.push(...items);
  enqueue(open, items);
}

function submit() {
  const [text, photos] = [$("text").value.trim(), staged];
  if (!open || (!text && !photos.length)) return;
  $("text").value = "";
  stage([]);
  say(text, photos);
}

function stage(photos) {
  staged = photos;
  place($("tray"), staged.map((photo, i) => trayItem(photo, i + 1, () => stage(staged.filter((other) => other !== photo)))));
  $("tray").hidden = !staged.length;
  $("text").placeholder = staged.length ? "Tambahkan keterangan" : "Tulis pesan";
  fit();
}

function addPhotos(files) {
  const fine = [...files].filter((file) => PHOTO_TYPES.includes(file.type) && file.size <= PHOTO_LIMIT);
  complain(fine.length < files.length ? "Hanya foto JPG, PNG, atau WebP sampai 10 MB yang bisa dikirim." : "");
  stage([...staged, ...fine.map((file) => ({ file, preview: URL.createObjectURL(file) }))]);
  $("text").focus();
}

const complain = (text) => Object.assign($("complaint"), { textContent: text, hidden: !text });

function fit() {
  $("text").style.height = "auto";
  $("text").style.height = `${Math.max(46, $("text").scrollHeight)}px`;
}

// --- live events

function receive(event) {
  if (event.type === "resync") return void resync();
  const thread = threadOf(event.device, event.target);
  if (event.type === "typing") showTyping(thread, event.on);
  if (event.type !== "message" || thread.items.some((item) => item.key === event.id)) return;
  const item = { id: null, key: event.id, side: "in", from: event.from, text: event.text ?? "", photo: event.photo ?? null,
    at: new Date(event.at), ms: thread.asked === null ? null : performance.now() - thread.asked,
    read: thread === open, fresh: true, state: "stored" };
  thread.asked = null;
  thread.items.push(item);
  if (thread !== open) toast(thread, item);
  if (!showroomOf(thread.device)?.people.some((person) => person.sender === thread.sender)) loadShowrooms();
  draw(thread);
  settle(thread);
}

/** The end is shown a little late: the reply is sent right after the turn and should take the dots' place. */
function showTyping(thread, on) {
  clearTimeout(thread.hush);
  if (on) thread.typing = true;
  thread.hush = setTimeout(() => {
    thread.typing = false;
    draw(thread);
  }, on ? 20000 : 500);
  draw(thread);
}

function connect() {
  const stream = new EventSource("/simulator/events");
  stream.onopen = () => {
    $("link-state").textContent = "Tersambung";
    resync();
  };
  stream.onmessage = (message) => receive(JSON.parse(message.data));
  stream.onerror = () => {
    $("link-state").textContent = "Terputus, menyambung lagi…";
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  };
}

async function loadShowrooms() {
  try {
    showrooms = await call("/simulator/showrooms");
  } catch {
    return;
  }
  const value = $("showroom").value;
  place($("showroom"), showrooms.map((showroom) => Object.assign(make("option", "", showroom.name), { value: showroom.device })));
  if (showroomOf(value)) $("showroom").value = value;
  route();
}

/** Reads again whatever may have been missed. */
const resync = () => loadShowrooms().then(loadPeople);

async function loadPeople() {
  if (!chosen()) return;
  const those = people(chosen()).slice(0, 40).map((person) => threadOf(chosen().device, person.sender));
  for (const thread of new Set([open, ...those].filter(Boolean))) await refresh(thread);
}

// --- where we are: the address says it, so "back" leads from a chat to the list

const go = (key) => { location.hash = key; };

function route() {
  const [device, sender] = decodeURIComponent(location.hash.slice(1)).split("/");
  const first = WIDE.matches && chosen()?.people.find((person) => person.role === "customer");
  if (!sender && first) return void location.replace(`#${chosen().device}/${first.sender}`);
  show(sender && showroomOf(device) ? threadOf(device, sender) : null);
}

function show(thread) {
  document.querySelector(".app").classList.toggle("talking", thread !== null);
  if (thread === open) return void drawPeople();
  if (open) open.draft = $("text").value;
  open = thread;
  stage([]);
  complain("");
  $("toast").hidden = true;
  $("log").replaceChildren();
  if (!thread) return void drawPeople();
  $("showroom").value = thread.device;
  $("text").value = thread.draft;
  fit();
  markRead(thread);
  draw(thread);
  toEnd();
  refresh(thread).then(toEnd);
  if (WIDE.matches) $("text").focus();
}

// --- what the person does

function askNewcomer() {
  const taken = people(chosen()).map((person) => person.name);
  const names = NAMES.filter((name) => !taken.includes(name));
  $("newcomer-name").value = names[Math.floor(Math.random() * names.length)] ?? "Pelanggan Baru";
  $("newcomer-number").value = shownPhone(`628120000${Math.floor(1000 + Math.random() * 9000)}`);
  $("newcomer").returnValue = "";
  $("newcomer").showModal();
  $("newcomer-name").select();
}

function welcome() {
  const sender = $("newcomer-number").value.replace(/\D/g, "").replace(/^0/, "62");
  if ($("newcomer").returnValue !== "ok" || !sender) return;
  const { device } = chosen();
  const others = remembered("invented", []).filter((other) => other.device !== device || other.sender !== sender);
  remember("invented", [...others, { device, sender, name: $("newcomer-name").value.trim(), role: "customer" }]);
  go(`${device}/${sender}`);
}

function onKey(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit();
}

/** Arrow keys walk through the list of people. */
function onListKey(event) {
  const rows = [...$("people").querySelectorAll("button")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !rows.length) return;
  event.preventDefault();
  rows[(rows.indexOf(document.activeElement) + step + rows.length) % rows.length].focus();
}

$("compose").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
$("text").addEventListener("keydown", onKey);
$("text").addEventListener("input", fit);
$("text").addEventListener("paste", (event) => event.clipboardData.files.length && addPhotos(event.clipboardData.files));
$("attach").addEventListener("click", () => $("photos").click());
$("photos").addEventListener("change", () => { addPhotos($("photos").files); $("photos").value = ""; });
$("people").addEventListener("keydown", onListKey);
$("showroom").addEventListener("change", () => { go(""); drawPeople(); loadPeople(); });
$("invent").addEventListener("click", askNewcomer);
$("newcomer").addEventListener("close", welcome);
$("newcomer-never").addEventListener("click", () => $("newcomer").close());
$("back").addEventListener("click", () => go(""));
$("jump").addEventListener("click", toEnd);
$("scroll").addEventListener("scroll", () => {
  const box = $("scroll");
  pinned = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  $("jump").hidden = pinned;
});
const sizes = new ResizeObserver(follow); // the keyboard, the tray, a photo that has loaded
sizes.observe($("scroll"));
sizes.observe($("log"));
addEventListener("hashchange", route);
connect();
