import { domainToASCII, domainToUnicode } from 'node:url';
import { parse } from 'tldts';

/** A domain name that a message names; `start` and `end` are offsets into the text, around what stands for it there. */
export interface FoundDomainName {
  /** As DNS has it, lower case: www.xn--0zwm56d.xn--fiqs8s. */
  ascii: string;
  /** As people read it: www.测试.中国. */
  unicode: string;
  /** The part that is registered, readable; a filing is made for it: 测试.中国, example.com.cn. */
  registered: string;
  /** With scheme, port and path, when the text has them. */
  start: number;
  end: number;
}

/**
 * The domain names in a message. Without `http://` or `www.` only names under well-known suffixes count, so that file names,
 * version numbers and programs (readme.md, 1.2.3, node.js) do not; e-mail addresses and package names never do. A name in
 * Chinese characters is cut off from the sentence before it by a break or by words that lead in (域名是…, 备案…): a guess that
 * can go wrong. Source of the forms: intake survey of 2026-11 (IDNA as in UTS 46, labels of 1 to 63, 253 in all, the last one
 * not a number).
 */
export function findDomainNames(text: string): FoundDomainName[] {
  // Unit by unit, so that offsets stay those of the text.
  const half = text.replace(/[Ａ-Ｚａ-ｚ０-９．：／－]/g, (full) => String.fromCharCode(full.charCodeAt(0) - 0xfee0));
  const latin = [...half.matchAll(latinName)].flatMap((match) => fromMatch(match, 0));
  const chinese = [...half.matchAll(chineseName)].flatMap((match) => fromMatch(match, leadIn(match.groups?.host ?? '')));
  const apart = chinese.filter(({ start, end }) => !latin.some((name) => name.start < end && start < name.end));
  return [...latin, ...apart].sort((a, b) => a.start - b.start);
}

// Seen often in filings (intake survey of 2026-11) or in mistaken ones; longest first where one begins another.
const chineseSuffixes = ['中国', '公司', '网络', '政务', '公益', '网址', '在线', '中文网', '集团', '商城', '商标', '信息', '广东', '佛山'];
const latinSuffixes = new Set(
  'com cn net org gov edu xyz top cc tv vip shop site online club wang ltd group pro info mobi biz name tech store fun icu ink work link red kim art love asia hk tw mo io me ai co app dev win live video space website press cloud host wiki design city center chat team run life world plus cool email law beer zone today social company jp us uk eu in de fr ru sg my'.split(
    ' ',
  ),
);
// Bounded repetitions, so that no text makes them slow.
const scheme = '(?<scheme>https?:/{1,2})?';
const tail = '(?::\\d{1,5})?(?:[/?#][\\w/?#=&%.~+:@$*-]{0,500}[\\w/=&]|/)?';
const latinLabel = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const latinName = new RegExp(`(?<![\\w@.-])${scheme}(?<host>(?:${latinLabel}\\.){1,10}[a-z][a-z0-9-]{1,62})(?![\\w@-])${tail}`, 'gi');
const chineseLabel = '[\\p{Script=Han}a-z0-9-]{1,63}';
const chineseName = new RegExp(
  `(?<![\\w@.-])${scheme}(?<host>(?:www\\.)?${chineseLabel}\\.(?:${chineseSuffixes.join('|')}|(?:${[...latinSuffixes].join('|')})(?![\\w@-]|\\.[a-z0-9])))${tail}`,
  'giu',
);

function fromMatch(match: RegExpExecArray, lead: number | undefined): FoundDomainName[] {
  const { scheme = '', host = '' } = match.groups ?? {};
  const name = lead === undefined ? undefined : readHost(host.slice(lead), scheme !== '');
  if (!name || lead === undefined) return [];
  return [{ ...name, start: match.index + (lead > 0 ? scheme.length + lead : 0), end: match.index + match[0].length }];
}

/** How much of a name in Chinese is the sentence that runs into it; undefined when all of it is: 请问.cn域名. */
function leadIn(host: string): number | undefined {
  const label = host.replace(/^www\./, '').split('.')[0] ?? '';
  if (/(?:请问|想用|支持|比如|例如|带|有|买|和|与|或|的)$|^我?用$/.test(label)) return undefined;
  const lead = /^.*(?:域名|网址|网站|官网|备案|注册|绑定|解析|访问|打开|查询|[是叫为])/u.exec(label)?.[0].length ?? 0;
  return lead === label.length ? undefined : lead;
}

// Programs that are called by what looks like a domain name.
const programs = new Set(['asp.net', 'ado.net', 'vb.net', 'paint.net', 'socket.io']);

function readHost(host: string, hasScheme: boolean): Omit<FoundDomainName, 'start' | 'end'> | undefined {
  const ascii = domainToASCII(host.toLowerCase());
  const labels = ascii.split('.');
  const suffix = labels.at(-1) ?? '';
  const addressed = hasScheme || (labels[0] === 'www' && labels.length > 2);
  const known = latinSuffixes.has(suffix) || suffix.startsWith('xn--') || addressed;
  if (!known || programs.has(ascii) || !labels.every(isLabel) || !/^[a-z].*[a-z]/.test(suffix) || ascii.length > 253) return undefined;
  // com.example.app is the package name of an app.
  if (!addressed && labels.length > 2 && /^(?:com|cn|org|net|io)$/.test(labels[0] ?? '')) return undefined;
  const unicode = domainToUnicode(ascii);
  return { ascii, unicode, registered: domainToUnicode(registrable(ascii) ?? ascii) };
}

/** One part of a name as DNS has it, without dots. */
export function isLabel(label: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label);
}

/**
 * The part of a name that is registered: the public suffix (com, com.cn, bj.cn) and one label before it, by the registries' section
 * of the Public Suffix List. Undefined for what is a suffix itself.
 */
export function registrable(ascii: string): string | undefined {
  return parse(ascii, { allowPrivateDomains: false, validateHostname: false }).domain ?? undefined;
}

/** Whether a name lies under a suffix of the Public Suffix List, as that of 2026. */
export function hasKnownSuffix(ascii: string): boolean {
  return parse(ascii, { allowPrivateDomains: false, validateHostname: false }).isIcann === true;
}
