import { type Province, provinces } from './province.ts';

/** A place that a message names. */
export interface Place {
  /** Code of the province it lies in, see `provinceOf`. */
  province: string;
  /** The province's name, as 浙江省. */
  provinceName: string;
  /** As it stands in the text, from `start` to before `end`. */
  matched: string;
  start: number;
  end: number;
  level: 'province' | 'place';
  /**
   * Why it may be meant otherwise: a place of the same name lies in another province too (`alsoIn`), it is part of the name of
   * an institution (山东大学, 南京银行), or it is a common word as well (日照). Ask before relying on it.
   */
  doubt?: 'same-name' | 'part-of-name' | 'common-word';
  alsoIn?: readonly string[];
}

/** Which province a message is about, when it says so. */
export type NamedProvince = { kind: 'none' } | { kind: 'one'; province: string } | { kind: 'several'; provinces: string[] };

/**
 * The places in a text normalized by `normalize`, from left to right, each the longest name that fits and none inside another:
 * looking for names anywhere would find 南通 in 云南通信管理局. Roads (南京路), dishes, dialects and goods named after a
 * place are none. Names: the survey of 2026-11 with all prefectures, and of the municipalities all districts; district names
 * that exist in many cities (和平区, 鼓楼区, 河东区, 朝阳 alone) are not known to it.
 */
export function findPlaces(text: string): Place[] {
  const places: Place[] = [];
  let at = 0;
  while (at < text.length) {
    const word = longestWordAt(text, at);
    if (word?.province && !isNamedAfter(text, at + word.name.length)) places.push(describe(word.name, word.province, text, at));
    at += word?.name.length ?? 1;
  }
  return places;
}

/**
 * The province that places speak for. Certain ones decide; a doubtful one counts only when nothing certain stands beside it,
 * and then together with the other provinces it may lie in.
 */
export function provinceNamed(places: readonly Place[]): NamedProvince {
  const certain = places.filter(({ doubt }) => doubt === undefined);
  const counted = certain.length > 0 ? certain : places;
  const codes = [...new Set(counted.flatMap(({ province, alsoIn = [] }) => [province, ...alsoIn]))];
  const [first] = codes;
  if (first === undefined) return { kind: 'none' };
  if (codes.length === 1 && certain.length > 0) return { kind: 'one', province: first };
  return { kind: 'several', provinces: codes };
}

// Districts of the same name in two provinces (survey of 2026-11); the first is the one that is usually meant.
const sameNames: Record<string, readonly [string, ...string[]]> = {
  朝阳区: ['11', '22'],
  通州区: ['11', '32'],
  普陀区: ['31', '33'],
  宝山区: ['31', '23'],
  江北区: ['50', '33'],
  西安区: ['23', '22'],
};

// Names that are common words, too.
const commonWords = new Set(['日照', '长治', '德州', '普洱', '哈密', '开封', '大同', '安康', '和田']);

// Words that contain or overlap a name and are none: the longest word wins, whether it is a place or not.
const notPlaces = [
  ...['西南', '东南', '中南', '华东', '东西', '华南', '华北', '华中', '西北', '东北'],
  ...['确保', '确定', '指定', '绑定', '固定', '规定', '锁定', '设定', '约定', '认定', '稳定', '安定', '保定期', '定安全'],
  ...[
    '更新',
    '刷新',
    '完毕',
    '推广',
    '搬迁',
    '重大',
    '最大',
    '较大',
    '很大',
    '更大',
    '巨大',
    '扩大',
    '强大',
    '大连锁',
    '大连接',
    '大同小异',
  ],
  ...[
    '三明治',
    '石狮子',
    '四平方',
    '大理石',
    '大理由',
    '新余额',
    '新乡村',
    '新乡镇',
    '西安全',
    '文山会海',
    '日照时间',
    '日照香炉',
    '长治久安',
  ],
  ...['白银市场', '朝阳市场', '东方市场', '南沙', '双桥区', '和平区', '河东区', '鼓楼区', '德州扑克', '哈密瓜', '普洱茶', '和田玉'],
  ...[
    '中南海',
    '中山装',
    '黄山松',
    '凉山药',
    '阿里云',
    '粤省事',
    '等保',
    '医保',
    '社保',
    '普通',
    '岳阳楼',
    '北京时间',
    '未开封',
    '已开封',
    '开封条',
    '版纳入',
    '自贡献',
    '南昌盛',
  ],
];

/** Province, or undefined for a word that is no place. */
const words = new Map<string, Province | undefined>([
  ...notPlaces.map((word) => [word, undefined] as const),
  ...provinces.flatMap((province) => [province.name, ...province.aliases].map((name) => [name, province] as const)),
  ...Object.entries(sameNames).map(([name, [code]]) => [name, provinces.find((province) => province.code === code)] as const),
]);
const longestWord = Math.max(...[...words.keys()].map((word) => word.length));

function longestWordAt(text: string, at: number): { name: string; province: Province | undefined } | undefined {
  for (let length = Math.min(longestWord, text.length - at); length > 1; length -= 1) {
    const name = text.slice(at, at + length);
    if (words.has(name) && !isCutOff(name, text.charAt(at + length))) return { name, province: words.get(name) };
  }
  return undefined;
}

/** 河北区域 is no 河北区, 苏州市场 no 苏州市: the shorter name is tried instead. */
function isCutOff(name: string, next: string): boolean {
  return (
    (/区$/.test(name) && /[域别分块]/.test(next)) || (/市$/.test(name) && /[场民值政]/.test(next)) || (/州$/.test(name) && next === '际')
  );
}

/** What follows makes it a road, a dish, a dialect, goods … rather than the place. */
function isNamedAfter(text: string, end: number): boolean {
  return /^(?:[东西南北中]?(?:路(?![由过上径演])|大道|大街|街|巷|胡同)|话|方言|菜|火锅|小面|拉面|米线|米粉|烤鸭|扒鸡|烧烤|麻辣烫|啤酒|白药|茅台|苹果|戏)/.test(
    text.slice(end, end + 4),
  );
}

function describe(matched: string, province: Province, text: string, start: number): Place {
  const end = start + matched.length;
  const alsoIn = sameNames[matched]?.filter((code) => code !== province.code);
  const doubt = alsoIn ? 'same-name' : isInstitution(text, end) ? 'part-of-name' : commonWords.has(matched) ? 'common-word' : undefined;
  return {
    province: province.code,
    provinceName: province.name,
    matched,
    start,
    end,
    level: isProvinceItself(matched, province) ? 'province' : 'place',
    ...(doubt && { doubt }),
    ...(alsoIn && { alsoIn }),
  };
}

/** An institution named after a place need not be there: 南京大学 has a campus in 苏州, 北京银行 branches everywhere. */
function isInstitution(text: string, end: number): boolean {
  return /^(?:(?:(?![上读念考在的])\p{Script=Han}){0,4}(?:大学|学院)|银行|证券|日报|晚报|卫视|电视台|航空)/u.test(text.slice(end, end + 8));
}

function isProvinceItself(matched: string, { name, shortName }: Province): boolean {
  return matched === name || matched === shortName || matched === `${shortName}区` || matched === '内蒙';
}
