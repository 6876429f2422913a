// One update as the seed's kind of program does it in Node: lock file, JSON.parse, JSON.stringify, temp file, rename, all
// by promises, and with the same sync as ours: node update.mjs MANIFEST REPEATS DURABLE. Prints the median in milliseconds.
import { open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

const [manifest, repeats, durable] = process.argv.slice(2);
const lock = `${manifest}.lock`, temporary = `${manifest}.tmp`;

async function update(change) {
  await (await open(lock, 'wx')).close();
  const book = JSON.parse(await readFile(manifest, 'utf8'));
  change(book);
  book.lastUpdated = new Date().toISOString();
  const file = await open(temporary, 'w');
  await file.writeFile(JSON.stringify(book, null, 2));
  await file.datasync();
  await file.close();
  await rename(temporary, manifest);
  if (durable === 'true') {
    const folder = await open(dirname(manifest), 'r');
    await folder.sync();
    await folder.close();
  }
  await unlink(lock);
}

function take(book) {
  const waiting = (chapter) => chapter.status === 'pending' && chapter.stage === 'analyze';
  const free = Object.values(book.chapters).filter(waiting);
  const longest = free.reduce((one, other) => (other.words > one.words ? other : one));
  const claim = { status: 'in_progress', claimedBy: `worker-1@a-host:${process.pid}`, claimedAt: new Date().toISOString() };
  Object.assign(longest, claim, { attempt: (longest.attempt ?? 0) + 1 });
}

function release(book) {
  Object.values(book.chapters).find((chapter) => chapter.status === 'in_progress').status = 'pending';
}

const took = [];
for (let turn = 0; turn < Number(repeats); turn += 1) {
  const began = performance.now();
  await update(turn % 2 ? release : take);
  took.push(performance.now() - began);
}
console.log(took.sort((one, other) => one - other)[took.length >> 1]);
