// The digest of an operation (docs/format-case.md 6).
import { beijingDay, isDate } from './types.mjs';
import { State } from './merge.mjs';

const VOID = { kind: 'void' };
const root = (name) => [name];

/** project makes the changes of a digest operation from those of its case operation. */
export function project(changes, page) {
  const judge = new State(page.records.case, []);
  return changes.map((c) => one(c, page, judge.why(c)));
}

function one(c, page, why) {
  if (c.kind === 'void' || c.kind === 'unknown') return VOID;
  const [field, entry, name] = c.path;
  const lifecycle = field === 'lifecycle' && c.path.length === 1;
  if (lifecycle && c.kind === 'event') return { kind: 'event', path: root('lifecycle'), value: content(c.value, page, why), after: c.after };
  const inParty = field === 'parties' && c.path.length === 3;
  const kept = (field_) => ['parties', entry, field_];
  if (why === 'value' || why === 'kind') return inParty && typeof entry !== 'string' ? { kind: 'assign', path: kept('kept') } : VOID;
  if (lifecycle && c.kind === 'remove') return { kind: 'remove', path: root('lifecycle'), replaces: c.replaces, unread: c.unread };
  if (field === 'parties' && c.path.length === 1 && (c.kind === 'add' || c.kind === 'remove')) return { kind: c.kind, path: root('parties'), replaces: c.replaces };
  if (inParty) return party(c, name, kept, page);
  if (field === 'tags' && c.path.length === 1) return tag(c, page);
  if (c.path.length !== 1 || c.kind !== 'assign') return VOID;
  const assign = (to, value) => ({ kind: 'assign', path: root(to), value, replaces: c.replaces });
  switch (field) {
    case 'category':
    case 'source':
      return assign(field, known(page, field, c.value));
    case 'amount_fen':
      return assign('amount_band', band(c.value, page));
    case 'received_at':
      return assign('received_month', beijingDay(c.value).slice(0, 7) || undefined);
    default:
      return VOID;
  }
}

const known = (page, list, v) => (page.lists[list]?.includes(v) ? v : undefined);

function band(v, page) {
  if (v === undefined) return undefined;
  const codes = page.lists.amount_band;
  return v > 0 ? codes[1 + page.projection.band_edges_fen.filter((edge) => v >= edge).length] : codes[0];
}

function party(c, name, kept, page) {
  switch (c.kind) {
    case 'assign':
      if (name === 'side' || name === 'kind') return { kind: 'assign', path: kept(name), value: known(page, name, c.value), replaces: c.replaces };
      if (name === 'id_number') return { kind: 'assign', path: kept('organisation'), value: organisation(c.value, page), replaces: c.replaces };
      return { kind: 'assign', path: kept('kept'), replaces: c.replaces };
    case 'add':
      return { kind: 'add', path: kept('kept_set'), value: true };
    case 'remove':
      return { kind: 'remove', path: kept('kept_set'), replaces: c.replaces };
    default:
      return VOID;
  }
}

function tag(c, page) {
  const code = known(page, 'tag', c.value);
  if (c.kind === 'add' && code !== undefined) return { kind: 'add', path: root('tags'), value: code };
  return c.kind === 'remove' ? { kind: 'remove', path: root('tags'), replaces: c.replaces } : VOID;
}

/** content is what a digest keeps of an event. */
function content(v, page, why) {
  if (why) return { step: 'unknown' };
  const out = { step: v.step };
  for (const [key, rule] of Object.entries(page.projection.steps[v.step] ?? {})) {
    const from = v[rule.of ?? key];
    if (from !== undefined) out[key] = keep(rule, from, page);
  }
  return out;
}

function keep(rule, v, page) {
  switch (rule.keep) {
    case 'day':
      return beijingDay(v);
    case 'code':
      return known(page, rule.list, v) ?? 'other';
    case 'codes':
      return [...new Set(v.filter((x) => known(page, rule.list, x) !== undefined))];
    case 'count':
      return v.length;
    case 'numbers':
      return v.map((x) => (/^[0-9A-Za-z-]{1,48}$/.test(x) && !isResident(normal(x)) ? x : ''));
    case 'sum':
      return v.reduce((sum, t) => Math.min(sum + Math.min(Math.max(t[rule.key] ?? 0, 0), rule.max), rule.max), 0);
    case 'days':
      return v.map((t) => beijingDay(t[rule.key]));
    case 'court_type':
      return page.projection.court_types[courtType(v)] ?? 'other';
    default:
      return v;
  }
}

function normal(s) {
  return [...s].filter((c) => !' \u3000\u00a0'.includes(c)).map((c) => (c >= '\uff01' && c <= '\uff5e' ? String.fromCharCode(c.charCodeAt(0) - 0xfee0) : c)).join('').replace(/[a-z]/g, (c) => c.toUpperCase());
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

function isResident(s) {
  const full = /^\d{15}$/.test(s) ? `${s.slice(0, 6)}19${s.slice(6)}` : s;
  if (!/^\d{17}[\dX]?$/.test(full)) return false;
  const birth = `${full.slice(6, 10)}-${full.slice(10, 12)}-${full.slice(12, 14)}`;
  if (!isDate(birth) || Number(full.slice(6, 10)) < 1850) return false;
  const check = '10X98765432'[WEIGHTS.reduce((sum, w, i) => sum + w * Number(full[i]), 0) % 11];
  return full.length === 17 ? s.length === 15 : full[17] === check;
}

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';

function organisation(text, page) {
  if (typeof text !== 'string') return undefined;
  const s = normal(text);
  if (isResident(s) || s.length !== 18 || [...s].some((c) => !ALPHABET.includes(c))) return undefined;
  let sum = 0;
  for (let i = 0, w = 1; i < 17; i++, w = (w * 3) % 31) sum += ALPHABET.indexOf(s[i]) * w;
  if (ALPHABET[(31 - (sum % 31)) % 31] !== s[17]) return undefined;
  const of = page.projection.organisation_kinds;
  return of[s.slice(0, 2)] ?? of[s[0]] ?? 'other';
}

const COURT = /^[（(\[〔](\d{4})[）)\]〕]\s*(最高法|[\u4e00-\u9fff](?:\d{2,4})?)([\u4e00-\u9fff]{1,8}?)(?:字第)?(\d{1,9})号(之[一二三四五六七八九十]+)?$/u;

/** courtType is the word of the type of case in a court's number; undefined where it is none. */
function courtType(text) {
  const s = [...text].map((c) => (c >= '０' && c <= '９' ? String.fromCharCode(c.charCodeAt(0) - 0xfee0) : c)).join('').trim();
  const m = s.length <= 60 ? COURT.exec(s) : null;
  return m && Number(m[1]) >= 2016 ? m[3] : undefined;
}
