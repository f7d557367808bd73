import { parseCaseNumber } from '../knowledge/filing/case-number.ts';
import type { FilingCase } from '../knowledge/filing/filing-case.ts';
import * as wording from './case-wording.ts';
import { say } from './say.ts';
import type { Inquiry } from './session.ts';
import type { Response, Turn } from './turn.ts';

/** What somebody has said to show which case is theirs, and what they want with it. */
export type Proof = Extract<Inquiry, { kind: 'proof' }>;

/** Whether a message goes on with the proof that was asked for. */
export function readsAsProof(text: string, { number, mobileEnd }: Proof): boolean {
  if (parseCaseNumber(text).ok) return true;
  if (number === undefined) return /ba|\d{6}/i.test(text);
  return mobileEnd === undefined ? /\d{4}/.test(text.normalize('NFKC')) : !/[?？]/.test(text);
}

/**
 * Asks for what is missing of the proof, or has it looked up; all of it may come in one message. `proved` goes on with the case, in a
 * turn that asks for no proof any more.
 */
export function askProof(known: Proof, text: string, turn: Turn, proved: (filed: FilingCase, turn: Turn) => Response): Response {
  const typed = parseCaseNumber(text);
  const { wants } = known;
  const ask = (proof: Omit<Proof, 'kind' | 'wants'>, words: string) => {
    const inquiry: Proof = { kind: 'proof', ...proof, ...(wants !== undefined && { wants }) };
    return say({ ...turn, session: { ...turn.session, inquiry } }, { kind: 'status' }, words);
  };
  if (!typed.ok && typed.problem.code === 'case-number-check-digit') return ask({}, wording.askNumber(typed));
  const { number, mobileEnd, item } = readProof(text, known);
  if (number === undefined) return ask({}, wording.askNumber(typed));
  if (mobileEnd === undefined) return ask({ number }, wording.askMobileEnd(number));
  if (!item) return ask({ number, mobileEnd }, wording.askItem);
  const { found } = turn;
  if (!found) return { lookUp: { kind: 'proveCase', number, proof: { mobileEnd, item } } };
  const { inquiry: _, ...session } = turn.session;
  const after = { ...turn, session };
  if (found.kind === 'case') return proved(found.case, after);
  return say(after, { kind: 'status' }, found.kind === 'shut' ? wording.shut(found.until) : wording.notProved);
}

function readProof(text: string, { number, mobileEnd }: Proof): { number?: string; mobileEnd?: string; item?: string } {
  const parsed = parseCaseNumber(text);
  const known = parsed.ok ? parsed.value.number : number;
  if (known === undefined) return {};
  const rest = (parsed.ok ? `${text.slice(0, parsed.value.start)} ${text.slice(parsed.value.end)}` : text).normalize('NFKC');
  if (mobileEnd !== undefined && !parsed.ok) return { number: known, mobileEnd, item: rest.trim() };
  const end = mobile.exec(rest)?.[1] ?? mobileEnd;
  const item = longestPiece(rest.replace(mobile, ' '));
  return { number: known, ...(end && { mobileEnd: end }), ...(end && item && { item }) };
}

/** The last four digits of a mobile number, alone or at its end. */
const mobile = /(?<!\d)(?:1[3-9]\d{5})?(\d{4})(?!\d)/;

/** Of a message that says everything at once, the part that can be a name, a domain name or a number. */
function longestPiece(text: string): string {
  const pieces = text.split(/[\s,，。;；:：、]+/u).map((piece) => piece.replace(asides, ''));
  return pieces.sort((a, b) => b.length - a.length)[0] ?? '';
}

const asides =
  /^(?:(?:我|我们|请|帮我|要|想|继续|接着|查询?|一下|办理?|填写?|进度|备案|受理单?|受理编号|编号|的|是|到哪了?|手机号?码?|电话|尾号|后四位|最后四位|名称|单位名称|公司名称|姓名|域名|主体)+)(?=$|[^公司])/u;
