import { normalize } from '../text/normalize.ts';
import { settled, visible } from './half-width.ts';
import { findPlaces } from './place.ts';
import { accepted, type Result, refused } from './result.ts';

/** Whose site or app it is, as far as names differ by it. */
export interface SiteNameContext {
  filerKind: 'individual' | 'organization';
  /** Of the filing, by code. */
  province?: string | undefined;
  filerName?: string | undefined;
}

export interface SiteName {
  name: string;
  /** Names with one are often sent back, but not always: they are not refused here. */
  remarks: SiteNameRemark[];
}

export type SiteNameRemark =
  | { code: 'site-name-sensitive'; word: string }
  | { code: 'site-name-industry'; word: string }
  /** A national word in the filer's own name: its approval has to be shown. */
  | { code: 'site-name-national'; word: string }
  | { code: 'site-name-length'; length: number; most: number }
  /** `like-filer`: it should hold the filer's name or short form; `unique`: no other site of the province may have it. */
  | {
      code: 'site-name-province';
      province: string;
      rule: 'individual-form' | 'like-filer' | 'unique' | 'no-latin' | 'no-place';
      word?: string;
    };

export type SiteNameProblem =
  | { code: 'site-name-too-short'; han: number }
  /** `sign`: one that no name may have, at a position from 1. */
  | { code: 'site-name-form'; because: 'digits' | 'latin' | 'domain' | 'sign' | 'too-long'; character?: string; position?: number }
  | { code: 'site-name-national'; word: string }
  | { code: 'site-name-banned'; word: string }
  | { code: 'site-name-personal'; word: string; because: 'organization' | 'general' | 'place' | 'own-name' };

/**
 * Checks the name of a site or app: three Chinese characters at least, no national words, for individuals neither organisations' nor
 * forums' words. Rules and words: intake survey of 2026-11, section 2.13, and rules of provinces of 2021 to 2024-04, subject
 * `site-name`. The lists are examples, which change; idioms and names of products cannot be told by a list and are not looked for.
 */
export function checkSiteName(typed: string, context: SiteNameContext): Result<SiteName, SiteNameProblem> {
  const name = plainName(typed);
  const problem =
    formProblem(name) ?? wordProblem(name, context) ?? (isOfOneself(name, context) ? undefined : personalProblem(name, context));
  return problem ? refused(problem) : accepted({ name, remarks: remarksOn(name, context) });
}

/** Words, or patterns that leave out where their characters meet by chance: 安全国际, 华中国际, 美国家具, 巨人大厦. */
type Words = readonly (string | RegExp)[];

const national: Words = [
  /(?<![华集])中国/u,
  '中华',
  /中央(?!空调|厨房)/u,
  /(?<![安健齐保])全国/u,
  /(?<![外异各多美英法德韩泰])国家|国家(?![具居电纺装庭])/u,
  /人民(?!路|街|大道|广场|公园|币)/u,
  /(?<![巨个本病老成商达军诗新])人大(?![厦道家小学夫])/u,
  '国务院',
];
const banned: Words = ['反腐', '纪检', '信访', '维权', '投诉', '赌博', '博彩', '彩票', '色情', '情色', '成人用品', '黄色网'];
const sensitive: Words = ['博客', '论坛', '社区', '在线', '交流', '贴吧'];
const industry: Words = [
  ...['金融', '投资', '理财', '基金', '贷款', '网贷', '众筹', '保险', '证券', '期货', '支付', '银行'],
  ...['教育', '培训', '网校', '医疗', '医院', '诊所', '新闻', '出版', '影视', '视频', '游戏', '宗教'],
  /(?<![芍山火炸农])药(?!膳)/u,
];
const organizations: Words = [
  '公司',
  '有限',
  '集团',
  '企业',
  '工厂',
  '商城',
  '商店',
  '旗舰店',
  '专卖',
  '批发',
  '事务所',
  '协会',
  '学校',
  '中心',
  '官网',
];
const general: Words = [...['工作室', '平台', '资讯', '主页', '爱好者', '个人空间', '门户'], ...sensitive];

// No name is longer, and reading stays fast.
const longest = 60;

function plainName(typed: string): string {
  return settled(visible(typed.slice(0, 1000)), withoutFrame);
}

/** Without the words and signs around it. */
function withoutFrame(typed: string): string {
  return typed
    .trim()
    .replace(leadIn, '')
    .replace(/^[《“"「【]+|[》”"」】]+$/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/[。，,；;！!]+$/u, '')
    .trim();
}

const leadIn =
  /^(?:(?:我的?|我们的?)?(?:网站|站点|APP|应用|服务|小程序)?(?:名称|名字|名)\s*(?:就?叫做?|就?是|为|[:：])|(?:网站|就)(?:叫做?|就叫)|叫(?!了)(?=.{3,})|(?:网站)?(?:名称|名字)(?=\s))\s*/iu;

function formProblem(name: string): SiteNameProblem | undefined {
  const form = (because: Extract<SiteNameProblem, { code: 'site-name-form' }>['because']) => ({ code: 'site-name-form' as const, because });
  const plain = name.normalize('NFKC');
  if (/^[\d\s.-]+$/.test(plain)) return form('digits');
  if (/(?:^|[^\w])(?:https?:|www\.)|[a-z0-9-]\.(?:com|cn|net|org|top|xyz|vip|cc|中国|公司|网络)(?![a-z])/i.test(plain))
    return form('domain');
  const characters = [...name];
  const at = characters.findIndex((character) => !/[\p{L}\p{N}\p{M}（）()·\- ]/u.test(character));
  if (at >= 0) return { ...form('sign'), character: characters[at] ?? '', position: at + 1 };
  const han = (name.match(/\p{Script=Han}/gu) ?? []).length;
  if (han === 0 && /\p{L}/u.test(name)) return form('latin');
  if (han < 3) return { code: 'site-name-too-short', han };
  return characters.length > longest ? form('too-long') : undefined;
}

function wordProblem(name: string, { filerKind, filerName = '' }: SiteNameContext): SiteNameProblem | undefined {
  const word = first(name, national);
  const isOwn = word !== undefined && filerKind === 'organization' && filerName.includes(word);
  if (word !== undefined && !isOwn) return { code: 'site-name-national', word };
  const refusedWord = first(name, banned);
  return refusedWord === undefined ? undefined : { code: 'site-name-banned', word: refusedWord };
}

function personalProblem(name: string, { filerKind, filerName }: SiteNameContext): SiteNameProblem | undefined {
  if (filerKind !== 'individual') return undefined;
  const personal = (word: string, because: Extract<SiteNameProblem, { code: 'site-name-personal' }>['because']) => ({
    code: 'site-name-personal' as const,
    word,
    because,
  });
  const organization = first(name, organizations);
  if (organization !== undefined) return personal(organization, 'organization');
  const word = first(name, general);
  if (word !== undefined) return personal(word, 'general');
  if (filerName && filerName.length > 1 && name.includes(filerName)) return personal(filerName, 'own-name');
  const place = placeIn(name);
  return place === undefined ? undefined : personal(place, 'place');
}

/** In Jiangsu individuals may have no other form of name than this one, which all other provinces refuse (one source, 2022-02). */
function isOfOneself(name: string, { filerKind, province }: SiteNameContext): boolean {
  return filerKind === 'individual' && province === '32' && individualForm.test(name);
}

const individualForm = /^.{1,12}的个人(?:博客|主页)$/u;

function remarksOn(name: string, context: SiteNameContext): SiteNameRemark[] {
  const { filerKind } = context;
  const { length } = [...name];
  const most = filerKind === 'individual' ? 10 : 20;
  const nationalWord = first(name, national);
  const sensitiveWord = filerKind === 'organization' ? first(name, sensitive) : undefined;
  const industryWord = first(name, industry);
  return [
    ...(nationalWord === undefined ? [] : [{ code: 'site-name-national' as const, word: nationalWord }]),
    ...(sensitiveWord === undefined ? [] : [{ code: 'site-name-sensitive' as const, word: sensitiveWord }]),
    ...(industryWord === undefined ? [] : [{ code: 'site-name-industry' as const, word: industryWord }]),
    ...(length > most ? [{ code: 'site-name-length' as const, length, most }] : []),
    ...provinceRemarks(name, context),
  ];
}

/** What single provinces ask for besides. */
function provinceRemarks(name: string, { filerKind, province, filerName }: SiteNameContext): SiteNameRemark[] {
  if (province === undefined) return [];
  const remark = (rule: Extract<SiteNameRemark, { code: 'site-name-province' }>['rule'], word?: string): SiteNameRemark[] => [
    { code: 'site-name-province', province, rule, ...(word !== undefined && { word }) },
  ];
  if (filerKind === 'individual') {
    if (province === '32') return individualForm.test(name) ? [] : remark('individual-form');
    return province === '36' || province === '61' ? remark('unique') : [];
  }
  switch (province) {
    case '51':
    case '41':
      return filerName === undefined || isLike(name, filerName) ? [] : remark('like-filer');
    case '36':
    case '61':
      return remark('unique');
    case '50':
      return /\p{Script=Latin}/u.test(name) ? remark('no-latin') : [];
    case '53': {
      const place = placeIn(name);
      return place === undefined || filerName?.includes(place) ? [] : remark('no-place', place);
    }
    default:
      return [];
  }
}

/** Whether the name holds two characters in a row of what is the filer's own in its name: 福州某某科技有限公司 and 某某商城. */
function isLike(name: string, filerName: string): boolean {
  const places = findPlaces(normalize(filerName)).map(({ matched }) => matched);
  const core = [...places, ...commonParts].reduce((rest, part) => rest.replaceAll(part, ' '), filerName);
  const pairs = core
    .split(/[^\p{L}\p{N}]+/u)
    .flatMap((part) => Array.from({ length: Math.max(0, part.length - 1) }, (_, at) => part.slice(at, at + 2)));
  return name.includes(filerName) || pairs.some((pair) => name.includes(pair));
}

const commonParts = [
  '股份',
  '有限',
  '责任',
  '公司',
  '集团',
  '科技',
  '网络',
  '信息',
  '技术',
  '贸易',
  '商贸',
  '电子',
  '文化',
  '传媒',
  '服务',
  '中心',
  '省',
  '市',
  '县',
  '区',
];

function placeIn(name: string): string | undefined {
  return findPlaces(normalize(name)).find(({ doubt }) => doubt === undefined || doubt === 'same-name')?.matched;
}

/** The first of the words that a name holds. */
function first(name: string, words: Words): string | undefined {
  for (const word of words) {
    const found = typeof word === 'string' ? (name.includes(word) ? word : undefined) : word.exec(name)?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}
