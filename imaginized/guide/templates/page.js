"use strict";
const root = document.documentElement;
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const recall = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
const remember = (key, value) => { try { localStorage.setItem(key, value); } catch { /* forbidden: lasts for this visit */ } };

// Theme
const toggle = document.getElementById("theme");
const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
const nameToggle = () => toggle.setAttribute("aria-label", isDark() ? "Switch to light colours" : "Switch to dark colours");
toggle.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  remember("imaginized-theme", root.dataset.theme);
  nameToggle();
});
nameToggle();

// Reading along: what belongs to later chapters stays out of sight
const limit = document.getElementById("limit");
const limitKey = "imaginized-limit-" + root.dataset.book;
function readUpTo(chapter) {
  const last = Number(chapter) || Infinity;
  for (const part of all("[data-since]")) part.hidden = Number(part.dataset.since) > last;
  for (const group of all(".group")) group.hidden = !group.querySelector(".card:not([hidden])");
  if (limit) limit.value = Number.isFinite(last) ? String(last) : "";
}
function follow() {
  const target = document.getElementById(location.hash.slice(1));
  const hiding = target && target.closest("[data-since][hidden]");
  if (!hiding) return;
  readUpTo(hiding.dataset.since);
  remember(limitKey, hiding.dataset.since);
  // Twice: what the first one brings into view takes its real height only then.
  for (const delay of [0, 150]) setTimeout(() => target.scrollIntoView(), delay);
}
if (limit) {
  limit.addEventListener("change", () => { readUpTo(limit.value); remember(limitKey, limit.value); });
  if (recall(limitKey)) readUpTo(recall(limitKey));
  addEventListener("hashchange", follow);
  follow();
}

// The chapter in view, in the bar
const place = document.getElementById("place");
if (window.IntersectionObserver) {
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      const link = entry.target.dataset.title ? entry.target.id : "top";
      place.textContent = entry.target.dataset.title || place.dataset.title;
      place.href = "#" + link;
    }
  }, { rootMargin: "-25% 0px -74% 0px" });
  all("[data-place]").forEach((part) => watcher.observe(part));
}

// Plates, large
const box = document.getElementById("lightbox");
if (box.showModal) {
  const image = box.querySelector("img");
  const caption = box.querySelector(".caption");
  let shown = [];
  let at = 0;
  const show = (index) => {
    at = (index + shown.length) % shown.length;
    const plate = shown[at];
    image.src = plate.href;
    image.alt = plate.querySelector("img").alt;
    caption.textContent = plate.dataset.caption;
    box.querySelector(".position").textContent = (at + 1) + " / " + shown.length;
  };
  document.addEventListener("click", (event) => {
    const plate = event.target.closest("a.plate");
    if (!plate || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    shown = all("a.plate").filter((each) => !each.closest("[hidden]"));
    show(shown.indexOf(plate));
    box.showModal();
  });
  box.addEventListener("click", (event) => {
    const action = event.target.closest("[data-do]");
    if (action && action.dataset.do === "next") show(at + 1);
    else if (action && action.dataset.do === "previous") show(at - 1);
    else box.close();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(at + 1);
    else if (event.key === "ArrowLeft") show(at - 1);
  });
  box.addEventListener("close", () => {
    const plate = shown[at];
    if (plate) { plate.focus({ preventScroll: true }); plate.scrollIntoView({ block: "center" }); }
  });
}
