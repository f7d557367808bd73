/**
 * Short questions that only make sense after the turn before: "那要多久", "变更的话呢", "个人呢". Most name either another
 * aspect of the same matter, or another matter of which the same is asked; a table of both says which topic that is.
 */

/** What is asked about a matter, with the words by which it is recognised in a short question; the first that fits counts. */
const aspects = {
  whole: /(总共|一共|全部|全程|整个|前后|从头到尾|加起来).{0,6}(多久|几天|多长时间|多少天|几个月)/,
  annual: /年(检|审|报)|每年/,
  renewal: /续|快到期|到期(了|怎么|后)|过期了/,
  penalty: /罚|处罚|会怎(么)?样|可以不(做|办|备|弄|报)|后果|被抓|不(办|备|做|弄|报|改|挂)(的话)?会|违法/,
  restore: /恢复|重新(备|办)|找回|还能再/,
  cancel: /注销|撤(销|掉|了)?|取消|不(做|要|用|干)了/,
  returned: /退回|被退|给退|退了|驳回|不通过|没(通)?过|打回|被拒/,
  progress: /进度|查|到哪/,
  fee: /多少钱|要钱|收费|费用|花钱|免费|价格|怎么收|贵不贵|几块|掏钱/,
  deadline: /期限|最晚|截止|几天内|多少天内|什么时候之前|多久内/,
  materials: /材料|资料|证件|准备(些)?(什么|啥|哪)|要带|交(什么|啥|哪)/,
  validity: /有效期|管几年|几年|到期|过期|期限|长期/,
  display: /挂|放(在|到)|底部|展示|标(在|注)|显示/,
  time: /多久|几天|多长时间|什么时候(能)?(下|好|出|批|办|过)|要等|多少天|几个月|审几|快的话|工作日|时间要/,
  conditions: /条件|够不够|资格|门槛|能不能办|可以办吗/,
  required: /必须|要不要|用不用|需要吗|需不需要|也要(办|备)?|得办|可以不|不办行/,
  change: /变更|改(一下|信息|名|资料)?$|换(了)?(法人|名|地址)/,
  process: /怎么(办|弄|做|走|申请|操作|撤|改|备)|流程|步骤|咋(办|弄|整)|在哪(里)?(办|弄|申请|做)|去哪/,
} satisfies Record<string, RegExp>;

type Aspect = keyof typeof aspects;

interface Matter {
  /** Words by which a short question names the matter. */
  words: RegExp;
  topics: Partial<Record<Aspect, string>>;
  /** Further topics of the matter, whose short follow-ups are about it. */
  others?: string[];
}

const matters: Matter[] = [
  {
    words: /变更|改信息|改资料/,
    topics: {
      fee: 'change-fee',
      time: 'change-review-time',
      process: 'change-info',
      deadline: 'change-deadline',
      penalty: 'change-deadline',
    },
    others: [
      'edit-before-after-submit',
      'change-impact',
      'change-company-name',
      'change-legal-rep',
      'change-phone-email',
      'change-address',
    ],
  },
  {
    words: /注销|撤销|清掉|清除/,
    topics: { time: 'cancel-time', process: 'cancel-which', restore: 'cancel-restore' },
    others: ['cancel-subject', 'cancel-site', 'cancel-access', 'cancel-phone-lost'],
  },
  {
    words: /许可证|经营证|icp证|增值电信|edi/,
    topics: {
      fee: 'license-cost',
      time: 'license-time',
      materials: 'license-materials',
      conditions: 'license-conditions',
      required: 'need-license-check',
      penalty: 'license-penalty',
      validity: 'license-validity',
      renewal: 'license-renewal',
      annual: 'license-annual-report',
      display: 'license-display',
      change: 'license-change',
    },
    others: ['license-what', 'license-capital', 'license-social-security', 'license-vs-edi', 'license-cross-province', 'license-foreign'],
  },
  {
    words: /小程序/,
    topics: { required: 'miniprogram-filing', process: 'miniprogram-filing', cancel: 'miniprogram-cancel' },
  },
  {
    words: /app|应用|软件/,
    topics: {
      required: 'app-filing-required',
      process: 'app-filing-process',
      materials: 'app-filing-materials',
      display: 'app-number-display',
      deadline: 'app-deadline',
      penalty: 'app-deadline',
    },
    others: ['app-exempt', 'app-domain', 'app-multi-platform', 'app-vs-site-filing'],
  },
  {
    words: /公安|网安/,
    topics: { required: 'public-security-filing', process: 'ps-process', deadline: 'ps-deadline', display: 'ps-number-display' },
    others: ['ps-data-code', 'ps-app', 'ps-overseas'],
  },
  {
    words: /代办|你们|找人办|中介/,
    topics: { fee: 'agency-fee', process: 'agency-start-case', materials: 'agency-materials-security' },
    others: ['agency-role'],
  },
  {
    words: /备案/,
    topics: {
      fee: 'filing-fee',
      time: 'review-time',
      whole: 'timeline-total',
      process: 'filing-process',
      materials: 'materials-enterprise',
      conditions: 'filing-prerequisites',
      required: 'who-must-file',
      penalty: 'no-filing-penalty',
      validity: 'filing-validity',
      annual: 'annual-review',
      display: 'display-filing-number',
      change: 'change-info',
      cancel: 'cancel-which',
      progress: 'progress-query',
      returned: 'rejected-what-to-do',
    },
    others: [
      'process-first-filing',
      'process-add-site',
      'what-is-icp-filing',
      'timeline-total',
      'filing-query',
      'materials-personal',
      'which-provider-to-file',
    ],
  },
];

/** Who files, where that changes the topic. */
const filers: { words: RegExp; topics: Record<string, string> }[] = [
  { words: /个人/, topics: { 'materials-enterprise': 'materials-personal', 'website-name-rules': 'personal-site-name' } },
  {
    words: /个体/,
    topics: { 'materials-enterprise': 'materials-individual-business', 'license-conditions': 'license-individual-business' },
  },
  { words: /公司|企业|单位/, topics: { 'materials-personal': 'materials-enterprise', 'personal-site-name': 'website-name-rules' } },
];

/** What is asked of two matters together has a topic of its own: after 公安备案, App也要吗 is about the 公安备案 of apps. */
const crossings: { before: RegExp; words: RegExp; topic: string }[] = [
  { before: /^(app-number-display|display-filing-number)$/, words: /公安|网安/, topic: 'ps-number-display' },
  { before: /^(change|cancel)-/, words: /(只|就)?换(个|了)?ip/i, topic: 'change-ip' },
  { before: /^change-/, words: /电话|手机号?|邮箱/, topic: 'change-phone-email' },
  { before: /^change-/, words: /法人/, topic: 'change-legal-rep' },
  { before: /^change-/, words: /地址/, topic: 'change-address' },
  { before: /^change-/, words: /公司名(称|字)?/, topic: 'change-company-name' },
  { before: /^access-conflict$/, words: /补(上|办)?/, topic: 'process-add-access' },
  { before: /^filing-types$/, words: /换了?家?(云|服务商|接入商)/, topic: 'process-add-access' },
  { before: /^(filing-types|process-add-access)$/, words: /新(买|注册)的?域名|域名.{0,3}新(买|注册)/, topic: 'process-add-site' },
  { before: /^filing-query$/, words: /(正)?在审|审核中/, topic: 'progress-query' },
  { before: /^(license-|ecommerce-license)/, words: /(这?俩|两(个|种)).{0,2}(不一样|区别|不同)/, topic: 'license-vs-edi' },
  { before: /^(multi-site-submit|process-add-site)$/, words: /上限|最多(几|多少)个?/, topic: 'province-limits' },
  { before: /^(face-verification|sms-)/, words: /短信(那个)?/, topic: 'sms-verification' },
  { before: /^(ps-|public-security)/, words: /app|应用|软件|小程序/, topic: 'ps-app' },
  { before: /^(app-|miniprogram-)/, words: /公安|网安/, topic: 'ps-app' },
  { before: /^(ps-|public-security)/, words: /境外|国外|海外|香港/, topic: 'ps-overseas' },
  { before: /^overseas-server$/, words: /公安|网安/, topic: 'ps-overseas' },
  { before: /^license-/, words: /个体|个人/, topic: 'license-individual-business' },
  { before: /^license-/, words: /外资|外商|合资|港资|外国/, topic: 'license-foreign' },
  {
    before: /^(ads-on-site|paid-content-license|ecommerce-license|need-license-check|commercial-vs-noncommercial)$/,
    words: /个人/,
    topic: 'individual-commercial',
  },
];

/** Words that a short question may have besides. */
const fillers =
  /那|呢|吗|么|嘛|啊|的话|的|了|要是|如果|我们|我|你们|您|是|还|也|都|又|得|要|会|能|需要|一般|大概|总共|一共|请问|哪里|哪儿|号|另外|这个|这种|就|吧|想|下来|不|该|行|有|个/g;
const mostLeft = 2;

/**
 * A topic that the table names, and what it rests on: the same is asked of another matter (变更的话呢), something is asked by its name
 * (那要多久), or two matters or a filer meet in a topic of their own (个体户的呢).
 */
export interface NamedTopic {
  topic: string;
  by: 'carried' | 'asked' | 'met';
}

/** A topic, as far as it says what a short question after it is about. */
interface TopicOfCategory {
  id: string;
  category: string;
}

/** The topic that a short question is most likely about after another, as far as the table knows. */
export function followUpTopic(question: string, { id: before, category }: TopicOfCategory): NamedTopic | undefined {
  const filer = filers.find(({ words }) => words.test(question));
  const named = matters.find(({ words }) => words.test(question));
  const asked = aspectIn(question, named);
  const crossing = crossings.find((one) => one.before.test(before) && one.words.test(question));
  if (saysMore(question, [filer?.words, named?.words, crossing?.words, asked && aspects[asked]])) return undefined;
  if (crossing) return { topic: crossing.topic, by: 'met' };
  if (filer?.topics[before]) return { topic: filer.topics[before], by: 'met' };
  const own = matters.find(({ topics, others = [] }) => Object.values(topics).includes(before) || others.includes(before));
  const matter = named ?? own ?? (asked && ofTheWholeMatter.has(asked) ? matterAround({ id: before, category }) : undefined);
  const aspect = asked ?? (named && own && aspectOf(before, own));
  const topic = matter && aspect && (matter.topics[aspect] ?? (aspect === 'whole' ? matter.topics.time : undefined));
  return topic === undefined ? undefined : { topic, by: asked ? 'asked' : 'carried' };
}

/** What is the same for a matter as a whole, whichever of its topics came before. */
const ofTheWholeMatter: ReadonlySet<Aspect> = new Set(['whole', 'time', 'fee', 'materials', 'progress']);
/** Categories whose topics take time and papers of their own: after 域名实名, 要多久 is not about the review. */
const withTheirOwn: ReadonlySet<string> = new Set(['conflict', 'domain', 'hosting', 'password']);
/** Likewise topics about something else that is applied for or set right beside the filing: an approval, a check of its own. */
const asideFromFiling = /approval$|^(ai-filing|info-check-notice|finance-keywords|residence-permit)$/;

/** The matter that a topic belongs to by its category, for topics that no matter lists. */
function matterAround(topic: TopicOfCategory): Matter | undefined {
  if (withTheirOwn.has(topic.category) || asideFromFiling.test(topic.id)) return undefined;
  const name = matterOf(topic).toLowerCase();
  return matters.find(({ words }) => words.test(name));
}

/** Whether a question names both a matter and what is asked about it: 备案要多久 leans on nothing. */
export function isComplete(question: string): boolean {
  const named = matters.find(({ words }) => words.test(question));
  return named !== undefined && aspectIn(question, named) !== undefined;
}

/** Whether anything is left of the question besides what the table recognised: 主体冲突怎么办 is a question of its own. */
function saysMore(question: string, recognised: readonly (RegExp | undefined)[]): boolean {
  const left = recognised.reduce((rest, words) => (words ? rest.replace(words, '') : rest), question);
  return left.replace(fillers, '').replace(/[^\p{L}\p{N}]/gu, '').length > mostLeft;
}

/** The aspect that the question names, unless that is the name of the matter itself. */
function aspectIn(question: string, named: Matter | undefined): Aspect | undefined {
  const rest = named ? question.replace(named.words, '') : question;
  return (Object.keys(aspects) as Aspect[]).find((aspect) => aspects[aspect].test(rest));
}

function aspectOf(topic: string, { topics }: Matter): Aspect | undefined {
  return (Object.keys(topics) as Aspect[]).find((aspect) => topics[aspect] === topic);
}

/** What the questions of a category are about, in the words in which a short question leaves it out. */
const matterOfCategory: Readonly<Record<string, string>> = {
  'app-miniprogram': 'App备案',
  'agency-service': '你们代办',
  cancel: '注销备案',
  change: '变更备案',
  domain: '域名备案',
  license: '许可证',
  'paid-vs-free': '许可证',
  password: '备案密码',
  'public-security': '公安备案',
  review: '备案审核',
};

/** The matter of a topic, to be put before a short question: after 变更备案, 网站会停吗 is 变更备案 网站会停吗. */
export function matterOf({ id, category }: TopicOfCategory): string {
  return matterOfTopic[id.split('-', 1)[0] as string] ?? matterOfCategory[category] ?? '备案';
}

/** Where the first word of a topic's id says more than its category. */
const matterOfTopic: Readonly<Record<string, string>> = {
  sms: '短信核验',
  miniprogram: '小程序备案',
  materials: '备案材料',
};
