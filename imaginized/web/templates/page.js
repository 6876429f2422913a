"use strict";
// One page, one stream: what changed is fetched as the same page again, and its live parts are put in place.
(() => {
  const news = document.getElementById("news");
  let told = 0, timer = 0, stream = null, place = document.body.dataset.since;

  const tell = (text) => {
    // A line a few seconds at most: a screen reader must come to its end.
    const now = Date.now();
    if (now - told > 4000) { told = now; news.textContent = text; }
  };

  const morph = (old, fresh) => {
    if (old.isEqualNode(fresh)) return;
    const same = old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName;
    if (!same) { old.replaceWith(fresh); return; }
    if (old.nodeType !== Node.ELEMENT_NODE) { old.nodeValue = fresh.nodeValue; return; }
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of [...fresh.attributes]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    const known = new Map([...old.children].filter((each) => each.id).map((each) => [each.id, each]));
    let at = old.firstChild;
    for (const next of [...fresh.childNodes]) {
      const mine = next.id && known.get(next.id);
      if (mine && mine !== at) old.insertBefore(mine, at);
      const current = mine || at;
      if (!current) { old.append(next); continue; }
      if (!mine && current.id && known.has(current.id)) { old.insertBefore(next, current); continue; }
      at = current.nextSibling;
      morph(current, next);
    }
    while (at) { const gone = at; at = at.nextSibling; gone.remove(); }
  };

  const look = async () => {
    timer = 0;
    let answer;
    try { answer = await fetch(location.href, { headers: { accept: "text/html" } }); } catch { return; }
    if (answer.redirected) { location.reload(); return; }
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fresh.getElementById(part.id);
      if (other && !part.contains(document.activeElement?.closest("input, select, textarea"))) morph(part, other);
    }
  };
  const soon = () => { timer ||= setTimeout(look, 700); };

  const heard = ({ kind, id, data }) => {
    place = id || place;
    if (kind === "away") { tell("The daemon does not answer; this page waits for it."); return; }
    if (kind === "book") tell(data.chapter ? `Chapter ${data.chapter}: ${data.event}` : data.event);
    soon();
  };

  const listen = (pass) => {
    if (stream) return;
    stream = new EventSource(`/events?since=${encodeURIComponent(place)}`);
    for (const kind of ["book", "gap", "back", "away"]) {
      stream.addEventListener(kind, (event) => pass({ kind, id: event.lastEventId, data: JSON.parse(event.data) }));
    }
    stream.onerror = () => {
      // Refused, as where too many pages are open: look now and then instead.
      if (stream?.readyState === EventSource.CLOSED) { stream = null; setTimeout(() => { look(); listen(pass); }, 10000); }
    };
  };
  const leave = () => { stream?.close(); stream = null; };

  if (place !== undefined && navigator.locks && window.BroadcastChannel) {
    // A browser has six connections a host, and each stream keeps one: so one tab listens for all, whichever has the lock.
    const others = new BroadcastChannel("news");
    others.onmessage = (event) => heard(event.data);
    navigator.locks.request("stream", () => new Promise(() => {
      listen((news) => { heard(news); others.postMessage(news); });
    }));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
  } else if (place !== undefined) {
    // Not at an address that the browser takes for secure: each tab for itself, while it can be seen.
    if (!document.hidden) listen(heard);
    document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); else { soon(); listen(heard); } });
    addEventListener("pagehide", leave);
  }
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  addEventListener("submit", (event) => {
    const asks = event.submitter?.dataset.asks;
    if (asks && !confirm(asks)) event.preventDefault();
  });
  // Of a book without a picture its title shows, which lies behind; also where the picture came with the news.
  const bare = (picture) => { if (picture.matches?.("a.cover img, img.cover")) picture.remove(); };
  addEventListener("error", (event) => bare(event.target), true);
  for (const picture of document.images) if (picture.complete && picture.currentSrc && !picture.naturalWidth) bare(picture);

  const login = document.getElementById("login");
  if (login) {
    const enter = () => {
      const ticket = location.hash.startsWith("#t=") && location.hash.slice(3);
      history.replaceState(null, "", location.pathname);
      if (ticket) { document.getElementById("ticket").value = ticket; login.requestSubmit(); }
      return ticket;
    };
    // An address with a ticket that is opened where this page is open already loads nothing.
    addEventListener("hashchange", enter);
    // Whoever came from elsewhere has sent no cookie yet, but may have one.
    if (!enter()) fetch("/whoami").then((answer) => answer.json()).then((told) => { if (told.is_known) location.replace("/"); });
  }

  const drop = document.getElementById("drop");
  if (drop) {
    const list = document.getElementById("sending"), input = document.getElementById("file");
    const send = (file) => {
      const row = document.createElement("li"), bar = document.createElement("progress"), words = document.createElement("span");
      bar.max = file.size || 1; bar.value = 0; bar.setAttribute("aria-label", `Sending ${file.name}`);
      words.textContent = ` ${file.name}`;
      row.append(bar, words); list.append(row);
      const request = new XMLHttpRequest();
      request.open("POST", `/upload?name=${encodeURIComponent(file.name)}`);
      request.setRequestHeader("accept", "application/json");
      request.upload.onprogress = (event) => { bar.value = event.loaded; };
      const end = (text, good) => { bar.remove(); words.textContent = text; row.className = good ? "good" : "bad"; soon(); };
      request.onload = () => {
        let told = {};
        try { told = JSON.parse(request.responseText); } catch { /* said below */ }
        end(told.text || told.error || request.responseText || `${file.name} was not taken`, request.status === 200);
      };
      request.onerror = () => end(`${file.name}: the upload broke off, and nothing was kept; drop it again`, false);
      request.send(file);
    };
    drop.addEventListener("submit", (event) => { event.preventDefault(); [...input.files].forEach(send); drop.reset(); });
    input.multiple = true;
    for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());
    document.addEventListener("dragover", () => drop.classList.add("over"));
    document.addEventListener("dragleave", () => drop.classList.remove("over"));
    document.addEventListener("drop", (event) => { drop.classList.remove("over"); [...event.dataTransfer.files].forEach(send); });
  }
})();
