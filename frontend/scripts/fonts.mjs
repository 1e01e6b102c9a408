// Cuts the fonts that the pages use for rare characters, once per version.
//
// The common characters come sliced from the Noto variable fonts' packages
// (about 15,600 characters in every weight). Names hold others: this script
// takes what those packages leave out, first from the full Noto Sans SC and
// Noto Serif SC (30,900 characters), then from Hanazono Mincho (extensions B
// to F), so that no name shows as a box on a machine without Chinese fonts.
// It writes slices with their unicode-range to .fonts/, which is not committed.
import { createRequire } from "node:module";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync, copyFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", ".fonts");

// A slice is small enough to load for one name, large enough that a page of
// rare characters does not ask for hundreds of files.
const SLICE = 600;
// Everything below is Latin, Greek and symbols, which the packages cover.
const FIRST_CJK = 0x2e80;

const packageOf = (name) => join(here, "..", "node_modules", name);
const versionOf = (name) => JSON.parse(readFileSync(join(packageOf(name), "package.json"), "utf8")).version;

const sources = [
  { family: "Hejie Rare Sans", common: "@fontsource-variable/noto-sans-sc", full: "@expo-google-fonts/noto-sans-sc", file: "400Regular/NotoSansSC_400Regular.ttf", name: "sans" },
  { family: "Hejie Rare Serif", common: "@fontsource-variable/noto-serif-sc", full: "@expo-google-fonts/noto-serif-sc", file: "400Regular/NotoSerifSC_400Regular.ttf", name: "serif" },
];
const stamp = [SLICE, ...sources.flatMap((s) => [versionOf(s.common), versionOf(s.full)]), versionOf("hanamin")].join(" ");

function coveredBy(css) {
  const covered = new Set();
  for (const match of css.matchAll(/unicode-range:\s*([^;}]+)/g)) {
    for (const range of match[1].split(",")) {
      const [from, to] = range.trim().replace(/^u\+/i, "").split("-");
      for (let at = parseInt(from, 16); at <= parseInt(to ?? from, 16); at++) covered.add(at);
    }
  }
  return covered;
}

function asRanges(points) {
  const ranges = [];
  for (const point of points) {
    const last = ranges[ranges.length - 1];
    if (last && last[1] === point - 1) last[1] = point;
    else ranges.push([point, point]);
  }
  const hex = (n) => n.toString(16);
  return ranges.map(([a, b]) => (a === b ? `U+${hex(a)}` : `U+${hex(a)}-${hex(b)}`)).join(",");
}

const face = (family, file, ranges) =>
  `@font-face{font-family:"${family}";font-style:normal;font-weight:100 900;font-display:swap;src:url(./${file}) format("woff2");unicode-range:${ranges}}\n`;

async function cut(source) {
  const subset = (await import("subset-font")).default;
  const path = join(packageOf(source.full), source.file);
  const font = readFileSync(path);
  const covered = coveredBy(readFileSync(join(packageOf(source.common), "index.css"), "utf8"));
  const rest = require("fontkit").create(font).characterSet.filter((point) => point >= FIRST_CJK && !covered.has(point));
  rest.sort((a, b) => a - b);
  let css = "";
  for (let at = 0; at < rest.length; at += SLICE) {
    const slice = rest.slice(at, at + SLICE);
    const file = `${source.name}-${at / SLICE}.woff2`;
    writeFileSync(join(out, file), await subset(font, String.fromCodePoint(...slice), { targetFormat: "woff2" }));
    css += face(source.family, file, asRanges(slice));
  }
  return css;
}

// Hanazono comes sliced; only the extensions beyond Noto are taken.
function hanazono() {
  const css = readFileSync(join(packageOf("hanamin"), "HanaMin.css"), "utf8");
  let faces = "";
  for (const block of css.split("@font-face").slice(1)) {
    const file = /url\(([^)]+\.woff2)\)/.exec(block)?.[1];
    const ranges = /unicode-range:\s*([^;}]+)/.exec(block)?.[1];
    if (!file || !ranges || !/Extension-[B-F]/.test(file)) continue;
    copyFileSync(join(packageOf("hanamin"), file), join(out, file));
    faces += face("Hejie Rarest", file, ranges.replace(/\s+/g, ""));
  }
  return faces;
}

const stampFile = join(out, "stamp");
if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) process.exit(0);
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
let css = "";
for (const source of sources) css += await cut(source);
css += hanazono();
writeFileSync(join(out, "rare.css"), css);
writeFileSync(stampFile, stamp);
process.stdout.write(`fonts: ${readdirSync(out).length - 2} slices for rare characters\n`);
