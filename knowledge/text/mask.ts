import { halfWidth, joined } from '../entities/half-width.ts';

/**
 * Covers what identifies a person in free text: mobile and landline numbers, certificate numbers, bank cards, e-mail addresses,
 * passwords and codes. Made for logs and notes: better too much than too little, so any long run of digits goes, also one in Chinese numerals.
 */
export function maskPersonalData(text: string): string {
  return (
    spokenMasked(maskSecrets(text))
      .normalize('NFKC')
      // Looked for from the beginning of a word only, and bounded: a long word without an @ must not be scanned from each letter.
      .replace(/(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(\.[\w-]{1,64}){1,8}/g, '[email]')
      .replace(/\d(?:[\s-]?\d){6,}[\dxX]?/g, digitsOf)
  );
}

/** Covers in what a customer typed whatever nobody is to read later: certificate numbers, passwords and codes. */
export function maskTyped(text: string): string {
  return maskCertificates(maskSecrets(text));
}

/**
 * Covers passwords and codes of text messages that customers send though nobody wants them: 密码是******, 验证码******. Told by the word
 * beside them. The number 12381, from which the administrations send their codes, stays, and so does a year.
 */
export function maskSecrets(text: string): string {
  if (!secretWord.test(text)) return text;
  // A Chinese comma ends a password; one in half width may belong to it.
  const plain = halfWidth(text).replace(/[,;!?()]/g, (sign, at: number) => text[at] ?? sign);
  const spans = secrets.flatMap((pattern) =>
    [...plain.matchAll(pattern)].flatMap(({ groups, indices }) => {
      const [start = 0, end = 0] = indices?.groups?.secret ?? [];
      return groups?.secret === undefined ? [] : [{ start, end, mask: '******' }];
    }),
  );
  return replaceSpans(text, withoutOverlaps(spans));
}

/**
 * Covers the certificate numbers in what a customer typed, and leaves the rest as it is: 110***********002X. Made for what people read
 * later: transcripts and exports. Looks at the form only, so that mistyped numbers are covered too: 18 characters like those of an
 * identity card, nearly as many that begin like one, the old 15 digits, and the letters and digits of permits and passports; in any
 * width, with spaces or hyphens, in Chinese numerals. Phone, case and filing numbers stay.
 */
export function maskCertificates(text: string): string {
  return replaceSpans(text, certificatesIn(halfWidthOf(text)));
}

/** A certificate number by itself. */
export function maskCertificate(number: string): string {
  return coverMiddle(number);
}

const secretWord = /码|口令|pass|pwd/iu;
const code = '(?!12381(?!\\d))\\d(?:[ -]?\\d){3,7}(?![\\d年])';
const codeWord = '(?:验证码|校验码|动态码|短信码|确认码)';
const isSaid = '(?:就是|是|为|叫|用的|[我了]|设置?[成为的]?|改[成为]?|重置[成为]?)';
const secrets: readonly RegExp[] = [
  // After 是, a colon or the like, and directly after the word only what is long enough not to be said about the password.
  new RegExp(`(?:密码|口令|PASSWORD|PASSWD|PWD) *(?:${isSaid}|[:=])(?: |${isSaid}|[:=]){0,6}(?<secret>[!-~]{4,})`, 'dg'),
  /(?:密码|口令) *(?<secret>(?![:=])[!-~]{6,})/dg,
  new RegExp(`${codeWord}(?:就是|是|为|收到了?|我|[:=,，。 ])*(?<secret>${code})`, 'dg'),
  new RegExp(`(?<!\\d)(?<secret>${code})(?= *(?:就?是)?(?:这个|我的|收到的)?(?:短信|手机)?${codeWord})`, 'dg'),
];

function withoutOverlaps(spans: readonly Span[]): Span[] {
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  return sorted.filter(({ start }, at) => sorted.slice(0, at).every(({ end }) => end <= start));
}

interface Span {
  start: number;
  end: number;
  /** What stands there instead. */
  mask: string;
}

const longestCertificate = 22;

/**
 * Numbers may stand in a row, be written in groups, or follow letters without a space: every number of neighbouring groups is looked at,
 * and the longest counts.
 */
function certificatesIn(plain: string): Span[] {
  const groups = [...plain.matchAll(/\d{15,}X?|[0-9A-Z]+?(?=\d{15}|[^0-9A-Z]|$)/g)].map(({ 0: text, index }) => ({
    text,
    start: index,
    end: index + text.length,
  }));
  const spans: Span[] = [];
  for (let at = 0; at < groups.length; ) {
    const taken = longestFrom(at, groups, plain, spans);
    at += Math.max(1, taken);
  }
  return spans;
}

/** Gives the number of groups that the certificate number has which begins with this one; 0 when none does. */
function longestFrom(at: number, groups: readonly Omit<Span & { text: string }, 'mask'>[], plain: string, spans: Span[]): number {
  let number = '';
  let taken = 0;
  let span: Span | undefined;
  for (let next = at; next < groups.length; next += 1) {
    const group = groups[next];
    const before = groups[next - 1];
    if (!group || (next > at && before && !/^[ -]{1,3}$/.test(plain.slice(before.end, group.start)))) break;
    number += group.text;
    if (number.length > longestCertificate) break;
    if (!isCertificate(number, next > at)) continue;
    taken = next - at + 1;
    span = { start: groups[at]?.start ?? group.start, end: group.end, mask: coverMiddle(number) };
  }
  if (span) spans.push(span);
  return taken;
}

const region = '(?:1[1-5]|2[123]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|8[123]|9[1-6])\\d{4}';
const monthAndDay = '(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])';
const likeIdCard = new RegExp(`^${region}(?:19|20)\\d{2}\\d{3,9}X?$`);
const likeOldIdCard = new RegExp(`^${region}\\d{2}${monthAndDay}\\d{3}$`);
const likePermit = /^(?!BA20)(?:[HM]\d{8}(?:\d{2})?|[A-Z]\d{8}|[A-Z]{2}\d{7,8}|[A-Z]{3}\d{12})$/;

/** `grouped`: groups that may as well be numbers of their own have to show more likeness. */
function isCertificate(number: string, grouped: boolean): boolean {
  return likeIdCard.test(number) || likeOldIdCard.test(number) || likePermit.test(number) || (!grouped && /^\d{17}[\dX]$/.test(number));
}

/** At least half of a short number is covered, and all but seven characters of a long one. */
function coverMiddle(number: string): string {
  const [first, last] = number.length >= 15 ? [3, 4] : [2, 2];
  if (number.length <= first + last) return '*'.repeat(number.length);
  return number.slice(0, first) + '*'.repeat(number.length - first - last) + number.slice(-last);
}

function spokenMasked(text: string): string {
  const runs = [...halfWidthOf(text).matchAll(/\d(?:[\s-]?\d){6,}X?/g)];
  return replaceSpans(
    text,
    runs.map(({ 0: run, index }) => ({ start: index, end: index + run.length, mask: digitsOf(run) })),
  );
}

function digitsOf(run: string): string {
  return `[${joined(run).length} digits]`;
}

/** Most messages have no number in them at all, and are not looked at twice. */
function halfWidthOf(text: string): string {
  return digitLike.test(text) ? halfWidth(text) : '';
}

const digitLike = /(?:[\p{Nd}零〇○一幺二两三四五六七八九][^\p{Nd}零〇○一幺二两三四五六七八九]{0,2}){7}/u;

function replaceSpans(text: string, spans: readonly Span[]): string {
  let at = 0;
  let done = '';
  for (const { start, end, mask } of spans) {
    done += text.slice(at, start) + mask;
    at = end;
  }
  return done + text.slice(at);
}
