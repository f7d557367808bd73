import { domainToASCII, domainToUnicode } from 'node:url';
import { findDomainNames, hasKnownSuffix, isLabel, registrable } from './domain-name.ts';
import { withoutSlip } from './email.ts';
import { visible } from './half-width.ts';
import { findIpAddresses } from './ip-address.ts';
import { accepted, type Result, refused } from './result.ts';

/** A domain name as a filing has it. */
export interface FilingDomain {
  /** Readable: 测试.中国, example.com. The part that is registered; all of it where sub-domains are filed. */
  domain: string;
  /** The same as DNS has it. */
  ascii: string;
  /** What was typed, readable and without www., when it lies below `domain`. */
  subdomain?: string;
  /** The suffix is not among those seen often: the list of the ministry decides. `suffix-not-approved`: one that was not on it in 2026. */
  remark?: 'suffix-uncommon' | 'suffix-not-approved';
}

export type FilingDomainProblem =
  /**
   * `suffix`: no such suffix exists, `suggestion` is what was probably meant; `only-suffix`: a name is missing before it; `label`: a part
   * between the dots is empty, too long or begins or ends with a dash; `character`: one that no name has, at a position from 1 in `typed`.
   */
  | {
      code: 'domain-format';
      typed: string;
      because?: 'suffix' | 'only-suffix' | 'label' | 'character' | 'too-long' | 'email' | 'package-name';
      suggestion?: string;
      character?: string;
      position?: number;
    }
  | { code: 'domain-multiple'; domains: string[] }
  | { code: 'domain-is-ip'; typed: string };

/**
 * The domain name that a filing is for: without protocol, user, port, path and www., in full width, with 。 for a dot, with words around
 * it. Reduced to what is registered, but for sub-domains of .gov.cn, which are filed by themselves, and with `keepSubdomain`, as apps
 * have it. Rules: intake survey of 2026-11, section 2.8 (IDNA as in UTS 46, non-transitional).
 */
export function parseFilingDomain(
  typed: string,
  { keepSubdomain = false }: { keepSubdomain?: boolean } = {},
): Result<FilingDomain, FilingDomainProblem> {
  const text = plainText(typed);
  const whole = hostOf(text);
  const alone = !/[\s,，、;；]/.test(whole) ? whole : undefined;
  const [ip] = /^[\d.]+$/.test(whole) || findDomainNames(text).length === 0 ? findIpAddresses(text) : [];
  if (ip) return refused({ code: 'domain-is-ip', typed: ip.value });
  const hosts = alone !== undefined && standsAlone(alone) ? [alone] : findDomainNames(text).map(({ unicode }) => unicode);
  const read = (hosts.length > 0 ? hosts : [alone ?? text]).map((host) => readHost(host, keepSubdomain));
  const domains = new Map(read.flatMap((each) => (each.ok ? [[each.value.domain, each] as const] : [])));
  if (domains.size > 1) return refused({ code: 'domain-multiple', domains: [...domains.keys()] });
  const [one] = domains.values();
  return one ?? read[0] ?? refused({ code: 'domain-format', typed: shortened(text) });
}

// Beyond this length no message is only a domain name, and reading stays fast.
const longestRead = 2000;

// Seen often in filings, and those that were not on the ministry's list: intake survey of 2026-11, sections 2.8.6; the list changes.
const common = new Set('com cn net xyz top cc tv vip shop site online 中国 公司 网络 政务 公益'.split(' '));
const notApproved = new Set(['io', 'hk', 'jp']);

/** In half width, with dots for 。 and 点, and no spaces around dots. */
function plainText(typed: string): string {
  return visible(typed.slice(0, longestRead).toWellFormed())
    .replace(/[\p{Pd}−]/gu, '-')
    .replace(/[！-～]/g, (full) => String.fromCharCode(full.charCodeAt(0) - 0xfee0))
    .replace(/[。｡]/g, '.')
    .replace(/\\/g, '/')
    .replace(/ ?(?:\.|(?<=[a-z0-9] ?)(?:点|dot\b)) ?(?=(?:com|cn|net|org|gov|edu|top|xyz|vip|cc|中国|公司|网络|网址)(?![a-z0-9]))/gi, '.')
    .replace(/(https?:\/\/)[^\s/@]{0,200}@/gi, '$1')
    .trim();
}

/** The text without the words before and after the name, protocol, port and path: no more than a name when it was nothing else. */
function hostOf(text: string): string {
  return text
    .replace(leadIn, '')
    .replace(/^["'“‘《<([]+|["'”’》>)\],;，；!?！？~]+$/gu, '')
    .replace(/^[a-z]{2,10}:?\/{1,3}(?=.)|^(?:https?|ftp):/i, '')
    .replace(/[:/?#][^\s,，、;；]*$/, '')
    .replace(/\.+$/, '')
    .toLowerCase()
    .trim();
}

const leadIn =
  /^(?:(?:我们?|公司|网站|主|备案)*的?(?:域名|网址|网站地址|官网)(?:地址|就?是|为|叫|:|,|\s)+|(?:我们?的?|就)?是(?=[a-z0-9]))\s*/i;

/** Only a name, and one that the search in a sentence would not see whole. */
function standsAlone(host: string): boolean {
  if (/^[\x21-\x7e]+$/.test(host)) return true;
  const labels = host.split('.');
  const isForeign = /[^\x20-\x7e\p{Script=Han}]/u.test(host);
  // 备案example.com is a word and a name; a.测试.公司.cn is a name.
  return (
    (labels.length > 2 || isForeign) &&
    hasKnownSuffix(domainToASCII(host)) &&
    labels.every((label) => isForeign || /^(?:[a-z0-9-]+|\p{Script=Han}+)$/u.test(label))
  );
}

function readHost(host: string, keepSubdomain: boolean): Result<FilingDomain, FilingDomainProblem> {
  const name = withoutWww(host);
  const wrong = faultOf(name);
  if (wrong) return refused({ code: 'domain-format', typed: shortened(name), ...wrong });
  const ascii = domainToASCII(name);
  const registered = registrable(ascii);
  if (registered === undefined) return refused({ code: 'domain-format', typed: name, because: 'only-suffix' });
  const whole = keepSubdomain || ascii.endsWith('.gov.cn');
  const kept = whole ? ascii : registered;
  const domain = domainToUnicode(kept);
  const remark = suffixRemark(domain.split('.').at(-1) ?? '');
  return accepted({ domain, ascii: kept, ...(kept !== ascii && { subdomain: domainToUnicode(ascii) }), ...(remark && { remark }) });
}

/** www.bj.cn is all of a name: what is left without www. has to be one. */
function withoutWww(host: string): string {
  const rest = host.replace(/^www\./, '');
  return rest !== host && registrable(domainToASCII(rest)) !== undefined ? withoutWww(rest) : host;
}

type Fault = Omit<Extract<FilingDomainProblem, { code: 'domain-format' }>, 'code' | 'typed'>;

function faultOf(name: string): Fault | undefined {
  if (name.includes('@')) return { because: 'email' };
  const at = name.search(/[^\p{L}\p{N}\p{M}.-]/u);
  if (at >= 0) return { because: 'character', character: String.fromCodePoint(name.codePointAt(at) ?? 0), position: at + 1 };
  const labels = name.split('.');
  if (labels.length < 2) return {};
  const ascii = domainToASCII(name);
  if (ascii === '' || !ascii.split('.').every(isLabel)) return { because: 'label' };
  if (ascii.length > 253) return { because: 'too-long' };
  // An xn-- form that does not lead back is none.
  const readable = domainToUnicode(ascii);
  // From Node 26 on, a label in Punycode that stands for nothing is passed on as it is; before, it is refused here or above.
  if (/(?:^|\.)xn--/.test(readable) || domainToASCII(readable) !== ascii) return { because: 'label' };
  if (hasKnownSuffix(ascii)) return isPackageName(labels) && registrable(ascii) !== ascii ? { because: 'package-name' } : undefined;
  const suggestion = withoutSlip(ascii);
  return { because: 'suffix', ...(suggestion && { suggestion }) };
}

/** com.example.app names an app. */
function isPackageName(labels: readonly string[]): boolean {
  return labels.length > 2 && /^(?:com|org|net|io)$/.test(labels[0] ?? '') && !/^(?:com|cn|net|org)$/.test(labels.at(-1) ?? '');
}

function suffixRemark(suffix: string): FilingDomain['remark'] {
  if (common.has(suffix)) return undefined;
  return notApproved.has(suffix) ? 'suffix-not-approved' : 'suffix-uncommon';
}

function shortened(text: string): string {
  return [...text].slice(0, 100).join('');
}
