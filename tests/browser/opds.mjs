// The catalogue as reading apps take it: fetched, parsed by libraries that others wrote, paged through, searched by the
// words given; what they found comes out as JSON. node tests/browser/opds.mjs NODE_MODULES ADDRESS PASSWORD WORDS
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, address, password, words] = process.argv.slice(2);
const require = createRequire(join(modules, "x.js"));
const r2 = "r2-opds-js/dist/es8-es2017/src/opds/";
const { initGlobalConverters_GENERIC } = require("r2-shared-js/dist/es8-es2017/src/init-globals");
const { initGlobalConverters_OPDS } = require(r2 + "init-globals");
const { convertOpds1ToOpds2 } = require(r2 + "converter");
const { OPDS } = require(r2 + "opds1/opds");
const { OPDSFeed } = require(r2 + "opds2/opds2");
const { TaJsonDeserialize } = require("r2-lcp-js/dist/es8-es2017/src/serializable");
const { XML } = require("r2-utils-js/dist/es8-es2017/src/_utils/xml-js-mapper");
const { DOMParser } = require("@xmldom/xmldom");
const { Feed } = require("opds-ts/v1.2");
console.log = console.error; // a parser's complaints are not the answer
initGlobalConverters_OPDS();
initGlobalConverters_GENERIC();

const xml = (text) => new DOMParser().parseFromString(text, "application/xml");
const authorization = "Basic " + Buffer.from("reader:" + password).toString("base64");

async function fetched(where) {
  const answer = await fetch(new URL(where, address), { headers: { authorization } });
  if (!answer.ok) throw new Error(where + ": " + answer.status);
  return answer.text();
}

// As OpenSearch and as URI templates have it; a variable of another name stays empty.
async function asOpenSearch(href) {
  const url = xml(await fetched(href)).getElementsByTagName("Url")[0];
  return url.getAttribute("template").replace("{searchTerms}", encodeURIComponent(words));
}
const asTemplate = (href) => href.replace(/\{\?([^}]*)\}/, (_, names) =>
  names.split(",").includes("query") ? "?query=" + encodeURIComponent(words) : "");

const ofPublication = (each) => ({
  title: each.Metadata.Title,
  authors: (each.Metadata.Author || []).map((one) => one.Name),
  epub: each.Links.find((one) => one.TypeLink === "application/epub+zip").Href,
  cover: each.Images?.[0]?.Href || "",
});
const ofR2 = (feed) => ({
  total: feed.Metadata.NumberOfItems,
  books: (feed.Publications || []).map(ofPublication),
  next: feed.findFirstLinkByRel("next")?.Href,
  search: feed.findFirstLinkByRel("search").Href,
});

const parsers = {
  "r2-opds-js 1.2": ["/opds", (text) => ofR2(convertOpds1ToOpds2(XML.deserialize(xml(text), OPDS))), asOpenSearch],
  "r2-opds-js 2.0": ["/opds/v2", (text) => ofR2(TaJsonDeserialize(JSON.parse(text), OPDSFeed)), asTemplate],
  "opds-ts 1.2": ["/opds", (text) => {
    const feed = Feed.fromXml(text);
    const link = (of, rel) => of.getLinks().find((one) => one.rel === rel)?.href;
    return {
      total: null, // it does not read OpenSearch's elements
      books: feed.getEntries().map((one) => ({
        title: one.getTitle(),
        authors: [one.getAuthor()].flat().filter(Boolean),
        epub: link(one, "http://opds-spec.org/acquisition/open-access"),
        cover: link(one, "http://opds-spec.org/image") || "",
      })),
      next: link(feed, "next"),
      search: link(feed, "search"),
    };
  }, asOpenSearch],
};

const results = {};
for (const [name, [start, parse, search]] of Object.entries(parsers)) {
  const pages = [];
  for (let where = start; where; where = pages.at(-1).next) pages.push(parse(await fetched(where)));
  const found = parse(await fetched(await search(pages[0].search)));
  results[name] = { pages: pages.map((each) => each.books), total: pages[0].total, found: found.books };
}
process.stdout.write(JSON.stringify(results));
