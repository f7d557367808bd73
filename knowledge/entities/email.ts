import { type Found, halfWidth, visible } from './half-width.ts';
import { accepted, type Result, refused } from './result.ts';

export interface Email {
  /** In small letters. */
  address: string;
  /** What was probably meant: gmial.com for gmail.com. */
  suggestion?: string;
}

/**
 * `no-at`, `two-at`: the @ is missing, or there are two; `several`: more than one address; `name`, `domain`: the part before or after
 * the @ is wrong, at the `position` in it where a `character` cannot stand; `too-long`: over 254 characters, or 64 before the @.
 */
export interface EmailProblem {
  code: 'email-format';
  because?: 'no-at' | 'two-at' | 'several' | 'name' | 'domain' | 'too-long';
  character?: string;
  position?: number;
}

// Slips seen often: intake survey of 2026-11, section 2.6, and neighbours of the same kind.
const slips: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['qq.com', 'qq.cm qq.om qq.cn qq.co qqq.com q.com'],
    ['163.com', '163.cm 163.cn 163.co 163.om 136.com'],
    ['126.com', '126.cm 126.cn 126.co'],
    ['gmail.com', 'gmial.com gmai.com gmail.cm gmail.cn gmail.co gamil.com gmal.com gmaill.com'],
    ['outlook.com', 'outlok.com outlook.cm outlook.co'],
    ['hotmail.com', 'hotmial.com hotmal.com hotmail.cm hotmail.co'],
    ['foxmail.com', 'foxmial.com foxmal.com foxmail.cm foxmail.cn'],
    ['sina.com', 'sina.cm'],
    ['aliyun.com', 'aliyun.cm'],
  ].flatMap(([right = '', wrong = '']) => wrong.split(' ').map((slip) => [slip, right])),
);

/** A domain name under what is no suffix but a slip for .com, put right; undefined for others. */
export function withoutSlip(domain: string): string | undefined {
  const right = domain.replace(/\.(?:con|cmo|ocm|vom|xom|comm|coom|cim|c0m)$/, '.com');
  return right === domain ? undefined : (slips[right] ?? right);
}

/** An address as people type it: full-width ＠ and 。, spaces, words around it. At most 254 characters, 64 before the @. */
export function parseEmail(typed: string): Result<Email, EmailProblem> {
  const text = visible(typed);
  const found = new Map(findEmails(text).map(({ value }) => [value.address, value]));
  const [first] = found.values();
  if (!first) return refused({ code: 'email-format', ...whyNoEmail(plainAddress(text)) });
  return found.size > 1 ? refused({ code: 'email-format', because: 'several' }) : accepted(first);
}

/** The addresses in a message. */
export function findEmails(text: string): Found<Email>[] {
  return [...plainAddress(text).matchAll(pattern)].flatMap((match) => {
    const address = match[0].replace(/ /g, '');
    const [name = '', domain = ''] = address.split('@');
    if (address.length > 254 || name.length > 64 || /\.\.|^\.|\.$/.test(name)) return [];
    const right = slips[domain] ?? withoutSlip(domain);
    const value = right ? { address, suggestion: `${name}@${right}` } : { address };
    return [{ value, start: match.index, end: match.index + match[0].length }];
  });
}

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const pattern = new RegExp(`(?<![\\w.+#$%^&*-])[\\w+-][\\w.+-]{0,63} ?@ ?(?:${label}\\.){1,6}[a-z][a-z0-9]{1,23}(?![a-z0-9@-])`, 'g');

function plainAddress(text: string): string {
  return halfWidth(text)
    .toLowerCase()
    .replace(/[。｡．]/g, '.');
}

/** The first thing that is wrong with what looks most like an address. */
function whyNoEmail(plain: string): Omit<EmailProblem, 'code'> {
  const said = plain.split(/[\s，,；;：:、]+/).find((each) => each.includes('@'));
  if (said === undefined) return { because: 'no-at' };
  const [name = '', domain = '', ...more] = said.replace(/^[\p{Script=Han}（(<《“"]+|[\p{Script=Han}）)>》”".!！?？]+$/gu, '').split('@');
  if (more.length > 0) return { because: 'two-at' };
  if (name.length > 64 || name.length + domain.length > 253) return { because: 'too-long' };
  const atName = nameFault(name);
  if (atName !== undefined) return { because: 'name', ...characterAt(name, atName) };
  return { because: 'domain', ...characterAt(domain, domain.search(/[^a-z0-9.-]|\.(?=\.|$)|^[.-]/)) };
}

function nameFault(name: string): number | undefined {
  const at = name.search(/[^\w.+-]|\.(?=\.|$)|^\./);
  return at >= 0 || name === '' ? at : undefined;
}

function characterAt(text: string, at: number): { character?: string; position?: number } {
  const character = [...text.slice(at)][0];
  return at < 0 || character === undefined ? {} : { character, position: at + 1 };
}
