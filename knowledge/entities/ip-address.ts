import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { type Found, halfWidth, visible } from './half-width.ts';
import { accepted, type Result, refused } from './result.ts';

export type IpAddressProblem =
  /** `typed`: what looks like an address and is none; `part`: its number that is above 255 or begins with 0. Neither: no address. */
  | { code: 'ip-format'; typed?: string; part?: string }
  | { code: 'ip-not-public'; typed: string }
  /** A range whose end lies before its start, or too far from it to be of one server. */
  | { code: 'ip-range'; typed: string };

// Not reachable from the internet: special-purpose registries of IANA, as listed in the intake survey of 2026-11, section 2.9.
const notPublic = (
  [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
  ] as const
).map(([network, bits]) => ({ first: numberOf(network), last: numberOf(network) + 2 ** (32 - bits) - 1 }));
const documentation = new BlockList();
documentation.addSubnet('2001:db8::', 32, 'ipv6');
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

/**
 * The public addresses of a server, one or several in a message, in one spelling; what runs from one to another (1.2.3.4-1.2.3.9,
 * 1.2.3.4~9, 1.2.3.0/29) as `start-end`. Refused at the first that is wrong.
 */
export function parseIpAddresses(typed: string): Result<string[], IpAddressProblem> {
  const found = spansIn(visible(typed)).map(readSpan);
  const wrong = found.find(({ ok }) => !ok);
  if (wrong && !wrong.ok) return wrong;
  const values = found.flatMap((each) => (each.ok ? [each.value] : []));
  return values.length > 0 ? accepted([...new Set(values)]) : refused({ code: 'ip-format' });
}

/** The addresses in a message, public or not. */
export function findIpAddresses(text: string): Found<string>[] {
  return spansIn(text).flatMap(({ from, to, start, end }) =>
    isAddress(from) ? [{ value: spelt(from), start, end }, ...(to && isAddress(to) ? [{ value: spelt(to), start, end }] : [])] : [],
  );
}

interface Span {
  from: string;
  /** Where it runs to; as typed, so perhaps the last number only. */
  to?: string;
  /** Length of the network's prefix. */
  bits?: number;
  start: number;
  end: number;
}

const v4 = '\\d{1,10}(?:\\.\\d{1,10}){3}';
const v6 = '(?=[0-9a-f]{0,4}:)[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}';
const to = ' {0,2}(?:[-~～]{1,2}|至|到) {0,2}';
const four = new RegExp(
  `(?<=^|ip|ipv4|https?://|[^\\w.])(?<from>${v4})(?:${to}(?<to>${v4}|\\d{1,3})(?![\\w.])|/(?<bits>\\d{1,2})(?!\\w))?(?!\\w|\\.\\d)`,
  'g',
);
const six = new RegExp(`(?<![\\w.:])(?<from>${v6})(?:${to}(?<to>${v6})|/(?<bits>\\d{1,3})(?!\\w))?(?![\\w:]|\\.\\d)`, 'g');

function spansIn(text: string): Span[] {
  // A colon after a word is punctuation, not part of an IPv6 address.
  const plain = halfWidth(text)
    .toLowerCase()
    .replace(/[。｡]/g, '.')
    .replace(/(?<=[^0-9a-f:\s]|ipv[46])( ?):(?!:|\/\/)/g, '$1 ');
  return [...plain.matchAll(four), ...plain.matchAll(six)]
    .map(({ groups = {}, index, 0: whole }) => ({ groups, index, whole }))
    .map(({ groups: { from = '', to, bits }, index, whole }) => ({
      from,
      ...(to && { to }),
      ...(bits && { bits: Number(bits) }),
      start: index,
      end: index + whole.length,
    }))
    .filter(({ from }) => !from.includes(':') || isIPv6(from))
    .sort((a, b) => a.start - b.start);
}

function readSpan(span: Span): Result<string, IpAddressProblem> {
  const { from, bits } = span;
  const until = span.to?.match(/^\d+$/) ? from.replace(/\d+$/, span.to) : span.to;
  for (const each of until === undefined ? [from] : [from, until]) {
    if (!isAddress(each)) return refused({ code: 'ip-format', typed: each, ...wrongPart(each) });
    if (!isPublic(each)) return refused({ code: 'ip-not-public', typed: spelt(each) });
  }
  const typed = bits === undefined ? `${from}-${until}` : `${from}/${bits}`;
  if (bits !== undefined) return bits === (isIPv4(from) ? 32 : 128) ? accepted(spelt(from)) : network(from, bits, typed);
  if (until === undefined || spelt(until) === spelt(from)) return accepted(spelt(from));
  if (!isIPv4(from) || !isIPv4(until)) return rangeOfSix(spelt(from), spelt(until), typed);
  return range(numberOf(from), numberOf(until), typed);
}

// More addresses than these in one row belong to a provider, not to one server.
const longestRange = 65_536;

function range(first: number, last: number, typed: string): Result<string, IpAddressProblem> {
  if (last < first || last - first >= longestRange) return refused({ code: 'ip-range', typed });
  const hidden = notPublic.find((block) => block.first <= last && first <= block.last);
  if (hidden) return refused({ code: 'ip-not-public', typed: addressOf(Math.max(first, hidden.first)) });
  return accepted(`${addressOf(first)}-${addressOf(last)}`);
}

function network(address: string, bits: number, typed: string): Result<string, IpAddressProblem> {
  if (!isIPv4(address) || bits < 16 || bits > 32) return refused({ code: 'ip-range', typed });
  const size = 2 ** (32 - bits);
  const first = Math.floor(numberOf(address) / size) * size;
  return range(first, first + size - 1, typed);
}

function rangeOfSix(from: string, until: string, typed: string): Result<string, IpAddressProblem> {
  const sorted = isIPv6(from) && isIPv6(until) && expanded(from) < expanded(until);
  return sorted ? accepted(`${from}-${until}`) : refused({ code: 'ip-range', typed });
}

/** All eight groups of four digits, which sort as the addresses do. */
function expanded(address: string): string {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after].map((group) => group.padStart(4, '0')).join(':');
}

function wrongPart(address: string): { part?: string } {
  const part = address.split('.').find((each) => !/^(?:0|[1-9]\d{0,2})$/.test(each) || Number(each) > 255);
  return part === undefined ? {} : { part };
}

function isAddress(text: string): boolean {
  return isIPv4(text) || isIPv6(text);
}

function isPublic(address: string): boolean {
  if (!isIPv4(address)) return globalUnicast.check(address, 'ipv6') && !documentation.check(address, 'ipv6');
  const number = numberOf(address);
  return !notPublic.some(({ first, last }) => first <= number && number <= last);
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

function addressOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

/** IPv6 shortened as RFC 5952 has it, which the URL parser does. */
function spelt(address: string): string {
  return isIPv4(address) ? address : new URL(`http://[${address}]/`).hostname.slice(1, -1);
}
