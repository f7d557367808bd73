import { isUndecided } from '../../../knowledge/entities/aside.ts';
import { findDates } from '../../../knowledge/entities/date.ts';
import { parseFilingDomain } from '../../../knowledge/entities/filing-domain.ts';
import { refused } from '../../../knowledge/entities/result.ts';
import { checkSiteName } from '../../../knowledge/entities/site-name.ts';
import { listed, type Values } from '../../../knowledge/filing/form.ts';
import {
  businessModels,
  contentCategories,
  languages,
  mostContentCategories,
  preApprovalSectors,
  registrants,
} from '../../../knowledge/filing/kinds.ts';
import type { Option, ReadContext, Reading } from '../field.ts';
import type { Remark } from '../problems.ts';
import { choice, choices, optionsFrom, severalFrom, unsureWords, yesOrNo } from './choice.ts';
import { serviceWord } from './leaders.ts';
import { extended, type FieldTable, forPerson, readAs, readText, saysNothing } from './reading.ts';

const categoryOptions: Option[] = optionsFrom(contentCategories, {
  portal: { words: ['门户', '官网', '单位门户', '企业官网', '公司官网', '公司介绍', '企业展示', '公司网站', '产品展示', '企业网站'] },
  'e-commerce': { words: ['电商', '商城', '网店', '购物', '卖货', '网上商城', '卖东西', '卖点', '卖产品', '销售', '网上卖'] },
  tools: { words: ['工具', '软件', '办公', '管理系统'] },
  'information-service': { words: ['资讯', '行业信息', '信息服务'] },
  education: { words: ['教育', '培训', '课程'] },
  health: { words: ['医疗', '健康', '医院', '医药'] },
  travel: { words: ['旅游', '酒店', '住宿', '餐饮', '美食'] },
  culture: { words: ['文化', '娱乐', '音乐', '视频', '影视'] },
  games: { words: ['手游', '网游'] },
  finance: { words: ['理财', '保险', '支付', '贷款'] },
  community: { words: ['社交', '社区', '论坛', '交友', '聊天'] },
  'public-service': { words: ['政务', '公益', '政府'] },
  blog: { words: ['博客', '个人空间', '个人博客', '个人主页', '日记', '随笔', '摄影'] },
  other: { words: ['其他', '其它', '别的', '以上都不是', '都不是'] },
});

const ofIndividuals = categoryOptions.filter(({ value }) => value === 'blog' || value === 'other');
const categoriesOf = ({ filerKind }: Values) => (filerKind === 'individual' ? ofIndividuals : categoryOptions);
const severalCategories = { most: mostContentCategories };

const registrantOptions: Option[] = optionsFrom(registrants, {
  filer: {
    words: [
      '公司',
      '本公司',
      '单位',
      '本单位',
      '公司名下',
      '主体',
      '自己',
      '本人',
      '我自己',
      '我本人',
      '我',
      '我们公司',
      '我们',
      '是同一个',
    ],
  },
  'legal-representative': {
    words: ['法人', '法人名下', '老板', '法人个人', '老板个人'],
    remark: { code: 'registrant-not-filer', registrant: 'legal-representative' },
  },
  other: {
    words: ['别人', '其他人', '员工', '朋友', '别的公司', '前任', '别人名下', '另一家公司', '建站公司', '同事'],
    remark: { code: 'registrant-not-filer', registrant: 'other' },
  },
  unsure: { words: unsureWords, remark: { code: 'registrant-unsure' } },
});

const verifiedOptions = yesOrNo(
  {
    label: '满3天了',
    words: [
      '满了',
      '已满',
      '满3天',
      '满三天',
      '早就实名了',
      '已经实名',
      '实名了',
      '实名过',
      '已实名',
      '做过',
      '做了',
      '超过三天',
      '满了3天',
      '早就做了',
      '超过3天',
      '很久了',
    ],
  },
  {
    label: '没实名或不满3天',
    words: ['没实名', '还没实名', '未实名', '没有实名', '不满3天', '不满三天', '刚实名', '刚注册', '刚买', '没满', '还没满'],
    remark: { code: 'registrant-not-verified' },
  },
  { label: '不清楚', remark: { code: 'registrant-verification-unsure' } },
);

const languageOptions: Option[] = optionsFrom(languages, {
  'zh-hans': { words: ['中文', '简体', '简体中文', '汉语', '普通话'] },
  'zh-hant': { words: ['繁体', '繁体中文'] },
  en: { words: ['英文'] },
  ja: { words: ['日文'] },
  ko: { words: ['韩文', '朝鲜语'] },
  ru: { words: ['俄文'] },
  fr: { words: ['法文'] },
  de: { words: ['德文'] },
  es: { words: ['西语'] },
  ar: { words: ['阿语'] },
  bo: { words: ['藏文'] },
  ug: { words: ['维语', '维文'] },
  mn: { words: ['蒙文', '蒙语'] },
  other: { words: ['其他', '其它'] },
});

type Sector = keyof typeof preApprovalSectors;
const sectorWords: Record<Sector, readonly string[]> = {
  news: ['时政', '新闻转载', '新闻采编'],
  publishing: ['电子书', '网络文学', '小说', '期刊', '图书'],
  games: ['手游', '网游', '游戏下载'],
  culture: ['音乐', '演出', '动漫', '直播'],
  audiovisual: ['影视', '视频', '短视频', '电影', '网络电视'],
  drugs: ['药品', '药', '医疗器械', '器械', '药店'],
  medical: ['医疗', '医院', '诊疗', '诊所', '保健'],
  education: ['网校', '职业培训', '培训'],
  tutoring: ['学科培训', '学科辅导', '中小学培训', '补课'],
  'ride-hailing': ['打车', '拼车', '顺风车'],
  religion: ['佛教', '道教', '基督教', '讲经'],
  finance: ['支付', '网贷', '理财', '众筹', '保险', '基金', '贷款'],
  bbs: ['留言板', 'bbs'],
};
const sectorOptions: Option[] = [
  {
    value: 'none',
    label: '以上都不涉及',
    words: ['都不涉及', '不涉及', '都没有', '没有', '无', '都不', '没', '都不是', '以上都不', '全都不涉及', '都不做'],
  },
  ...(Object.keys(preApprovalSectors) as Sector[]).map((value) => ({
    value,
    label: preApprovalSectors[value].label,
    words: sectorWords[value],
    remark: { code: 'pre-approval', sector: value } as const,
  })),
  forPerson('pre-approval', { value: 'unsure', label: '不确定', words: unsureWords.filter((word) => word !== '不确定') }),
];

const modelWords: Partial<Record<keyof typeof businessModels, readonly string[]>> = {
  none: [
    '都没有',
    '没有',
    '无',
    '都不涉及',
    '只展示',
    '只做展示',
    '只是展示',
    '不收费',
    '免费',
    '只发布信息',
    '发布信息',
    '以上都没有',
    '展示',
    '都不',
  ],
  'own-shop': ['自营', '自营商城', '卖自己的产品', '卖自家产品', '自己卖货', '卖货'],
  'paid-content': ['付费', '会员', '付费内容', '知识付费', '收费', '付费会员'],
  'third-party': ['第三方', '商家入驻', '入驻', '第三方入驻', '平台', '第三方交易'],
  matchmaking: ['撮合', '中介', '招聘', '撮合交易'],
  ads: ['广告', '广告收费', '接广告', '投广告'],
  community: ['论坛', '社区', '评论', '留言', '发帖'],
  messaging: ['即时聊天', '聊天', '即时通信', 'im'],
  search: ['搜索引擎'],
  'app-store': ['应用分发', '软件下载'],
  live: ['直播间', '直播带货'],
};
const modelOptions: Option[] = optionsFrom(
  businessModels,
  Object.fromEntries(
    (Object.keys(businessModels) as (keyof typeof businessModels)[]).map((model) => [
      model,
      {
        words: modelWords[model] ?? [],
        ...(model !== 'none' && model !== 'own-shop' && { remark: { code: 'license-likely', model } as const }),
      },
    ]),
  ),
);

/** The service (网站、App、小程序) that is filed. */
export const serviceFields = {
  'onlineService.name': {
    label: '网站/App名称',
    names: ['网站名称', '网站名', 'App名称', 'App名', '小程序名称', '服务名称', '站名', '应用名称'],
    ask: (values) =>
      values.serviceKind !== undefined && values.serviceKind !== 'website'
        ? `${namedService(values)}叫什么名字？和平台、应用商店里的一致。`
        : values.filerKind === 'individual'
          ? `${namedService(values)}叫什么名字？个人的用三到十个汉字的普通词，不要像公司、产品或论坛。`
          : `${namedService(values)}叫什么名字？至少三个汉字，用单位全称或简称最稳妥。`,
    why: '名称要和实际内容、主体相符。国字头、行业词、论坛一类的名称容易被退回。',
    example: '青禾信息',
    read: readServiceName,
    freeText: true,
  },
  'onlineService.domainName': {
    label: '域名',
    names: ['网址', '网站域名', '主域名', '网站地址', '域名地址'],
    ask: domainQuestion,
    why: '备案是按主域名登记的：域名在谁名下、是否实名，管局都会核对。',
    example: 'example.com',
    read: readDomain,
    show: (domain) => (domain === 'none' ? '没有自有域名' : domain),
  },
  registrant: {
    label: '域名持有人',
    names: ['域名所有者', '域名所有人', '域名在谁名下', '持有人'],
    ask: ({ filerKind }) => `域名登记在谁名下？${filerKind === 'individual' ? '个人备案要是您本人。' : '一般要和备案主体一致。'}`,
    why: '域名持有人和主体不一致，是最常见的退回原因之一。',
    example: '备案主体自己',
    options: ({ filerKind }) =>
      filerKind === 'individual' ? registrantOptions.filter(({ value }) => value !== 'legal-representative') : registrantOptions,
    read: choice(({ filerKind }) =>
      filerKind === 'individual' ? registrantOptions.filter(({ value }) => value !== 'legal-representative') : registrantOptions,
    ),
  },
  registrantVerified: {
    label: '域名实名满3天',
    names: ['域名实名', '实名认证', '实名情况', '实名满3天', '域名实名认证'],
    ask: '域名做过实名认证、而且满3天了吗？',
    why: '实名信息要过几天才同步到管局，没同步就报，会查不到持有人。',
    example: '满3天了',
    options: verifiedOptions,
    read: choice(verifiedOptions),
  },
  domainExpiry: {
    label: '域名到期日',
    names: ['域名有效期', '域名到期时间', '域名什么时候到期'],
    ask: '域名哪天到期？',
    why: '快到期的域名要先续费，多数要求还剩3个月以上。',
    example: '2029-08-01',
    read: readExpiry,
    optional: true,
  },
  contentCategories: {
    label: '服务内容类别',
    names: ['内容类别', '服务内容', '网站类别', '网站内容', '类别', '服务类别'],
    ask: (values) => `${namedService(values)}主要是什么内容？可以选几项，最多${mostContentCategories}项。`,
    why: '类别要和打开后的实际内容一致，也关系到要不要先办审批。',
    example: '其他',
    options: categoriesOf,
    several: severalCategories,
    read: readCategories,
  },
  serviceRemark: {
    label: '服务备注',
    names: ['网站备注', '备注', '内容说明', '网站说明', '服务说明', '内容简介'],
    ask: '请用20到200字介绍一下：给谁看、放什么内容、不做什么。不会写可以发“举个例子”。',
    why: '管局靠这段话了解内容。只写“学习用”“测试”会被退回。',
    example: '介绍本公司的软件产品、服务案例和联系方式，面向企业客户，不提供在线交易、评论和下载。',
    read: readServiceRemark,
    freeText: true,
  },
  languages: {
    label: '语种',
    names: ['语言', '网站语言', '网站语种'],
    ask: '用哪些语言？默认是中文简体。',
    why: '备案表里要登记网站使用的语种。',
    example: '中文简体',
    ...severalFrom(languageOptions),
    optional: true,
  },
  preApproval: {
    label: '前置审批内容',
    names: ['前置审批', '审批', '涉及的审批', '特殊行业'],
    ask: '会不会提供下面这些内容或服务？可以多选；只看实际做的业务，都没有就选“以上都不涉及”。',
    why: '这些内容要先取得主管部门的批准文件才能备案，漏报会被退回。',
    example: '以上都不涉及',
    ...severalFrom(sectorOptions, { alone: ['none', 'unsure'] }),
  },
  businessModel: {
    label: '经营方式',
    names: ['业务模式', '经营模式', '收费方式', '盈利方式', '商业模式'],
    ask: '网站或App上会不会有这些？可以多选；只介绍自己就选第一项。',
    why: '收费、让别人入驻交易、发帖等可能另要ICP或EDI许可证，先了解能少走弯路。',
    example: '只介绍自己，以下都没有',
    ...severalFrom(modelOptions, { alone: ['none'] }),
  },
} satisfies FieldTable;

function namedService({ serviceKind }: Values): string {
  return serviceKind === 'mini-program' ? '小程序' : serviceWord(serviceKind);
}

function domainQuestion({ serviceKind, licenseTask, changeItems }: Values): string {
  if (listed(changeItems).includes('remove-domain')) return '要从备案里删掉哪个域名？';
  if (isApp(serviceKind)) return 'App用的域名是哪个？没有自己的域名就说“没有”。';
  return licenseTask === undefined ? '网站的域名是哪个？只发主域名，例如 example.com。' : '网站用的域名是哪个？例如 example.com。';
}

function isApp(serviceKind: string | undefined): boolean {
  return serviceKind === 'app' || serviceKind === 'quick-app';
}

function readServiceName(typed: string, { values }: ReadContext): Reading {
  const { filerKind, filerProvince, filerName, serviceKind } = values;
  // An app is called as in the stores, which may be 微信 or ABC; the rules for site names are of no use there.
  const name = typed
    .trim()
    .replace(/^(?:我们?的?)?(?:网站|名字|app)*(?:就?叫做?|名字是)/iu, '')
    .replace(/^[《“"「](.+)[》”"」]$/u, '$1');
  if (isUndecided(name)) return refused({ code: 'service-name-unclear' });
  if (isApp(serviceKind) || serviceKind === 'mini-program') return readText(name, 2, 30);
  const checked = checkSiteName(name, {
    filerKind: filerKind === 'individual' ? 'individual' : 'organization',
    ...(filerProvince !== undefined && { province: filerProvince }),
    ...(filerName !== undefined && { filerName }),
  });
  if (!checked.ok) return checked;
  return readAs(checked.value.name, { remarks: checked.value.remarks });
}

function readDomain(typed: string, { values }: ReadContext): Reading {
  if (isApp(values.serviceKind) && (typed === 'none' || saysNothing(typed))) return readAs('none');
  if (saysNothing(typed)) return refused({ code: 'domain-needed', filed: values.serviceNumber !== undefined });
  const government = values.filerKind === 'government';
  const parsed = parseFilingDomain(typed, { keepSubdomain: isApp(values.serviceKind) || government });
  if (!parsed.ok) return parsed;
  const { domain, subdomain, remark } = parsed.value;
  return readAs(domain, {
    remarks: [
      subdomain === undefined || subdomain === domain ? undefined : { code: 'domain-subdomain', subdomain, domain },
      remark && { code: `domain-${remark}` },
    ],
  });
}

function readExpiry(typed: string, { today }: ReadContext): Reading {
  const [date] = findDates(typed, today, { lean: 'future' });
  if (!date) return refused({ code: 'date-unknown' });
  if (date.day < today) return readAs(date.day, { remarks: [{ code: 'domain-expired', day: date.day }] });
  return readAs(date.day, { remarks: [daysBetween(today, date.day) < 90 ? { code: 'domain-expiring', day: date.day } : undefined] });
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}

// 黑龙江 and 重庆 take individuals' sites as blogs only, 陕西 not as blogs (rules of 2024-04); 浙江 neither, by one source.
const onlyBlogs = ['23', '50'];
const noBlogs = ['61', '33'];

function readCategories(typed: string, context: ReadContext): Reading {
  const { filerKind, filerProvince: province } = context.values;
  const read = choices(categoriesOf, severalCategories)(typed, context);
  if (filerKind !== 'individual') return read;
  return extended(read, (value) => ({ remarks: [categoryRemark(listed(value), province)] }));
}

function categoryRemark(categories: readonly string[], province: string | undefined): Remark | undefined {
  if (province === undefined) return undefined;
  const blog = categories.includes('blog');
  const odd = (onlyBlogs.includes(province) && categories.some((each) => each !== 'blog')) || (noBlogs.includes(province) && blog);
  return odd ? { code: 'category-province', province, wanted: blog ? 'other' : 'blog' } : undefined;
}

function readServiceRemark(typed: string, { values }: ReadContext): Reading {
  const business =
    values.filerKind === 'individual'
      ? /公司|产品|报价|价格|客户|企业/u.exec(typed.replace(/(?:不|没有|无)[^，。；,;]*/gu, ''))?.[0]
      : undefined;
  return extended(readText(typed, 20, 200), () => ({
    remarks: [business === undefined ? undefined : { code: 'remark-sounds-commercial', word: business }],
  }));
}
