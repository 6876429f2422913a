// Pictures, large: a tap or two fingers enlarge, a swipe turns, Back closes
const box = one("lightbox");
if (box.showModal) {
  const sheet = box.querySelector(".sheet");
  const image = box.querySelector("img");
  const zoomButton = box.querySelector("[data-do=zoom]");
  const touches = new Map();
  let shown = [];
  let at = 0;
  let scale = 1;
  let shift = [0, 0];
  let pinch = null;
  let start = null;
  let isBackNeeded = false;
  const put = () => {
    const reach = [image.offsetWidth * (scale - 1) / 2, image.offsetHeight * (scale - 1) / 2];
    shift = shift.map((value, axis) => Math.min(Math.max(value, -reach[axis]), reach[axis]));
    image.style.transform = scale > 1 ? `translate(${shift[0]}px, ${shift[1]}px) scale(${scale})` : "";
    zoomButton.setAttribute("aria-pressed", String(scale > 1));
    zoomButton.textContent = scale > 1 ? "−" : "+";
  };
  const zoom = (wanted) => { scale = Math.min(Math.max(wanted, 1), 6); if (scale === 1) shift = [0, 0]; put(); };
  const show = (index) => {
    at = (index + shown.length) % shown.length;
    const plate = shown[at];
    image.src = plate.href;
    image.alt = plate.querySelector("img").alt;
    box.querySelector(".caption").textContent = plate.dataset.caption;
    box.querySelector(".position").textContent = (at + 1) + " / " + shown.length;
    zoom(1);
  };
  document.addEventListener("click", (event) => {
    const plate = event.target.closest && event.target.closest("a.plate");
    if (!plate || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    shown = all("a.plate").filter(isShown);
    show(shown.indexOf(plate));
    box.showModal();
    // An entry of its own, so that Back closes the picture and does not leave the page.
    try { history.pushState({ plate: true }, ""); isBackNeeded = true; } catch { isBackNeeded = false; }
  });
  addEventListener("popstate", () => { isBackNeeded = false; if (box.open) box.close(); });
  box.addEventListener("close", () => {
    if (isBackNeeded) { isBackNeeded = false; history.back(); }
    const plate = shown[at];
    if (plate) { plate.focus({ preventScroll: true }); plate.scrollIntoView({ block: "center" }); }
  });
  box.addEventListener("click", (event) => {
    const action = event.target.closest("[data-do]");
    if (!action) { if (event.target !== image && event.target !== sheet) box.close(); return; }
    const deed = action.dataset.do;
    if (deed === "next") show(at + 1);
    else if (deed === "previous") show(at - 1);
    else if (deed === "zoom") zoom(scale > 1 ? 1 : 2.5);
    else box.close();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(at + 1);
    else if (event.key === "ArrowLeft") show(at - 1);
    else if (event.key === "+" || event.key === "-") zoom(scale * (event.key === "+" ? 1.5 : 1 / 1.5));
  });
  const apart = () => { const [a, b] = [...touches.values()]; return Math.hypot(a[0] - b[0], a[1] - b[1]); };
  sheet.addEventListener("pointerdown", (event) => {
    try { sheet.setPointerCapture(event.pointerId); } catch { /* gone already */ }
    touches.set(event.pointerId, [event.clientX, event.clientY]);
    if (touches.size === 1) start = { x: event.clientX, y: event.clientY, shift, moved: false };
    if (touches.size === 2) { pinch = { apart: apart(), scale }; start = null; }
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!touches.has(event.pointerId)) return;
    touches.set(event.pointerId, [event.clientX, event.clientY]);
    if (pinch && touches.size === 2) { zoom(pinch.scale * apart() / pinch.apart); return; }
    if (!start) return;
    const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
    if (Math.hypot(dx, dy) > 8) start.moved = true;
    if (scale > 1 && start.moved) { shift = [start.shift[0] + dx, start.shift[1] + dy]; put(); }
  });
  const lift = (event) => {
    if (!touches.delete(event.pointerId)) return;
    if (pinch) { if (!touches.size) pinch = null; return; }
    if (!start || event.type === "pointercancel") return;
    const [dx, dy] = [event.clientX - start.x, event.clientY - start.y];
    if (!start.moved) zoom(scale > 1 ? 1 : 2.5);
    else if (scale === 1 && Math.abs(dx) > 50 && Math.abs(dx) > Math.abs(dy)) show(at + (dx < 0 ? 1 : -1));
    start = null;
  };
  sheet.addEventListener("pointerup", lift);
  sheet.addEventListener("pointercancel", lift);
}
