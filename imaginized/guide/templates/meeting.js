// Who meets whom: a strip of chapters for each person, and a small graph of who stands in one sentence with whom
const strip = one("strip");
const SVG = strip && strip.querySelector("svg").namespaceURI;
function draw(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
function leading(most) {
  const people = (data.elements || [])
    .map((element, index) => ({ index, element, name: namesOf(element)[0], counts: element.counts.filter(([chapter, times]) => chapter <= limit && times) }))
    .filter((each) => each.name && each.counts.length && ["character", "creature"].includes(each.element.type));
  const times = (each) => each.counts.reduce((sum, [, count]) => sum + count, 0);
  return people.sort((a, b) => times(b) - times(a)).slice(0, most);
}
function drawStrip() {
  const people = leading(12);
  const wide = Math.max(limit, Math.min(data.last, 12));
  strip.replaceChildren(...people.map((each) => {
    const label = say("meet.where", { name: each.name, where: sayChapters(each.counts.map(([chapter]) => chapter)) });
    const bars = each.counts.map(([chapter, count]) => draw("rect", { x: chapter - 1, y: 0, width: 0.92, height: 10, opacity: Math.min(0.35 + count / 12, 1).toFixed(2) }));
    const row = document.createElement("div");
    const link = Object.assign(document.createElement("a"), { textContent: each.name, dir: "auto" });
    link.setAttribute("href", each.element.to);
    row.append(link, draw("svg", { viewBox: "0 0 " + wide + " 10", preserveAspectRatio: "none", role: "img", "aria-label": label }, ...bars));
    return row;
  }));
  if (!people.length) strip.textContent = say("meet.nobody");
}
function pairsOf(people) {
  const places = new Map(people.map((each, place) => [each.index, place]));
  const pairs = [];
  for (const each of people) {
    for (const [other, counts] of each.element.near) {
      const times = counts.filter(([chapter]) => chapter <= limit).reduce((sum, [, count]) => sum + count, 0);
      if (times && places.has(other)) pairs.push({ from: places.get(each.index), to: places.get(other), times });
    }
  }
  return pairs.sort((a, b) => b.times - a.times).slice(0, 24);
}
function drawGraph() {
  const people = leading(10);
  const pairs = pairsOf(people);
  const most = pairs.length ? pairs[0].times : 1;
  const at = people.map((_, place) => {
    const angle = 2 * Math.PI * place / people.length - Math.PI / 2;
    return [180 + 105 * Math.cos(angle), 150 + 105 * Math.sin(angle)];
  });
  const lines = pairs.map(({ from, to, times }) => draw("line", { x1: at[from][0], y1: at[from][1], x2: at[to][0], y2: at[to][1], "stroke-width": (0.8 + 5 * times / most).toFixed(1) }));
  const dots = people.flatMap((each, place) => {
    const [x, y] = at[place];
    const anchor = Math.abs(x - 180) < 30 ? "middle" : x > 180 ? "start" : "end";
    const text = draw("text", { x: x + (anchor === "start" ? 9 : anchor === "end" ? -9 : 0), y: y + (anchor === "middle" ? (y < 150 ? -12 : 20) : 4), "text-anchor": anchor });
    text.textContent = each.name.length > 16 ? each.name.slice(0, 15) + "…" : each.name;
    return [draw("circle", { cx: x, cy: y, r: 5 }), text];
  });
  // The list beside it says the same in words; dots without a line would say nothing.
  one("graph").replaceChildren(...(pairs.length ? [draw("svg", { viewBox: "-20 0 400 300", "aria-hidden": "true" }, ...lines, ...dots)] : []));
  one("pairs").replaceChildren(...pairs.slice(0, 6).map(({ from, to, times }) => {
    const item = document.createElement("li");
    item.textContent = say("meet.pair", { one: people[from].name, other: people[to].name, n: digits(times) });
    return item;
  }));
  if (!pairs.length) one("pairs").replaceChildren(Object.assign(document.createElement("li"), { textContent: say("meet.nobody") }));
}
if (strip) {
  const drawAll = () => { drawStrip(); drawGraph(); carry(); };
  listeners.push(drawAll);
  drawAll();
}
