// Text of the wrong language, and keys that stand where a sentence should.
import type { Page } from "playwright-core";
import { COURT, OTHER, TOWN, VILLAGE } from "./county.ts";
import { RICH_TEXTS } from "./rich.ts";
import { OTHERS, SEEDS, WALL } from "./samples.ts";
import { type Language, WORDS } from "./words.ts";

// Both languages on purpose: the switch itself, the name, and the six words,
// which two people may read to each other in either.
const BOTH = ".words, [data-both]";
const NAMES = /和解|Hejie|English（英文）|中文 \(Chinese\)|中文/g;

// Numbers of files and of courts' cases: names that no language changes.
const NUMBERS = /（\d{4}）[\u4e00-\u9fff\d]+号/g;

// Latin letters that Chinese pages hold as well: codes, units, file names,
// addresses of computers.
const LATIN = [
  /\b\d{12}-[a-z]{2}\d*/g,
  /\b[\w-]+\.hejie\b/g,
  /\/(ip4|ip6|dns)[\w./:-]+/g,
  /https?:\/\/\S+/g,
  /\bMB\b/g,
  /\bCtrl(?=\+)/g,
  /\b[0-9a-f]{8,}\b/g,
  /\bv?\d+\.\d+\.\d+[\w.+-]*/g,
];

/** What people typed in: it stays in their language. */
function typed(): string[] {
  const texts: string[] = ["刘例芳", "调解室", "纠纷现场", "已到现场查看", "老井旁", "，并由农技站出具说明"];
  for (const { name, person } of [COURT, TOWN, VILLAGE, OTHER]) texts.push(name, person);
  const take = (value: unknown): void => {
    if (typeof value === "string") texts.push(...value.split("\n"));
    else if (Array.isArray(value)) value.forEach(take);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(take);
  };
  for (const told of [WALL, SEEDS, ...OTHERS]) take([told.document, told.steps]);
  take(RICH_TEXTS);
  // A text that both changed at once is shown in pieces and merged.
  texts.push("分给武示庆一半补偿款", "请求赔偿秧苗损失和补种费用", "。");
  return [...new Set(texts)].filter((text) => text !== "").sort((a, b) => b.length - a.length);
}

const TYPED = typed();
const KEYS = new Set(Object.keys(WORDS["zh-CN"]).filter((key) => key.includes(".")));

/** Every text of the page that a person can read or hear. */
async function texts(page: Page): Promise<string[]> {
  return page.evaluate((both) => {
    const found: string[] = [document.title];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walk.nextNode(); node !== null; node = walk.nextNode()) {
      if (node instanceof Element) {
        for (const name of ["aria-label", "placeholder", "title", "alt"]) {
          const value = node.getAttribute(name);
          if (value !== null) found.push(value);
        }
      } else if (node.parentElement?.closest(`script, style, [hidden], ${both}`) === null) found.push(node.textContent ?? "");
    }
    return found.map((text) => text.trim()).filter((text) => text !== "");
  }, BOTH);
}

/** The texts that are not in the page's language. */
export async function leftovers(page: Page, language: Language): Promise<string[]> {
  const wrong = new Set<string>();
  for (const text of await texts(page)) {
    if (KEYS.has(text) || /\{\w+[:}]|\bundefined\b|\bnull\b|\bNaN\b|\[object /.test(text)) wrong.add(text);
    let rest = text.replace(NAMES, "").replace(NUMBERS, "");
    if (language === "en") {
      for (const one of TYPED) rest = rest.split(one).join("");
      if (/[\u3400-\u9fff\u3001-\u303f\uff01-\uff60]/.test(rest)) wrong.add(text);
    } else {
      for (const one of LATIN) rest = rest.replace(one, "");
      if (/[A-Za-z]{2,}/.test(rest)) wrong.add(text);
    }
  }
  return [...wrong];
}
