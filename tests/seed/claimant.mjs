// A program that knows only imaginize's manifest, written from its published facts alone: it claims chapters of every
// book in a library, says it works on them, ends them, and resets those whose process is gone.
// Usage: node claimant.mjs LIBRARY JOURNAL SEED. One line in the journal for every change it made, while it holds the lock.
import { appendFileSync, readFileSync, readdirSync, renameSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [library, journal, seed] = process.argv.slice(2);
const LOCK_WAIT = 30_000, LOCK_STALE = 600_000, STUCK = 300_000, BETWEEN_TRIES = 100;

let state = Number(seed) + 1;
const chance = () => (state = (state * 48271) % 2147483647) / 2147483647;
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const now = () => new Date().toISOString();

async function lock(path) {
  for (const end = Date.now() + LOCK_WAIT; Date.now() < end; ) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    try {
      if (Date.now() - statSync(path).mtimeMs > LOCK_STALE) { unlinkSync(path); continue; }
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
      continue;
    }
    await pause(BETWEEN_TRIES);
  }
  throw new Error(`no lock within ${LOCK_WAIT} ms: ${path}`);
}

// Changes the manifest under the lock; `change` returns what it did, or nothing.
async function update(book, change) {
  const path = join(book, ".imaginize.manifest.json"), held = join(book, ".imaginize.manifest.lock");
  await lock(held);
  try {
    const manifest = JSON.parse(readFileSync(path, "utf8"));
    const done = change(manifest);
    if (done) {
      manifest.lastUpdated = now();
      manifest.seedUpdates = (manifest.seedUpdates ?? 0) + 1; // a field of its own: nobody else may lose it
      writeFileSync(`${path}.tmp`, JSON.stringify(manifest, null, 2));
      renameSync(`${path}.tmp`, path);
      appendFileSync(journal, JSON.stringify({ pid: process.pid, count: manifest.seedUpdates, done }) + "\n");
    }
    return done;
  } finally {
    unlinkSync(held);
  }
}

const claim = (manifest) => {
  const free = Object.keys(manifest.chapters).filter((n) => ["pending", "failed"].includes(manifest.chapters[n].status));
  if (!free.length) return;
  const number = free[Math.floor(chance() * free.length)];
  Object.assign(manifest.chapters[number], { status: "claimed", claimedBy: String(process.pid), claimedAt: now() });
  return number;
};

// Mine still? Else somebody has reset it, and it is no longer for me to say anything about it.
const say = (number, facts) => (manifest) => {
  const chapter = manifest.chapters[number];
  if (chapter?.claimedBy !== String(process.pid) || !["claimed", "in_progress"].includes(chapter.status)) return;
  Object.assign(chapter, typeof facts === "function" ? facts(chapter) : facts);
  return `${number} ${chapter.status}`;
};

const isAlive = (owner) => {
  try { process.kill(parseInt(owner), 0); return true; } catch { return false; }
};

const recover = (manifest) => {
  const reset = [];
  for (const [number, chapter] of Object.entries(manifest.chapters)) {
    const isStuck = chapter.status === "in_progress" && Date.now() - Date.parse(chapter.claimedAt) > STUCK;
    const isOrphan = chapter.claimedBy && !isAlive(chapter.claimedBy);
    if (isStuck || isOrphan) {
      chapter.status = "pending";
      delete chapter.claimedBy;
      delete chapter.claimedAt;
      reset.push(number);
    }
  }
  return reset.length ? `reset ${reset}` : undefined;
};

async function work(book) {
  if (chance() < 0.3) await update(book, recover);
  const number = await update(book, claim);
  if (number === undefined) return;
  await pause(chance() * 60);
  await update(book, say(number, { status: "in_progress" }));
  await pause(chance() * 60);
  const failure = (chapter) => ({ status: "failed", failedAt: now(), error: "Rate limit exceeded.", retryCount: (chapter.retryCount ?? 0) + 1 });
  await update(book, say(number, chance() < 0.3 ? failure : () => ({ status: "completed", completedAt: now(), tokensUsed: 8234 })));
}

for (;;) {
  const folders = readdirSync(library, { withFileTypes: true }).filter((each) => each.isDirectory());
  for (const name of folders.map((each) => each.name).filter((each) => !each.startsWith("."))) {
    try {
      await work(join(library, name));
    } catch (error) {
      if (error.code !== "ENOENT") throw error; // the book was put away
    }
  }
  await pause(chance() * 40);
}
