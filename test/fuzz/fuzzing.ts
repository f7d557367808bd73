import { parseBusinessHours } from '../../knowledge/calendar/business-hours.ts';
import { parseAddress } from '../../knowledge/entities/address.ts';
import { parseCount, parseWan } from '../../knowledge/entities/amount.ts';
import { parseBundleId, parseMd5, parsePackageName, parsePublicKey, parseSha1 } from '../../knowledge/entities/app-identifiers.ts';
import { parseCertificate } from '../../knowledge/entities/certificate.ts';
import { parseCreditCode } from '../../knowledge/entities/credit-code.ts';
import { parseEmail } from '../../knowledge/entities/email.ts';
import { parseFilingNumber } from '../../knowledge/entities/filing-number.ts';
import { parseIdNumber } from '../../knowledge/entities/id-number.ts';
import { parseIpAddresses } from '../../knowledge/entities/ip-address.ts';
import { parseOrganizationName } from '../../knowledge/entities/organization-name.ts';
import { parsePersonName } from '../../knowledge/entities/person-name.ts';
import { parseLandline, parseMobile } from '../../knowledge/entities/phone.ts';
import { parseValidity } from '../../knowledge/entities/validity.ts';
import { parseCaseNumber } from '../../knowledge/filing/case-number.ts';
import { readChecklistQuery } from '../../knowledge/filing/checklist-path.ts';
import { readCsv } from '../../knowledge/sheet/csv.ts';
import { maskPersonalData } from '../../knowledge/text/mask.ts';
import { randomFrom } from '../support/random.ts';

export interface Fuzzed {
  inputs: number;
  /** How many answers had which status; of parsers, how many inputs each read without throwing. */
  outcomes: Record<string, number>;
  /** What must not be, with the input that brings it about. At most a hundred. */
  findings: string[];
}

type Random = () => number;

const today = '2026-11-27';

/** Every reader of what people type, and of files and addresses: they give a problem, and never throw. */
const parsers: Record<string, (text: string) => unknown> = {
  address: parseAddress,
  wan: parseWan,
  count: parseCount,
  packageName: parsePackageName,
  bundleId: parseBundleId,
  md5: parseMd5,
  sha1: parseSha1,
  publicKey: parsePublicKey,
  certificate: (text) => parseCertificate(text, today),
  creditCode: parseCreditCode,
  email: parseEmail,
  filingNumber: parseFilingNumber,
  idNumber: (text) => parseIdNumber(text, today),
  ipAddresses: parseIpAddresses,
  organizationName: parseOrganizationName,
  personName: parsePersonName,
  mobile: parseMobile,
  landline: parseLandline,
  validity: (text) => parseValidity(text, today),
  caseNumber: parseCaseNumber,
  checklist: (text) => readChecklistQuery(new URLSearchParams(text)),
  businessHours: parseBusinessHours,
  csv: (text) => readCsv(text, ','),
  mask: maskPersonalData,
};

/** What is taken apart and put together anew. */
const seeds = [
  '备案密码忘了怎么办',
  '京ICP备12345678号-1',
  '11010519491231002X',
  '138 1234 5678',
  '91350100M000100Y43',
  'BA-20261127-1234567',
  '{"type":"message","text":"你好","from":{"id":"x"}}',
  '{"type":"event","name":"x","value":[[[{}]]]}',
  'type=initial&province=44',
  'https://www.example.com/a?b=c#d',
  '2001:db8::1, 10.0.0.1',
  '1-5 09:00-12:00,13:30-18:00; 6 10:00-16:00',
  '2020.01.01-长期',
  'a@b.cn',
  '"a","b""c"\r\n1,2\r\n',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '__proto__',
  'eyJhbGciOiJub25lIn0.e30.',
  '\u0000\u202e\ufeff\ud800',
];
const spices = [
  '',
  '\0',
  '%',
  '%00',
  '%ff',
  '{',
  '}',
  '[',
  '"',
  "'",
  '\\',
  '/',
  '..',
  '-',
  '9'.repeat(40),
  '－',
  '１',
  '号',
  '😀',
  '\ud800',
  '\r\n',
  ' ',
  '*',
  '=',
  '备'.repeat(300),
];

const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

/** A text that somebody might type, send or forge. */
function text(random: Random): string {
  let made = pick(random, seeds);
  for (let changes = Math.floor(random() * 4); changes > 0; changes -= 1) {
    const at = Math.floor(random() * (made.length + 1));
    const end = at + Math.floor(random() * 4);
    made = made.slice(0, at) + pick(random, random() < 0.3 ? seeds : spices) + made.slice(random() < 0.5 ? end : at);
  }
  return made.slice(0, 4000);
}

/** Gives each parser its share of the inputs. */
export function fuzzParsers(seed: number, inputs: number): Fuzzed {
  const random = randomFrom(seed);
  const fuzzed: Fuzzed = { inputs, outcomes: {}, findings: [] };
  const named = Object.entries(parsers);
  for (let at = 0; at < inputs; at += 1) {
    const [name, parse] = named[at % named.length] as (typeof named)[number];
    const input = text(random);
    try {
      parse(input);
      fuzzed.outcomes[name] = (fuzzed.outcomes[name] ?? 0) + 1;
    } catch (error) {
      note(fuzzed, `${name}(${JSON.stringify(input)}) throws ${String(error)}`);
    }
  }
  return fuzzed;
}

const paths = [
  'GET /',
  'GET /widget',
  'GET /desk',
  'GET /assets/*',
  'GET /checklist?*',
  'GET /api/faq/search?q=*',
  'GET /api/faq/*',
  'GET /healthz',
  'GET /readyz',
  'POST /widget/session',
  'POST /v3/directline/tokens/generate',
  'POST /v3/directline/tokens/refresh',
  'POST /v3/directline/conversations',
  'GET /v3/directline/conversations/*',
  'GET /v3/directline/conversations/~/activities?watermark=*',
  'POST /v3/directline/conversations/~/activities',
  'POST /v3/directline/conversations/*/activities',
  'POST /v3/directline/conversations/~/upload?userId=*',
  'GET /v3/directline/conversations/~/stream?t=*',
  'GET /v3/directline/files/*?t=*',
  'POST /api/messages',
  'POST /desk/webhook',
  'POST /desk/api/session',
  'POST /desk/api/invitation',
  'GET /desk/api/queue',
  'POST /desk/api/conversations/*/messages',
  'POST /desk/api/cases/search',
  'GET /desk/api/cases/*',
  'GET /desk/api/sign-on/return?*',
  'GET /*',
  'POST /*',
  'DELETE /v3/directline/conversations/~',
];
const types = [
  'application/json',
  'application/json',
  'application/json',
  'text/plain',
  'multipart/form-data; boundary=x',
  'image/png',
  'application/json; charset=utf-16',
  '',
];

/** Sends requests to a server, a few at a time. */
export async function fuzzServer(url: string, seed: number, inputs: number): Promise<Fuzzed> {
  const fuzzed: Fuzzed = { inputs, outcomes: {}, findings: [] };
  const random = randomFrom(seed);
  const begun = (await (await fetch(`${url}/widget/session`, { method: 'POST' })).json()) as { conversationId: string; token: string };
  let left = inputs;
  const send = async () => {
    while (left > 0) {
      left -= 1;
      await sendOne(url, random, begun, fuzzed);
    }
  };
  await Promise.all(Array.from({ length: 8 }, send));
  return fuzzed;
}

async function sendOne(
  url: string,
  random: Random,
  { conversationId, token }: { conversationId: string; token: string },
  fuzzed: Fuzzed,
): Promise<void> {
  const [method = '', template = ''] = pick(random, paths).split(' ');
  const raw = random() < 0.3;
  const path = template.replace('~', conversationId).replace(/\*/g, () => {
    const made = text(random);
    return raw ? encodeURI(wellFormed(made)).replace(/[#\\]/g, '') : encodeURIComponent(wellFormed(made));
  });
  const bearer = random() < 0.7 ? token : wellFormed(text(random)).replace(/[^\x21-\x7e]/g, '');
  const type = pick(random, types);
  const body = method === 'POST' ? text(random) : undefined;
  const headers = { authorization: `Bearer ${bearer}`, ...(type && { 'content-type': type }), ...(random() < 0.2 && { 'x-desk': '1' }) };
  const shown = `${method} ${path} ${type} ${JSON.stringify(body)}`.slice(0, 600);
  try {
    const answer = await fetch(url + path, { method, headers, redirect: 'manual', ...(body !== undefined && { body }) });
    const told = await answer.text();
    fuzzed.outcomes[answer.status] = (fuzzed.outcomes[answer.status] ?? 0) + 1;
    const fault = faultIn(answer, told);
    if (fault) note(fuzzed, `${fault}: ${shown} -> ${answer.status} ${told.slice(0, 200)}`);
  } catch (error) {
    note(fuzzed, `no answer (${String((error as Error).cause ?? error)}): ${shown}`);
  }
}

function wellFormed(made: string): string {
  return made.toWellFormed();
}

/** What no answer may be. */
function faultIn({ status, headers }: Response, told: string): string | undefined {
  if (status >= 500) return 'a fault of ours';
  if (status < 400) return undefined;
  if (/\n\s+at |node_modules|\/dist\/|[A-Z]\w*Error\b(?!")|ENOENT|undefined is not/.test(told)) return 'tells of the inside';
  if (!headers.get('content-type')?.startsWith('application/json')) return 'not in the one shape of errors';
  const { error } = JSON.parse(told || '{}') as { error?: { code?: unknown; message?: unknown } };
  return typeof error?.code === 'string' && typeof error.message === 'string' ? undefined : 'not in the one shape of errors';
}

function note(fuzzed: Fuzzed, finding: string): void {
  if (fuzzed.findings.length < 100) fuzzed.findings.push(finding);
}
