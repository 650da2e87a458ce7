// The conversations as the page knows them: lines stored by the server and bubbles that are only on screen yet.
// A thread belongs to one person of one device. `id` of an item is null until the transcript has shown it.

import { plain } from "./simulator-view.js";

const threads = new Map();

export function remembered(name, empty) {
  try {
    return JSON.parse(localStorage.getItem(`simulator.${name}`)) ?? empty;
  } catch {
    return empty;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(`simulator.${name}`, JSON.stringify(value));
  } catch { /* storage is off or full: only lasts as long as the page then */ }
}

export function threadOf(device, sender) {
  const key = `${device}/${sender}`;
  if (!threads.has(key)) {
    threads.set(key, { key, device, sender, items: [], lastId: 0, loaded: false, typing: false, draft: "",
      asked: null, timer: 0, hush: 0, queue: Promise.resolve(), row: null });
  }
  return threads.get(key);
}

export const unread = (thread) => thread.items.filter((item) => item.side === "in" && !item.read).length;

export function markRead(thread) {
  thread.items.forEach((item) => { item.read = true; });
  remember("read", { ...remembered("read", {}), [thread.key]: thread.lastId });
}

/** `rows` are lines of the transcript, oldest first. What is there at the first look counts as read. */
export function merge(thread, rows) {
  const readUpTo = remembered("read", {})[thread.key] ?? Infinity;
  for (const row of rows) {
    thread.lastId = Math.max(thread.lastId, row.id);
    if (thread.items.some((item) => item.id === row.id)) continue;
    const item = onScreen(thread, row) ?? { read: row.id <= readUpTo, ms: null, photo: null };
    if (!thread.items.includes(item)) thread.items.push(item);
    Object.assign(item, { id: row.id, from: row.from, text: row.text ?? "", at: new Date(row.at), state: "stored",
      side: row.from === "person" ? "out" : row.from === "system" ? "notice" : "in",
      ms: row.reply_ms ?? item.ms, photo: item.photo ?? row.photo });
  }
  // Stored lines by their number; what is not stored yet stays below, in the order it came.
  thread.items.sort((a, b) => (a.id ?? Infinity) - (b.id ?? Infinity) || 0);
  if (!thread.loaded && !(remembered("read", {})[thread.key] <= thread.lastId)) {
    remember("read", { ...remembered("read", {}), [thread.key]: thread.lastId }); // never seen, or of an older database
  }
  thread.loaded = true;
}

/** The bubble that is on screen already and that this row is the stored form of. */
function onScreen(thread, row) {
  const mine = row.from === "person";
  const loose = thread.items.filter((item) => item.id === null && (item.side === "out") === mine && !item.problem
    && !item.photo === !row.photo);
  const same = loose.find((item) => plain(item.text) === plain(row.text ?? ""));
  return same ?? (mine ? undefined : loose.find((item) => Math.abs(item.at - new Date(row.at)) < 15000));
}

/** One message as Fonnte posts it; a photo without a caption carries Fonnte's placeholder. */
export function fonnteBody(thread, item, name) {
  const text = item.text || "non-text message";
  const file = item.url ? item.url.split("/").at(-1).split(".") : ["", ""];
  return {
    quick: false, device: thread.device, pesan: text, pengirim: thread.sender, member: "", message: text,
    text: "non-button message", sender: thread.sender, name, location: "",
    url: item.url ?? "", type: item.url ? "image" : "text", extension: file[1], filename: file[0],
    pollname: "", choices: [], inboxid: 0, isgroup: false, isforwarded: false,
    timestamp: Math.floor(Date.now() / 1000),
  };
}
