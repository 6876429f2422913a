// A program that knows only imaginize's manifest, written from its published facts alone: it reads the manifest of every
// book in a library all the time and computes the progress. What it finds wrong goes to the file REPORT, one line each.
// Usage: node reader.mjs LIBRARY REPORT [alone]. With "alone" nobody else ends chapters: progress never goes back, and
// there is no 100 % without a guide. At SIGTERM it writes how often it has read what.
import { appendFileSync, existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const [library, report, mode] = process.argv.slice(2);
const WORDS = ["pending", "claimed", "in_progress", "completed", "failed"];
const reads = { manifests: 0, percents: {} };
const before = new Map();
const complain = (name, problem, text) => appendFileSync(report, `${name}: ${problem}\n${text}\n`);

function progress(manifest) {
  const total = manifest.totalChapters, chapters = Object.values(manifest.chapters);
  const count = (word) => chapters.filter((each) => each.status === word).length;
  const [completed, inProgress, failed] = ["completed", "in_progress", "failed"].map(count);
  return { total, completed, inProgress, failed, pending: total - completed - inProgress - failed, percent: total ? (100 * completed) / total : 0 };
}

function* problems(name, manifest, text) {
  const facts = progress(manifest);
  if (!/^2\./.test(manifest.version)) yield `version ${manifest.version}`;
  if (typeof manifest.bookFile !== "string" || typeof manifest.bookTitle !== "string") yield "no book";
  for (const key of ["createdAt", "lastUpdated"]) if (Number.isNaN(Date.parse(manifest[key]))) yield `${key} is no time`;
  if (facts.total !== Object.keys(manifest.chapters).length) yield `${facts.total} chapters in all`;
  if (facts.pending < 0 || facts.percent < 0 || facts.percent > 100) yield `progress ${JSON.stringify(facts)}`;
  for (const [number, chapter] of Object.entries(manifest.chapters)) {
    if (!WORDS.includes(chapter.status)) yield `chapter ${number} is ${chapter.status}`;
    for (const key of ["claimedAt", "completedAt", "failedAt"])
      if (key in chapter && Number.isNaN(Date.parse(chapter[key]))) yield `chapter ${number}: ${key} is no time`;
    const isFree = chapter.status === "pending" || chapter.status === "failed";
    if (mode === "alone" && isFree && (chapter.claimedBy || chapter.claimedAt)) yield `chapter ${number} waits and is claimed`;
  }
  if (mode !== "alone") return;
  if (facts.percent < (before.get(name) ?? 0)) yield `progress went back to ${facts.percent} %`;
  if (facts.percent === 100 && !existsSync(join(library, name, "Contents.md"))) yield "all completed, and no guide";
  before.set(name, facts.percent);
  reads.percents[Math.round(facts.percent)] = true;
}

function look() {
  const folders = readdirSync(library, { withFileTypes: true }).filter((each) => each.isDirectory());
  for (const name of folders.map((each) => each.name).filter((each) => !each.startsWith("."))) {
    let text = "";
    try {
      text = readFileSync(join(library, name, ".imaginize.manifest.json"), "utf8");
      for (const problem of problems(name, JSON.parse(text), text)) complain(name, problem, text);
      reads.manifests += 1;
    } catch (error) {
      if (error.code !== "ENOENT") complain(name, String(error), text);
    }
  }
}

process.on("SIGTERM", () => {
  console.log(JSON.stringify({ manifests: reads.manifests, percents: Object.keys(reads.percents).map(Number) }));
  process.exit(0);
});
setInterval(look, 3);
