// A real browser, driven by a list of sessions from standard input: each is a fresh context with its steps; what the
// steps found comes out as JSON. node tests/browser/drive.mjs NODE_MODULES CHROMIUM < sessions.json
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, program] = process.argv.slice(2);
const require = createRequire(join(modules, "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core"), "utf8");
const SLOWNESS = Number(process.env.IMAGINIZED_SLOWNESS || 5) / 5; // as tests/support/slowness.py has it
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

// What can be seen, and what a screen reader is told.
async function told(page) {
  const seen = await page.evaluate(() => document.title + "\n" + document.body.innerText);
  const client = await page.context().newCDPSession(page);
  const { nodes } = await client.send("Accessibility.getFullAXTree");
  await client.detach();
  const said = nodes.filter((node) => !node.ignored).flatMap((node) => [node.name, node.description, node.value,
    ...(node.properties || []).filter((each) => each.name === "valuetext").map((each) => each.value)])
    .filter((value) => value && typeof value.value === "string").map((value) => value.value);
  return seen + "\n" + said.join("\n");
}

const steps = {
  goto: (page, address) => page.goto(address, { waitUntil: "load" }).then(() => null),
  eval: (page, source) => page.evaluate(source),
  async click(page, selector) {
    await page.click(selector, { timeout: 5000 * SLOWNESS });
    await page.waitForLoadState("load"); // the click itself waits only until the page it leads to begins
    return null;
  },
  press: (page, key) => page.keyboard.press(key).then(() => null),
  type: (page, text) => page.keyboard.type(text).then(() => null),
  fill: (page, selector, text) => page.fill(selector, text).then(() => null),
  choose: (page, selector, files) => page.setInputFiles(selector, files).then(() => null),
  // More tabs of the same browser at an address; how many of them came to be.
  async tabs(page, address, number) {
    const more = await Promise.all(Array.from({ length: number }, () => page.context().newPage()));
    const opened = await Promise.allSettled(more.map((each) => each.goto(address, { waitUntil: "load", timeout: 15000 * SLOWNESS })));
    await Promise.all(more.map((each) => each.close()));
    return opened.filter((each) => each.status === "fulfilled").length;
  },
  focused: (page) => page.evaluate(() => document.activeElement.innerText || document.activeElement.id),
  back: (page) => page.evaluate(() => history.back()).then(() => null),
  // Not waitForFunction: the policy of the page forbids what that does.
  async until(page, source, patience = 8000 * SLOWNESS) {
    for (const end = Date.now() + patience; Date.now() < end; await page.waitForTimeout(50)) {
      // A page that is just left takes its answer with it.
      const left = (error) => { if (!/context was destroyed/.test(error)) throw error; return false; };
      if (await page.evaluate(source).catch(left)) return true;
    }
    throw new Error("it never became so: " + source);
  },
  told,
  // What is told with each limit; a limit that changes nothing at all on this page is not asked for twice.
  async limits(page, last) {
    const found = [];
    let before = null;
    for (let limit = 1; limit <= last; limit += 1) {
      const shape = await page.evaluate((chapter) => {
        choose(chapter);
        const parts = [...document.querySelectorAll("*")].filter((part) => part.checkVisibility());
        const named = (part) => [...part.attributes].map((each) => each.name + "=" + each.value).join(" ");
        return document.body.innerText + parts.map(named).join("\n");
      }, limit);
      found.push(shape === before ? found[found.length - 1] : await told(page));
      before = shape;
    }
    return found;
  },
  print: (page) => page.emulateMedia({ media: "print" }).then(() => page.pdf()).then((data) => data.length),
  shot: (page, path) => page.screenshot({ path, fullPage: true }).then(() => null),
  async axe(page) {
    const client = await page.context().newCDPSession(page);
    // Not as a script element: the policy of the page forbids what is not its own.
    await client.send("Runtime.evaluate", { expression: axe });
    const found = await client.send("Runtime.evaluate", {
      expression: "axe.run().then((result) => JSON.stringify(result.violations.map((each) => [each.id, each.nodes.map((node) => node.html.slice(0, 160) + ' ' + node.failureSummary.slice(0, 160)).slice(0, 3)])))",
      awaitPromise: true, returnByValue: true });
    return JSON.parse(found.result.value);
  },
};

const sessions = JSON.parse(readFileSync(0, "utf8"));
const browser = await chromium.launch({ executablePath: program, args: FLAGS });
const results = [];
for (const session of sessions) {
  const context = await browser.newContext({ viewport: { width: session.width || 1280, height: session.height || 900 },
    colorScheme: session.scheme || "light", javaScriptEnabled: session.script !== false, hasTouch: Boolean(session.touch),
    reducedMotion: "reduce", offline: Boolean(session.offline) });
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => { if (message.type() === "error") faults.push(message.text()); });
  page.on("request", (request) => { if (!/^(file|data):/.test(request.url()) && !session.origin) faults.push("asked for " + request.url()); });
  const found = [];
  for (const [name, ...given] of session.steps) found.push(await steps[name](page, ...given));
  results.push({ found, faults });
  await context.close();
}
await browser.close();
process.stdout.write(JSON.stringify(results));
