/** What short questions are told by: what is asked, of which matter, by which filer, and what two matters have together. */

/** What is asked about a matter, with the words by which it is recognised in a short question; the first that fits counts. */
export const aspects = {
  whole: /(总共|一共|全部|全程|整个|前后|从头到尾|加起来).{0,6}(多久|几天|多长时间|多少天|几个月)/,
  annual: /年(检|审|报)|每年/,
  renewal: /续|快到期|到期(了|怎么|后)|过期了/,
  penalty: /罚|处罚|会怎(么)?样|可以不(做|办|备|弄|报)|后果|被抓|不(办|备|做|弄|报|改|挂)(的话)?会|违法/,
  restore: /恢复|重新(备|办)|找回|还能再/,
  cancel: /注销|撤(销|掉|了)?|取消|不(做|要|用|干)了/,
  returned: /退回|被退|给退|退了|驳回|不通过|没(通)?过|打回|被拒/,
  progress: /进度|查|到哪/,
  fee: /多少钱|要钱|收钱|收费|费用|花钱|花多少|免费|价格|报价|怎么收|贵不贵|几块|(掏|交)钱/,
  deadline: /期限|最晚|截止|几天内|多少天内|什么时候之前|多久内/,
  materials: /材料|资料|证件|准备(些)?(什么|啥|哪)|要带|(交|带)(什么|啥|哪)|(什么|啥|哪些)(东西|文件)/,
  validity: /有效期|管几年|几年|到期|过期|期限|长期/,
  display: /挂|放(在|到)|底部|展示|标(在|注)|显示/,
  time: /多久|几天|多长时间|(什么|啥)时候(能)?(下|好|出|批|办|过)|要等|多少(天|周)|几(个)?(月|周|星期)|审几|快的话|工作日|时间要/,
  conditions: /条件|够不够|资格|门槛|能不能办|可以办吗/,
  required: /必须|非得|要不要|用不用|需要吗|需不需要|也(要|得)(办|备)?|得办|可以不|不办行/,
  change: /变更|改(一下|信息|名|资料)?$|换(了)?(法人|名|地址)/,
  process: /(怎么|如何|怎样)(办|弄|做|走|申请|操作|撤|改|备)|流程|步骤|咋(办|弄|整|走|申请)|(在)?哪(里|儿)?(办|弄|申请|做)|去哪/,
} satisfies Record<string, RegExp>;

export type Aspect = keyof typeof aspects;

export interface Matter {
  /** Words by which a short question names the matter. */
  words: RegExp;
  topics: Partial<Record<Aspect, string>>;
  /** Further topics of the matter, whose short follow-ups are about it. */
  others?: string[];
  /** What is not told of it apart is the same as for a website's filing. */
  likeFiling?: true;
}

export const matters: readonly Matter[] = [
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
    words: /注销|撤销|清除|(销|撤|清|删)掉/,
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
    words: /((微信|抖音|支付宝|百度)(里|上)?的?)?小程序/,
    topics: { required: 'miniprogram-filing', process: 'miniprogram-filing', cancel: 'miniprogram-cancel' },
    likeFiling: true,
  },
  {
    words: /app|应用|软件/,
    topics: {
      required: 'app-filing-required',
      process: 'app-filing-process',
      time: 'app-filing-process',
      materials: 'app-filing-materials',
      display: 'app-number-display',
      deadline: 'app-deadline',
      penalty: 'app-deadline',
    },
    others: ['app-exempt', 'app-domain', 'app-multi-platform', 'app-vs-site-filing'],
    likeFiling: true,
  },
  {
    words: /公安|网安/,
    topics: {
      required: 'public-security-filing',
      process: 'ps-process',
      materials: 'ps-process',
      deadline: 'ps-deadline',
      penalty: 'ps-deadline',
      display: 'ps-number-display',
    },
    others: ['ps-data-code', 'ps-app', 'ps-overseas'],
  },
  {
    words: /代办|你们|找人办|中介/,
    topics: { fee: 'agency-fee', process: 'agency-start-case', materials: 'agency-materials-security' },
    others: ['agency-role'],
  },
  {
    words: /实名/,
    topics: { required: 'domain-realname', process: 'domain-realname', time: 'domain-realname-wait' },
  },
  {
    words: /(重新|再)(提交|交|提)/,
    topics: { process: 'rejected-what-to-do', time: 'resubmit-requeue' },
    others: ['reject-domain-realname', 'reject-site-name', 'reject-content', 'reject-filed-site-offline', 'reject-photo'],
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
      renewal: 'filing-validity',
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
export const filers: readonly { words: RegExp; topics: Readonly<Record<string, string>> }[] = [
  {
    words: /事业单位|机关|政府|学校|社团|协会|社会组织/,
    topics: {
      'materials-personal': 'materials-institution',
      'materials-enterprise': 'materials-institution',
      'materials-individual-business': 'materials-institution',
    },
  },
  {
    words: /外国人|老外|港澳|台湾|台胞/,
    topics: {
      'materials-personal': 'foreigner-hk-mo-tw',
      'materials-enterprise': 'foreigner-hk-mo-tw',
      'residence-permit': 'foreigner-hk-mo-tw',
      'province-residence': 'foreigner-hk-mo-tw',
    },
  },
  {
    words: /(外国|国外|境外|海外)公司|外企/,
    topics: { 'materials-enterprise': 'foreign-company', 'foreigner-hk-mo-tw': 'foreign-company' },
  },
  {
    words: /个人/,
    topics: {
      'materials-enterprise': 'materials-personal',
      'materials-individual-business': 'materials-personal',
      'materials-institution': 'materials-personal',
      'website-name-rules': 'personal-site-name',
      'reject-site-name': 'personal-site-name',
      'province-company-cross': 'province-residence',
    },
  },
  {
    words: /个体(工商)?户?/,
    topics: {
      'materials-personal': 'materials-individual-business',
      'materials-enterprise': 'materials-individual-business',
      'license-conditions': 'license-individual-business',
    },
  },
  {
    words: /公司|企业|单位/,
    topics: {
      'materials-personal': 'materials-enterprise',
      'materials-individual-business': 'materials-enterprise',
      'materials-institution': 'materials-enterprise',
      'personal-site-name': 'website-name-rules',
      'province-residence': 'province-company-cross',
      'residence-permit': 'province-company-cross',
    },
  },
];

/** What is asked of two matters together has a topic of its own: after 公安备案, App也要吗 is about the 公安备案 of apps. */
export const crossings: readonly { before: RegExp; words: RegExp; topic: string }[] = [
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
  {
    before: /^(license-|ecommerce-license|need-license)/,
    words: /(这?俩|两(个|种|张)?)(证.{0,6}(区别|不一样|不同|分)|.{0,2}(区别|不一样|不同))/,
    topic: 'license-vs-edi',
  },
  { before: /^(multi-site-submit|process-add-site)$/, words: /上限|最多(几|多少)个?/, topic: 'province-limits' },
  { before: /^(face-verification|sms-)/, words: /短信(那个)?/, topic: 'sms-verification' },
  { before: /^(ps-|public-security)/, words: /app|应用|软件|小程序/, topic: 'ps-app' },
  { before: /^(app-|miniprogram-)/, words: /公安|网安/, topic: 'ps-app' },
  { before: /^(ps-|public-security)/, words: /境外|国外|海外|香港/, topic: 'ps-overseas' },
  { before: /^overseas-server$/, words: /公安|网安/, topic: 'ps-overseas' },
  { before: /^cancel-(?!phone)/, words: /(手机|电话|号码).{0,3}(停|丢|没|换|空)|手机号?|收不到/, topic: 'cancel-phone-lost' },
  { before: /^license-/, words: /个体|个人/, topic: 'license-individual-business' },
  { before: /^license-/, words: /外资|外商|合资|港资|外国/, topic: 'license-foreign' },
  {
    before: /^(ads-on-site|paid-content-license|ecommerce-license|need-license-check|commercial-vs-noncommercial)$/,
    words: /个人/,
    topic: 'individual-commercial',
  },
];

/** Words that a short question may have besides. */
export const fillers =
  /那么|那|呢|吗|么|嘛|啊|呀|的话|的|了|要是|如果|我们|我|你们|您|是|还|也|都|又|得|要|会|能|需要|一般|大概|大慨|差不多|到底|究竟|具体|现在|然后|咱|总共|一共|请问|哪里|哪儿|号|另外|这个|这种|就|吧|想|下来|不|该|行|有|个|里|以后|之后|号码|这么|那样|一样|批/g;

/** Neighbouring matters that are none of ours, in so few characters that they would pass for what may be left over. */
export const otherMatters = /商标|专利|版权|软著|发票|税|公积金|保险|贷款|快递|装修/;
