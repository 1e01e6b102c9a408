// Types of values (docs/format-case.md 2), read from docs/format-case.json.
import { readFileSync } from 'node:fs';
import { Big, Bytes } from './changes.mjs';

/** format is the page's data: records, lists, steps, pairs, projection. */
export function format(docs = new URL('../../../docs/', import.meta.url)) {
  return JSON.parse(readFileSync(new URL('format-case.json', docs), 'utf8'));
}

export function isDate(s) {
  const m = /^(\d{4})-(\d\d)-(\d\d)$/.exec(s);
  if (!m) return false;
  const [y, mo, d] = m.slice(1).map(Number);
  const leap = y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0);
  return y >= 1 && mo >= 1 && mo <= 12 && d >= 1 && d <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][mo - 1];
}

const clock = /^T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;
export const isTime = (s) => isDate(s.slice(0, 10)) && clock.test(s.slice(10));

/** beijingDay is the day of a date or time in UTC+8; '' where a text is neither. */
export function beijingDay(s) {
  if (typeof s !== 'string') return '';
  if (isDate(s)) return s;
  if (!isTime(s)) return '';
  const whole = s.replace(/\.\d+/, '');
  return new Date(Date.parse(whole) + 8 * 3600_000).toISOString().slice(0, 10);
}

const length = (s) => [...s].length;
const isMap = (v) => typeof v === 'object' && v !== null && !Array.isArray(v) && !(v instanceof Bytes) && !(v instanceof Big);
const within = (t, n) => n >= t.min && n <= t.max;

const texts = {
  text: (t, s) => within(t, length(s)),
  date: (_, s) => isDate(s),
  time: (_, s) => isTime(s),
  day: (_, s) => isDate(s) || isTime(s),
  month: (_, s) => /^\d{4}-\d\d$/.test(s) && isDate(`${s}-01`),
  code: (_, s) => /^[A-Za-z0-9_.-]{1,64}$/.test(s),
};

/** fits tells whether a register of the type takes a value; undefined is null. */
export function fits(t, v) {
  if (t === undefined) return true;
  return v === undefined || v === null ? !t.required : takes(t, v);
}

/** takes is fits for what may not be null. */
export function takes(t, v) {
  if (v === null || v === undefined) return false;
  if (t === undefined || t.type === 'any') return true;
  if (typeof v === 'string') return texts[t.type]?.(t, v) ?? false;
  switch (t.type) {
    case 'integer':
      return typeof v === 'number' && within(t, v);
    case 'yes_no':
      return typeof v === 'boolean';
    case 'bytes':
      return v instanceof Bytes && within(t, v.bytes.length / 2);
    case 'list':
      return Array.isArray(v) && within(t, v.length) && v.every((x) => takes(t.of, x));
    case 'parts':
      return isMap(v) && takesParts(t.parts, v);
    case 'step':
      return isMap(v) && typeof v[t.tag] === 'string' && Object.hasOwn(t.steps, v[t.tag]) && takesParts(t.steps[v[t.tag]], v, t.tag);
    default:
      return false;
  }
}

function takesParts(parts, v, tag) {
  const known = Object.entries(v).every(([name, x]) => name === tag || (Object.hasOwn(parts, name) && takes(parts[name], x)));
  return known && Object.entries(parts).every(([name, p]) => !p.required || Object.hasOwn(v, name));
}
