import type { FaqEntry } from '../../../knowledge/faq-entry.ts';
import { normalize } from '../../../knowledge/text/normalize.ts';
import type { Segment } from '../../../knowledge/text/segment.ts';
import type { Phrasing } from '../../peers/peer.ts';

/**
 * Phrasings to index, normalized and each once: first every topic's question, then its phrasings and keywords, then variations of all of
 * these as people make them, by chance but always the same. `most`: how many.
 */
export function phrasingsUpTo(most: number, entries: readonly FaqEntry[], segment: Segment): Phrasing[] {
  const seen = new Set<string>();
  const phrasings: Phrasing[] = [];
  const add = (topic: string, typed: string) => {
    const text = normalize(typed);
    if (phrasings.length >= most || seen.has(text)) return;
    seen.add(text);
    phrasings.push({ topic, text });
  };
  for (const { id, question } of entries) add(id, question);
  const reviewed = entries.map(({ id, phrasings: own, keywords }) => ({ topic: id, texts: [...own, ...keywords] }));
  const longest = Math.max(...reviewed.map(({ texts }) => texts.length));
  for (let at = 0; at < longest; at += 1) {
    for (const { topic, texts } of reviewed) for (const text of texts.slice(at, at + 1)) add(topic, text);
  }
  const originals = phrasings.slice();
  const random = chance(20_261_128);
  for (let tries = 0; phrasings.length < most; tries += 1) {
    if (tries > 20 * most) throw new Error(`There are only ${phrasings.length} different variations.`);
    const { topic, text } = originals[tries % originals.length] as Phrasing;
    add(topic, varied(text, segment, random));
  }
  return phrasings;
}

/** Gives numbers from 0 to below 1; the same for the same seed (mulberry32, public domain). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Change = (text: string, random: () => number, segment: Segment) => string;

const openings = [
  '请问',
  '你好，',
  '您好 ',
  '想问一下',
  '麻烦问下',
  '咨询一下',
  '请教下',
  '老师，',
  '那个，',
  '我想知道',
  '问一下，',
  '我们公司',
  '我这边',
];
const closings = ['？', '呢', '啊', '呀', '吗', '谢谢', '，急', '，求助', '，在线等', '。。。', '怎么办', '呢？谢谢', '啊亲'];
const synonyms: readonly (readonly string[])[] = [
  ['怎么', '如何', '咋', '怎样', '怎么样才能'],
  ['多久', '多长时间', '几天', '要多少天'],
  ['需要', '要', '得', '用'],
  ['什么', '啥', '哪些'],
  ['可以', '能', '能够'],
  ['为什么', '为啥', '怎么会'],
  ['公司', '企业', '单位', '我司'],
  ['网站', '站点', '官网', '网页'],
  ['域名', '网址'],
  ['手机号', '电话', '手机号码', '联系电话'],
  ['审核', '审批', '审查'],
  ['材料', '资料', '文件'],
  ['不能', '不可以', '没法'],
  ['服务器', '主机', '云服务器'],
  ['办理', '办', '弄', '搞'],
  ['营业执照', '执照'],
  ['负责人', '责任人'],
  ['修改', '改', '更改', '变更'],
  ['失败', '没通过', '不过', '通不过'],
  ['小程序', '微信小程序'],
];

const changes: readonly Change[] = [
  (text, random) => oneOf(openings, random) + text,
  (text, random) => text.replace(/[？?。！!]+$/, '') + oneOf(closings, random),
  otherWord,
  otherWord,
  otherOrder,
  mistyped,
];

/** One to three changes, one after the other. */
function varied(text: string, segment: Segment, random: () => number): string {
  const count = 1 + Math.floor(random() * 3);
  return Array.from({ length: count }).reduce<string>((changed) => oneOf(changes, random)(changed, random, segment), text);
}

function otherWord(text: string, random: () => number): string {
  const present = synonyms.filter((words) => words.some((word) => text.includes(word)));
  if (present.length === 0) return text;
  const words = oneOf(present, random);
  const word = words.find((candidate) => text.includes(candidate)) ?? '';
  return text.replace(word, oneOf(words, random));
}

/** Two neighbouring words change places. */
function otherOrder(text: string, random: () => number, segment: Segment): string {
  const words = segment(text);
  if (words.length < 2) return text;
  const at = Math.floor(random() * (words.length - 1));
  return [...words.slice(0, at), words[at + 1], words[at], ...words.slice(at + 2)].join('');
}

/** A character is left out, doubled, or changes places with the next. */
function mistyped(text: string, random: () => number): string {
  const characters = [...text];
  if (characters.length < 4) return text;
  const at = Math.floor(random() * (characters.length - 1));
  const [one = '', next = ''] = characters.slice(at, at + 2);
  characters.splice(at, 2, ...oneOf([[next], [one, one, next], [next, one]], random));
  return characters.join('');
}

function oneOf<T>(options: readonly T[], random: () => number): T {
  return options[Math.floor(random() * options.length)] as T;
}
