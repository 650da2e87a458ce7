// What the simulator shows, as DOM nodes. Nothing here keeps state or talks to the server.

export function make(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== ""));
  return node;
}

export function icon(name, className = "") {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", className);
  svg.append(use);
  return svg;
}

/** Makes `nodes` the children of `parent` and leaves alone what is already in place. */
export function place(parent, nodes) {
  const wanted = new Set(nodes);
  for (const node of [...parent.childNodes]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, i) => {
    if (parent.childNodes[i] !== node) parent.insertBefore(node, parent.childNodes[i] ?? null);
  });
}

export const plain = (text) => text.replace(/\s+/g, " ").trim();
export const preview = (item) => (item.text ? plain(item.text).replace(/[*_~`]/g, "").slice(0, 90) : "Foto");
export const clock = (date) => date.toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" });

export function shownPhone(sender) {
  if (!/^62\d{7,}$/.test(sender)) return sender;
  return `0${sender.slice(2)}`.replace(/^(\d{4})(\d{4})(\d+)$/, "$1-$2-$3");
}

function duration(ms) {
  const digits = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return `${(ms / 1000).toLocaleString("id-ID", digits)} dtk`;
}

export function day(date) {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 864e5);
  if (days < 2) return days < 1 ? "Hari ini" : "Kemarin";
  return date.toLocaleDateString("id-ID", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

export function avatar(node, person) {
  const words = person.name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  node.textContent = words.slice(0, 2).map((word) => word[0]).join("").toUpperCase() || "#";
  node.className = `avatar tone-${[...person.sender].reduce((sum, ch) => sum * 3 + ch.charCodeAt(0), 0) % 6}`;
  node.setAttribute("aria-hidden", "true");
  return node;
}

const MARKS = new RegExp([
  /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]*_])/,
  /(?<![\w*])\*([^*\s](?:[^*\n]*[^*\s])?)\*(?![\w*])/,
  /(?<!\w)_([^_\s](?:[^_\n]*[^_\s])?)_(?!\w)/,
  /(?<!\w)~([^~\s](?:[^~\n]*[^~\s])?)~(?!\w)/,
  /```([^`]+)```/,
].map((part) => part.source).join("|"), "g");

/** Links and WhatsApp's own marks (*tebal*, _miring_, ~coret~, ```mono```) as nodes; the rest as text. */
function rich(text) {
  const nodes = [];
  let end = 0;
  for (const hit of text.matchAll(MARKS)) {
    const which = hit.slice(1).findIndex((part) => part !== undefined);
    const inner = hit[which + 1];
    const node = which === 0 ? make("a", "", inner) : make(["strong", "em", "s", "code"][which - 1], "");
    if (which === 0) Object.assign(node, { href: inner, target: "_blank", rel: "noopener" });
    else node.append(...(which === 4 ? [inner] : rich(inner)));
    nodes.push(text.slice(end, hit.index), node);
    end = hit.index + hit[0].length;
  }
  return [...nodes, text.slice(end)];
}

function picture(item) {
  const image = make("img");
  const link = make("a", "picture", image);
  image.addEventListener("error", () => {
    link.classList.add("broken");
    link.replaceChildren("Foto tidak dapat ditampilkan di sini. Buka di tab baru.");
  });
  Object.assign(image, { src: item.photo, alt: item.text ? `Foto: ${preview(item)}` : "Foto" });
  Object.assign(link, { href: item.photo, target: "_blank", rel: "noopener" });
  return link;
}

const TICKS = {
  waiting: ["clock", "", "menunggu"],
  sent: ["tick", "", "terkirim"],
  stored: ["ticks", "", "diterima"],
  answered: ["ticks", "seen", "dibaca"],
};

/** One line of a conversation; `tick` names a state of TICKS, for an own bubble. */
export function line(item, tick, sendAgain) {
  if (item.side === "notice") return make("li", "notice", item.text);
  const meta = make("span", "meta", clock(item.at));
  if (item.side === "out" && !item.problem) {
    const [name, className, label] = TICKS[tick];
    meta.append(icon(name, className), make("span", "unseen", label));
  }
  const bubble = make("div", "bubble", item.from === "sales" ? make("span", "by", "Sales") : "",
    item.photo ? picture(item) : "", item.text ? make("div", "words", ...rich(item.text)) : "", meta);
  const node = make("li", `line ${item.side}${item.text ? "" : " bare"}${item.fresh ? " fresh" : ""}`, bubble);
  if (item.side === "in" && item.ms !== null) node.append(make("span", "took", duration(item.ms)));
  if (item.note) node.append(make("span", "took", item.note));
  if (item.problem) {
    const again = make("button", "failed", `${item.problem} Ketuk untuk mengirim ulang.`);
    again.addEventListener("click", sendAgain);
    node.append(again);
  }
  return node;
}

/** Fills the button of one person in the list. */
export function fillPerson(row, person, { role, last, count, typing }) {
  const words = last ? preview(last) : `${role} · ${shownPhone(person.sender)}`;
  const badge = count ? make("span", "badge", String(count)) : "";
  if (badge) badge.setAttribute("aria-label", `${count} pesan belum dibaca`);
  const today = last && day(last.at) === "Hari ini";
  const time = last && (today ? clock(last.at) : last.at.toLocaleDateString("id-ID", { day: "numeric", month: "short" }));
  row.className = `person${count ? " unread" : ""}`;
  row.replaceChildren(avatar(make("span"), person), make("span", "grow",
    make("span", "row", make("span", "name", person.name), make("span", "time", time ?? "")),
    make("span", "row", make("span", `last${typing ? " lively" : ""}`, typing ? "bot mengetik…" : words), badge)));
}

/** The photos picked and not yet sent. */
export function trayItem(photo, number, drop) {
  const remove = make("button", "", icon("close"));
  Object.assign(remove, { type: "button", onclick: drop });
  remove.setAttribute("aria-label", `Buang foto ${number}`);
  return make("li", "", Object.assign(make("img"), { src: photo.preview, alt: `Foto ${number}` }), remove);
}

const STARTERS = {
  customer: ["Halo kak, Avanza matic ada?", "Budget 150 juta ada apa aja?", "Lokasi showroom di mana?"],
  owner: ["/upload", "/laporan", "/list"],
  admin: ["/upload", "/lead", "/list"],
  sales: ["/lead", "/help"],
};

/** What somebody of this role may begin with; a tap says it. */
export function starters(role, say) {
  return STARTERS[role].map((text) => Object.assign(make("button", "", text), { type: "button", onclick: () => say(text) }));
}
