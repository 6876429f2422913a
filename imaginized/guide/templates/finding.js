// Search: names, chapters and scenes, of the chapters that may be shown
const findForm = one("find-form");
const SHOWN = 20;
const namesOf = (element) => element.names.filter(([, since]) => since <= limit).map(([name]) => name);
// Without case and accents, and katakana as it is: what a reader types is seldom what is printed.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
function candidates() {
  const found = [];
  for (const [index, element] of (data.elements || []).entries()) {
    const names = namesOf(element);
    if (!names.length) continue;
    const chapters = element.counts.map(([chapter]) => chapter).filter((chapter) => chapter <= limit);
    found.push({ kind: element.type, to: element.to, said: names[0], more: names.slice(1).join(", "), text: names.join(" "), chapters, people: [index] });
  }
  const addresses = new Map();
  for (const link of all("#contents a[data-chapter]")) {
    const [chapter, part] = [Number(link.dataset.chapter), link.closest(".part")];
    addresses.set(chapter, link.getAttribute("href"));
    if (chapter > limit) continue;
    const above = part ? part.querySelector("summary [data-since]") : null;
    const title = (above ? above.textContent + " · " : "") + link.querySelector("span:not([data-until])").textContent;
    found.push({ kind: "chapter", to: link.getAttribute("href"), said: title, more: say("chapter.n", { n: chapter }), text: title + " " + chapter, chapters: [chapter], people: [] });
  }
  for (const [chapter, number, text, people, page] of data.scenes || []) {
    if (chapter > limit) continue;
    const names = people.map((index) => namesOf(data.elements[index]).join(" "));
    found.push({ kind: "scene", to: addresses.get(chapter) + "-scene-" + number, said: text + "…", more: say("scene.at", { chapter: say("chapter.n", { n: chapter }), page }), text: text + " " + names.join(" "), chapters: [chapter], people });
  }
  return found;
}
function listPeople() {
  const box = one("find-person");
  if (!box) return;
  const chosen = box.value;
  const people = (data.elements || []).map((element, index) => [namesOf(element)[0], index]).filter(([name]) => name);
  people.sort(([a], [b]) => a.localeCompare(b));
  box.replaceChildren(box.options[0], ...people.map(([name, index]) => new Option(name, index)));
  box.value = people.some(([, index]) => String(index) === chosen) ? chosen : "";
}
function find() {
  const words = plain(one("find-text").value).split(/\s+/).filter(Boolean);
  const [kind, chapter] = [one("find-kind").value, Number(one("find-chapter").value)];
  const person = one("find-person") ? one("find-person").value : "";
  const list = one("found");
  if (!words.length && !kind && !chapter && !person) {
    list.replaceChildren();
    one("find-said").textContent = "";
    return;
  }
  const found = candidates().filter((each) =>
    (!kind || each.kind === kind) && (!chapter || each.chapters.includes(chapter)) &&
    (!person || each.people.includes(Number(person))) && words.every((word) => plain(each.text).includes(word)));
  list.replaceChildren(...found.slice(0, SHOWN).map((each) => {
    const [item, link, more] = ["li", "a", "small"].map((tag) => document.createElement(tag));
    Object.assign(link, { textContent: each.said, dir: "auto" });
    link.setAttribute("href", each.to);
    Object.assign(more, { textContent: each.more, dir: "auto" });
    item.append(link, " ", more);
    return item;
  }));
  const count = found.length ? say(found.length === 1 ? "find.found_one" : "find.found_other", { n: digits(found.length) }) : say("find.none");
  one("find-said").textContent = found.length > SHOWN ? count + "; " + say("find.more", { n: digits(found.length - SHOWN) }) : count;
  carry();
}
if (findForm) {
  let waiting;
  findForm.addEventListener("submit", (event) => { event.preventDefault(); find(); });
  findForm.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(find, 120); });
  listeners.push(listPeople, find);
  listPeople();
}
