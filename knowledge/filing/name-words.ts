// Words that administrations look at, beside those of names in `entities/site-name.ts`. Examples, not the whole list: each office keeps
// its own and changes it. Source: finance-keywords, not-involved-commitment and individual-commercial of the facts survey of 2026-11.

/** Sound like business in an individual's remark. */
export const commercialWords = [
  '公司',
  '企业',
  '产品',
  '报价',
  '价格',
  '销售',
  '出售',
  '商品',
  '店铺',
  '购买',
  '下单',
  '招商',
  '代理',
  '客户',
] as const;

/** Words of trades with an approval or a licence of their own, by the sectors of `kinds.ts` that answer for them. */
export const industryWords: readonly { word: string; sectors: readonly string[] }[] = [
  ...[
    '金融',
    '支付',
    '网贷',
    'P2P',
    '众筹',
    '理财',
    '基金',
    '投资',
    '资产管理',
    '财富管理',
    '保险',
    '证券',
    '信托',
    '小额贷款',
    '交易所',
    '交易中心',
  ].map((word) => ({ word, sectors: ['finance'] })),
  ...['教育', '培训', '学校', '学院'].map((word) => ({ word, sectors: ['education', 'tutoring'] })),
  ...['医疗', '医院', '诊所', '门诊'].map((word) => ({ word, sectors: ['medical'] })),
  ...['药', '医疗器械'].map((word) => ({ word, sectors: ['drugs'] })),
  { word: '新闻', sectors: ['news'] },
  ...['出版', '网络文学'].map((word) => ({ word, sectors: ['publishing'] })),
  ...['影视', '视频', '电影', '电视'].map((word) => ({ word, sectors: ['audiovisual'] })),
  ...['直播', '动漫', '音乐'].map((word) => ({ word, sectors: ['culture', 'audiovisual'] })),
  { word: '游戏', sectors: ['games'] },
  ...['网约车', '打车', '拼车'].map((word) => ({ word, sectors: ['ride-hailing'] })),
  ...['宗教', '佛教', '道教', '基督教'].map((word) => ({ word, sectors: ['religion'] })),
];

/** The words of the list that stand in a text. */
export function wordsIn(text: string, words: readonly string[]): string[] {
  return words.filter((word) => text.includes(word));
}

/** Trade words in names whose sectors were not named among those of the service; the longest where one begins another. */
export function unexplainedIndustryWords(
  names: readonly (string | undefined)[],
  sectors: readonly string[],
): { word: string; finance: boolean }[] {
  return industryWords
    .filter(
      (each) => names.some((name) => name?.toUpperCase().includes(each.word)) && !each.sectors.some((sector) => sectors.includes(sector)),
    )
    .map(({ word, sectors: [first] }) => ({ word, finance: first === 'finance' }));
}
