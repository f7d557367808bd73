import { type FilingNumber, findFilingNumbers, formatFilingNumber, type OfficialNumber } from '../knowledge/entities/filing-number.ts';
import { findPlaces, provinceNamed } from '../knowledge/entities/place.ts';
import { provinceOf } from '../knowledge/entities/province.ts';
import { provinceSubjects } from '../knowledge/entities/province-topics.ts';
import { gist } from '../knowledge/text/framing.ts';
import { normalize } from '../knowledge/text/normalize.ts';
import * as messages from './messages.ts';
import { aboutProvince } from './province.ts';
import type { Reply } from './reply.ts';

/** Where a message is about, as far as it says so. */
export interface Whereabouts {
  /** Code of the province that a place or a filing number of the message speaks for. */
  province: string;
  /** The message without the places it names. */
  rest: string;
}

export function whereaboutsOf(text: string): Whereabouts | undefined {
  const plain = normalize(text);
  const places = findPlaces(plain);
  const named = provinceNamed(places);
  if (named.kind === 'one') return { province: named.province, rest: without(plain, places) };
  const number = named.kind === 'none' ? filingNumberIn(text) : undefined;
  return number && { province: number.province, rest: plain };
}

/** Whether a message says little more than a place: 广东呢, 我在浙江. */
export function isPlaceOnly({ rest }: Whereabouts): boolean {
  return /^(?:那|如果|要是|我|我们|公司|是|在|的|省|市|这边|这里|人|地区|呢|吗|怎么样|咋样|怎么说|怎么办|有(?:什么|啥)(?:要求|规定|不同|区别)|要求|规定|可以)*$/.test(
    gist(rest),
  );
}

/** What the province says on the topic, or in general; undefined when its rules do not bear on the topic. */
export function placeReply(province: string, topic: string | undefined): Pick<Reply, 'text' | 'provenance'> | undefined {
  if (topic !== undefined && provinceSubjects(topic) === undefined) return undefined;
  const { basis, text, provenance } = aboutProvince(province, topic);
  return basis === 'none' ? undefined : { text, provenance };
}

/** What the one number in a message is, and which administration it belongs to. `alone`: the message says hardly more than it. */
export function numberReply(text: string, today: string): (Pick<Reply, 'text' | 'provenance'> & { alone: boolean }) | undefined {
  const [number, second] = findFilingNumbers(text, { today });
  if (!number || second) return undefined;
  const aside = gist(text.slice(0, number.start) + text.slice(number.end));
  return { text: describeNumber(number), alone: aside.length <= longestAside };
}

const longestAside = 6; // 这个号归哪管, 查一下 …

function describeNumber(number: OfficialNumber): string {
  switch (number.kind) {
    case 'filing': {
      const { administration, name } = provinceOf(number.province);
      const doubt = number.remarks.some(({ code }) => code === 'looks-like-example');
      return messages.filingNumberRead(formatFilingNumber(number), name, number.service?.type, administration, doubt);
    }
    case 'license':
      return messages.licenseNumberRead();
    case 'public-security':
      return messages.publicSecurityNumberRead();
    case 'other':
      return messages.otherNumberRead();
  }
}

function filingNumberIn(text: string): FilingNumber | undefined {
  const numbers = findFilingNumbers(text).filter((number) => number.kind === 'filing');
  return new Set(numbers.map(({ province }) => province)).size === 1 ? numbers[0] : undefined;
}

function without(text: string, spans: readonly { start: number; end: number }[]): string {
  let rest = text;
  for (const { start, end } of [...spans].sort((a, b) => b.start - a.start)) rest = rest.slice(0, start) + rest.slice(end);
  return rest;
}
