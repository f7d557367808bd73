/** Names of firms and products that customers use, by what they mean to a filing. A word of the trade stands for each: 从阿里云换到腾讯云 is a move between cloud vendors. */
export const brands: Readonly<Record<string, readonly string[]>> = {
  云厂商: (
    '阿里云 腾讯云 华为云 百度云 百度智能云 京东云 天翼云 移动云 联通云 金山云 火山引擎 青云 优刻得 ucloud aliyun aws azure 亚马逊云 微软云 ' +
    '景安 美橙互联 美橙 三五互联 西部数码 新网 万网 野草云 雨云 七牛云 七牛 又拍云 又拍'
  ).split(' '),
  国外注册商: 'godaddy namecheap namesilo cloudflare hover porkbun dynadot gandi 狗爹'.split(' '),
  建站平台: '凡科 wix 有赞 微盟 小鹅通 shopify 易企秀 起飞页 乔拓云 万企互联'.split(' '),
  ai: 'chatgpt gpt deepseek 深度求索 文心一言 通义千问 豆包 kimi llm'.split(' '),
};

const classes = new Map(Object.entries(brands).flatMap(([word, names]) => names.map((name) => [name, word] as const)));
const longestFirst = [...classes.keys()].sort((a, b) => b.length - a.length);
/** Also the beginning of other words: 新网站, 百万网民. */
const beginsWords = new Set(['新网', '万网']);
const pattern = (name: string) =>
  /^[a-z]/.test(name) ? `(?<![a-z])${name}(?![a-z])` : beginsWords.has(name) ? `${name}(?![站页址店络民])` : name;
const named = new RegExp(longestFirst.map(pattern).join('|'), 'gu');

/** Puts in a normalized text, for every name of a firm or product, what it is. */
export function withoutBrands(text: string): string {
  return text.replace(named, (name) => classes.get(name) ?? name);
}
