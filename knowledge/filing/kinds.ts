// The codes that the values of a case are made of, with their names in Chinese. Source: intake survey of 2026-11, sections 5 to 10.
// Access providers' own numeric codes differ from one another and change: they are looked up when a filing is handed in, not kept here.

/** Who files (主体类型), and the certificate that shows it. Some provinces and providers take two of them as one. */
export const filerKinds = {
  individual: { label: '个人', certificate: '居民身份证' },
  enterprise: { label: '企业', certificate: '营业执照' },
  'individual-business': { label: '个体工商户', certificate: '营业执照' },
  'public-institution': { label: '事业单位', certificate: '事业单位法人证书' },
  government: { label: '政府机关', certificate: '统一社会信用代码证书' },
  'social-organization': { label: '社会团体', certificate: '社会团体法人登记证书' },
  'private-non-enterprise': { label: '民办非企业单位', certificate: '民办非企业单位登记证书' },
  foundation: { label: '基金会', certificate: '基金会法人登记证书' },
  'law-firm': { label: '律师事务所', certificate: '律师事务所执业许可证' },
  'foreign-representative': { label: '外国企业常驻代表机构', certificate: '常驻代表机构登记证' },
  military: { label: '部队、国防机构', certificate: '部队代号等证明' },
  other: { label: '其他单位', certificate: '登记证书' },
} as const satisfies Record<string, { label: string; certificate: string }>;
export type FilerKind = keyof typeof filerKinds;

/** What is filed (服务形态). */
export const serviceKinds = { website: '网站', app: 'App', 'mini-program': '小程序', 'quick-app': '快应用' } as const;
export type ServiceKind = keyof typeof serviceKinds;

/** Mini programs are filed in the back office of the platform they run on. */
export const miniProgramPlatforms = { wechat: '微信', douyin: '抖音', alipay: '支付宝', other: '其他平台' } as const;
export type MiniProgramPlatform = keyof typeof miniProgramPlatforms;

/** Systems that an app runs on. */
export const appPlatforms = { android: '安卓', ios: 'iOS', harmony: '鸿蒙', other: '其他系统' } as const;
export type AppPlatform = keyof typeof appPlatforms;

/** What a service offers (服务内容类别), in the words that providers' lists have in common; a provider's own list is finer. */
export const contentCategories = {
  portal: '单位门户网站',
  'e-commerce': '电子商务',
  tools: '工具软件',
  'information-service': '行业资讯',
  education: '教育培训',
  health: '医疗健康',
  travel: '旅游住宿餐饮',
  culture: '文化娱乐',
  games: '游戏',
  finance: '金融',
  community: '社交社区',
  'public-service': '政务公益',
  blog: '博客/个人空间',
  other: '其他',
} as const;
export type ContentCategory = keyof typeof contentCategories;

/** At most so many categories in one service: interface of one platform, 2024. */
export const mostContentCategories = 5;

export const languages = {
  'zh-hans': '中文简体',
  'zh-hant': '中文繁体',
  en: '英语',
  ja: '日语',
  ko: '韩语',
  ru: '俄语',
  fr: '法语',
  de: '德语',
  es: '西班牙语',
  ar: '阿拉伯语',
  bo: '藏语',
  ug: '维吾尔语',
  mn: '蒙古语',
  other: '其他语种',
} as const;
export type Language = keyof typeof languages;

/** What needs an approval before filing (前置审批), what it is, the document and its office. A person looks at every case with one. */
export interface PreApprovalSector {
  label: string;
  /** What is meant. */
  typical: string;
  document?: string;
  office?: string;
}

export const preApprovalSectors = {
  news: { label: '新闻', typical: '采编、转载时政新闻；公司动态不算', document: '互联网新闻信息服务许可证', office: '网信部门' },
  publishing: { label: '出版', typical: '电子书、网络文学、学术期刊、音像', document: '网络出版服务许可证', office: '新闻出版部门' },
  games: { label: '游戏', typical: '游戏下载、运营', document: '网络游戏版号及出版文件', office: '新闻出版部门' },
  culture: { label: '文化', typical: '音乐、表演、动漫、直播的经营', document: '网络文化经营许可证', office: '文化和旅游部门' },
  audiovisual: { label: '视听', typical: '影视点播、网络电视、短视频平台', document: '信息网络传播视听节目许可证', office: '广播电视部门' },
  drugs: {
    label: '药品、医疗器械',
    typical: '药品或器械的说明、目录、展示',
    document: '互联网药品医疗器械信息服务备案（原资格证书）',
    office: '药品监督管理部门',
  },
  medical: { label: '医疗保健', typical: '诊疗、医院介绍', document: '医疗机构执业许可证（部分省仍要）', office: '卫生健康部门' },
  education: { label: '教育', typical: '网校、职业培训；审批已取消，一般只要说明' },
  tutoring: { label: '校外培训', typical: '中小学学科类线上培训', document: '办学许可证或教育部门文件', office: '教育部门' },
  'ride-hailing': { label: '网约车', typical: '打车、拼车平台', document: '网络预约出租汽车经营许可证', office: '交通运输部门' },
  religion: { label: '宗教', typical: '宗教内容、讲经直播', document: '互联网宗教信息服务许可证', office: '宗教事务部门' },
  finance: { label: '金融', typical: '支付、网贷、理财、众筹、保险、基金', document: '金融牌照或监管部门文件', office: '金融监管部门' },
  bbs: { label: '论坛', typical: '论坛、留言板；专项审批已取消，个人不接受' },
} as const satisfies Record<string, PreApprovalSector>;
/** `none`: nothing of this; `unsure`: a person looks at it. */
export type PreApproval = keyof typeof preApprovalSectors | 'none' | 'unsure';

/** How a service earns or lets others take part: what decides whether a licence is needed. */
export const businessModels = {
  none: '只介绍自己，以下都没有',
  'own-shop': '卖自家商品或服务',
  'paid-content': '付费内容、会员',
  'third-party': '让别的商家入驻交易',
  matchmaking: '撮合信息收费',
  ads: '替别人发广告收费',
  community: '论坛、社区、评论',
  messaging: '即时通讯',
  search: '搜索',
  'app-store': '应用商店',
  live: '直播',
} as const;
export type BusinessModel = keyof typeof businessModels;

/** In whose name the domain is registered (域名持有人). */
export const registrants = {
  filer: '备案主体自己',
  'legal-representative': '法定代表人',
  other: '其他人或别的单位',
  unsure: '不清楚',
} as const;
export type Registrant = keyof typeof registrants;

/** What a change of a filing is about (变更项). */
export const changeItems = {
  name: '单位名称或姓名',
  certificate: '证件信息、有效期',
  address: '证件住所、通信地址',
  'legal-representative': '法定代表人/主体负责人',
  'leader-contact': '主体负责人的手机、邮箱',
  'service-leader': '网站/App负责人',
  'service-name': '网站/App名称',
  'service-content': '服务内容、备注',
  'remove-domain': '删掉旧域名',
  ip: '服务器IP、接入方式',
  filer: '换成另一个主体',
} as const;
export type ChangeItem = keyof typeof changeItems;

/** What stands in the way of somebody who asks for a password. The filing password itself was abolished on 2020-08-17. */
export const lostAccessKinds = {
  'filing-password': '备案密码忘了',
  'provider-account': '云服务商账号登不上',
  'leader-mobile': '备案手机停用、收不到短信',
  'provider-unknown': '不知道当年的接入商',
  'old-process': '有人还在要备案密码',
} as const;
export type LostAccess = keyof typeof lostAccessKinds;

export const licenseTasks = {
  new: '新办',
  renew: '续期',
  change: '变更',
  add: '增加业务种类',
  'annual-report': '年报',
  cancel: '注销',
  transfer: '转让、挂靠',
  ask: '先咨询要不要办',
} as const;
export type LicenseTask = keyof typeof licenseTasks;
