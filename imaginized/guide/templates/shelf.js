"use strict";
// Only the books whose title or author has the words stay in sight
const box = document.getElementById("narrow");
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const volumes = [...document.querySelectorAll(".volume")];
box.addEventListener("input", () => {
  const words = plain(box.value).split(/\s+/).filter(Boolean);
  for (const volume of volumes) {
    const text = plain(volume.querySelector("strong").textContent + " " + (volume.querySelector(".by") || volume).textContent);
    volume.hidden = !words.every((word) => text.includes(word));
  }
  document.getElementById("narrow-said").textContent = words.length ? String(volumes.filter((each) => !each.hidden).length) : "";
});
