"use strict";
const root = document.documentElement;
const data = JSON.parse(document.getElementById("data").textContent);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const one = (id) => document.getElementById(id);
// Storage may be forbidden (file:, a sandbox, private windows): what is remembered lasts for this visit then.
const recall = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* forbidden */ } };
const canRemember = (() => { try { localStorage.setItem("imaginized", "1"); return true; } catch { return false; } })();
const say = (key, values = {}) => data.words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
const digits = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, data.digits);
const isShown = (part) => !part.closest("[hidden]");

// Theme
const toggle = one("theme");
const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
const nameToggle = () => toggle.setAttribute("aria-label", say(isDark() ? "to_light" : "to_dark"));
toggle.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  remember("imaginized-theme", root.dataset.theme);
  nameToggle();
});
nameToggle();

// Reading along: nothing of later chapters is shown, nor told to a screen reader
const limitKey = "imaginized-limit-" + root.dataset.book;
const slider = one("limit");
const pageBox = one("limit-page");
const listeners = [];
let limit = 1;
const within = (chapter) => Math.min(Math.max(Math.trunc(Number(chapter)) || 1, 1), data.last);
const chapterName = (chapter) => say("chapter.lower", { n: chapter });
function lastPage(chapter) {
  const next = data.numbers.findIndex((number) => number > chapter);
  return next < 0 ? data.end : Math.max(data.pages[next] - (data.pages[next] > data.pages[next - 1] ? 1 : 0), 1);
}
function chapterOnPage(page) {
  let found = data.numbers[0] || 1;
  data.pages.forEach((first, index) => { if (first && first <= page) found = data.numbers[index]; });
  return found;
}
const sayWhere = (chapter) => chapter >= data.last
  ? say("reading.said_last")
  : say("reading.said", { n: chapter, last: data.last, page: lastPage(chapter) });
function runs(numbers) {
  const groups = [];
  for (const number of numbers) {
    const last = groups[groups.length - 1];
    if (last && number === last[1] + 1) last[1] = number;
    else groups.push([number, number]);
  }
  return groups.map(([from, to]) => from === to ? from : from + "–" + to).join(", ");
}
const sayChapters = (numbers) => numbers.length === 1 ? chapterName(numbers[0]) : say("chapters.lower", { n: runs(numbers) });
function countNames(card) {
  const known = card.dataset.counts.split(" ").map((pair) => pair.split(":").map(Number)).filter(([chapter]) => chapter <= limit);
  const times = known.reduce((sum, [, count]) => sum + count, 0);
  card.textContent = times ? say(times === 1 ? "named.one" : "named.other", { n: digits(times), where: sayChapters(known.map(([chapter]) => chapter)) }) : "";
}
// Other pages are told by their address where there is no storage to tell them.
function carry() {
  if (canRemember || data.all) return;
  for (const link of all("a[href]")) {
    const [path, hash] = link.getAttribute("href").split("#");
    if (!/\.html(\?upto=\d+)?$/.test(path) || /(^|\/)all[.-]/.test(path)) continue;
    link.setAttribute("href", path.split("?")[0] + "?upto=" + limit + (hash ? "#" + hash : ""));
  }
}
function showUpTo(chapter) {
  limit = within(chapter);
  for (const part of all("[data-since], [data-until]")) {
    part.hidden = Number(part.dataset.since || 1) > limit || Number(part.dataset.until || Infinity) <= limit;
  }
  for (const card of all("[data-counts]")) countNames(card);
  const shown = one("shown");
  if (shown && !slider && !data.all) {
    shown.hidden = false;
    shown.replaceChildren(say("reading.shown", { where: sayWhere(limit) }) + " · ", Object.assign(document.createElement("a"), { href: data.front + "#reading", textContent: say("reading.change") }));
  }
  const gate = one("gate");
  if (gate) {
    gate.hidden = Number(gate.dataset.first) <= limit;
    gate.querySelector("p").textContent = say("reading.ask", { wanted: say("chapter.n", { n: gate.dataset.first }), now: chapterName(limit) });
    gate.querySelector("button").textContent = say("reading.ask_yes", { wanted: chapterName(gate.dataset.first) });
  }
  if (slider) {
    slider.value = limit;
    nameLimit();
  }
  carry();
  root.classList.remove("guarded");
  root.classList.add("placed");
  for (const listener of listeners) listener();
}
function nameLimit() {
  const said = sayWhere(Number(slider.value));
  slider.setAttribute("aria-valuetext", said);
  one("limit-said").textContent = said;
}
function choose(chapter) {
  showUpTo(chapter);
  remember(limitKey, String(limit));
}

// A later chapter is never shown unasked
const ask = one("ask");
function askFor(chapter, then) {
  const [text, yes, no] = [ask.querySelector("p"), ask.querySelector("[value=yes]"), ask.querySelector("[value=no]")];
  text.textContent = say("reading.ask", { wanted: say("chapter.n", { n: chapter }), now: chapterName(limit) });
  yes.textContent = say("reading.ask_yes", { wanted: chapterName(chapter) });
  no.textContent = say("reading.ask_no", { now: chapterName(limit) });
  yes.onclick = () => { ask.close(); choose(chapter); then(); };
  no.onclick = () => ask.close();
  ask.showModal();
  no.focus();
}
function goTo(address) {
  if (!address.startsWith("#")) location.href = address;
  else if (location.hash === address) scrollTo(address);
  else location.hash = address;
}
function scrollTo(address) {
  const target = one(address.slice(1));
  if (!target) return;
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  // Twice: what the first one brings into view takes its real height only then.
  for (const delay of [0, 150]) setTimeout(() => target.scrollIntoView(), delay);
}
document.addEventListener("click", (event) => {
  const link = event.target.closest && event.target.closest("a[data-chapter]");
  if (!link || Number(link.dataset.chapter) <= limit) return;
  event.preventDefault();
  askFor(Number(link.dataset.chapter), () => goTo(link.getAttribute("href")));
});
function follow() {
  const target = one(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const hiding = target.closest("[data-since][hidden]");
  if (hiding) askFor(Number(hiding.dataset.since), () => scrollTo(location.hash));
  else if (target.matches(".chapter, .scene, .card")) scrollTo(location.hash);
}

// Without us, later chapters are on the pages that hide nothing.
if (!data.all) for (const link of all("a[data-chapter]")) {
  const own = link.getAttribute("href").replace(/(^|\/)all-/, "$1").replace(/(^|\/)all\.html/, "$1index.html");
  const [page, hash] = own.split("#");
  link.setAttribute("href", page && new URL(page, location.href).pathname === location.pathname ? "#" + hash : own);
}
showUpTo(data.all ? data.last : canRemember ? recall(limitKey) : new URLSearchParams(location.search).get("upto"));
if (slider) {
  slider.addEventListener("input", nameLimit);
  slider.addEventListener("change", () => choose(slider.value));
  one("everything").addEventListener("click", () => choose(data.last));
}
if (pageBox) pageBox.addEventListener("change", () => { if (Number(pageBox.value) > 0) choose(chapterOnPage(Number(pageBox.value))); });
const gateButton = document.querySelector("#gate button");
if (gateButton) gateButton.addEventListener("click", () => { choose(one("gate").dataset.first); scrollTo("#chapter-" + one("gate").dataset.first); });
addEventListener("hashchange", follow);
addEventListener("pageshow", (event) => { if (event.persisted && recall(limitKey)) showUpTo(recall(limitKey)); });
follow();

// The chapter in view, in the bar
const place = one("place");
if (window.IntersectionObserver) {
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) place.textContent = entry.target.dataset.title || place.dataset.title;
    }
  }, { rootMargin: "-25% 0px -74% 0px" });
  all("[data-place]").forEach((part) => watcher.observe(part));
}
