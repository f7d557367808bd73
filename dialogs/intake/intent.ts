import type { FilingType } from '../../knowledge/filing/filing-case.ts';
import type { Values } from '../../knowledge/filing/form.ts';
import { essence, normalize } from '../../knowledge/text/normalize.ts';

/** A wish to have a filing made, as far as the words say which. */
export interface Intent {
  filingType?: FilingType;
  values: Values;
}

/** The wish that the whole message is: 帮我备案, 公司换法人了要改备案. Questions (备案怎么办理) are none. */
export function readIntent(text: string): Intent | undefined {
  const plain = normalize(text);
  const said = essence(text).replace(/备(?:个|一个|下|一下)案/, '备案');
  if (said.length > longest) return undefined;
  if (byName[said]) return { filingType: byName[said], values: serviceIn(said) };
  if (beginnings.has(said)) return { values: {} };
  if (asksSomething(plain) || noWish.test(said) || !(wish.test(said) || changed.test(said)) || !matter.test(said)) return undefined;
  return readWish(text);
}

/** What a message that is known to be a wish says about the case. */
export function readWish(text: string): Intent {
  const said = essence(text);
  const filingType = typeIn(said);
  return { ...(filingType && { filingType }), values: { ...serviceIn(said), ...filerIn(said) } };
}

const longest = 40;

// 能帮我备案吗 and 你们可以代办备案吗 are wishes in the form of questions.
const politeWish = /(?:能|可以|能不能|可不可以|可否).{0,4}(?:帮(?:我|我们|忙)?|替我|给我).{0,12}(?:吗|么|不|嘛|呢)?$/;

/** Whether words ask for something to be explained, rather than done or told. */
export function asksSomething(text: string): boolean {
  const said = normalize(text);
  if (politeWish.test(essence(said)) && !/怎么|如何|多久|多少|什么|哪|要不要|需不需要/.test(said)) return false;
  return /[?？]|怎么|怎样|咋|如何|多久|多长|多快|多少|几天|几号|何时|什么|啥|哪|为什么|吗$|么$|呢$|能不能|可不可以|是不是|要不要|需不需要|有没有|行不行|会不会|可以.*[吗么]|流程|条件|材料|费用|价格|区别|后果|影响|失败|被拒|驳回|退回|不通过|教程|步骤|规定/.test(
    said,
  );
}

const greeting = '(?:你好|您好|在吗|请问)?';
const somebody = '(?:我|我们|俺|咱|咱们|公司|本公司|我们公司|我公司|我司|单位|我们单位|店里|这边|现在|马上|今天)*';
const wants = '(?:要|想|想要|需要|打算|准备|得|来|申请|委托|请你们|请)';
const doing = '(?:去|来|把|给|你们|找你们|办|办理|做|弄|搞|申请|开通|开始|代|代办|帮)*';

/** Said of what the speaker wants done, from the beginning; or asked of somebody: 帮我, 给我们, 代办. */
const wish = new RegExp(
  `^${greeting}${somebody}${wants}${doing}.{0,8}(?:备案|接入|注销|变更|新增网站|新增服务|许可证|icp|edi)` +
    `|^${greeting}${somebody}.{0,8}(?:网站|官网|app|小程序|公司|域名)(?:也)?(?:要|想|需要)(?:做|办|做个|办个)?备案$` +
    '|(?:(?:帮|替)(?:我|我们|俺|客户|公司|忙)?|给(?:我|我们|俺|客户|公司)).{0,8}(?:办|做|弄|搞|申请|备(?!案号|注|案密码)|开|提交|注销|改|变更|报|走|接入|撤)' +
    '|^(?:开始|立即|马上|现在)?(?:就)?(?:给我)?(?:办理|申请|代办|代理|委托)|(?:代办|代备|代理)备案|^(?:开|下|建)(?:个|一个|一张)?(?:备案)?(?:单|受理单)$',
  'i',
);

/** Words of somebody who asks, tells of trouble, or wants something explained, in a sentence that would pass for a wish. */
const noWish =
  /(.)不\1|不$|还是|第一步|干嘛|几(?:家|个|次)|提示|弹出|跳出|报错|卡住|列下|列出|清单|代码|批不下来|查不到|通不过|怕|担心|听说|据说|说要|为了|了解|定义|要求|程序|过程|时间|报个?价|价钱|白话|谁|跑路|打不通|丢了|不配合|不用了?$|没人|没结束|一步到位|省掉|省一|运营商|平台能|管局|冲突|其中|转回|转到/;
const changed = /(?:换|改|变)(?:了)?(?:法人|负责人|名字|公司名|地址|手机号|电话|服务器|云).{0,8}(?:改|变更|更新).{0,4}备案/;
const matter = /备案|备一下|接入|注销|变更|新增网站|新增服务|许可证|icp|edi|受理单|公司名|法人|域名/i;

function typeIn(said: string): FilingType | undefined {
  return byWords.find(([words]) => words.test(said))?.[1];
}

const byWords: readonly [RegExp, FilingType][] = [
  [/许可证|经营性|icp证|icp经营|edi|增值电信/i, 'license'],
  [/密码|登不上|收不到短信|找回/, 'recover-access'],
  [/取消接入|撤(?:销|掉)?接入/, 'cancel-access'],
  [/(?:注销|取消|撤销|删).{0,4}主体|主体.{0,4}(?:注销|取消)/, 'cancel-filer'],
  [/(?:注销|取消|撤销).{0,6}(?:网站|服务|app)|(?:网站|服务|app).{0,6}注销/i, 'cancel-service'],
  [/新增接入|加接入|接入备案|备案接入|办接入|(?:换|搬|迁|转).{0,6}(?:服务器|云|接入商|空间)/, 'add-access'],
  [
    /变更|(?:改|修改|更新|更正).{0,6}(?:备案|法人|负责人|地址|电话|手机|名称|信息)|(?:换|改)(?:了)?(?:法人|负责人|名字|公司名|地址)/,
    'change',
  ],
  [
    /还有(?:一|1|两|2)?个(?:新的?)?(?:网站|app|站|域名)|新增(?:一个)?(?:网站|服务|app|域名|站)|(?:再|多|又)(?:加|备|增加)(?:一?个)?(?:网站|app|站|域名)?|第二个(?:网站|域名)/i,
    'add-service',
  ],
  [/首次|第一次|新网站|新备案|新公司|没备过/, 'initial'],
];

/** Ways to begin that name no case. */
const beginnings: ReadonlySet<string> = new Set(
  '开始登记 开始办理 我要开始办理 开始办 开单 开个单 现在就办 现在就给我办吧 我要登记 帮我登记 woyaobeian bangwobeian wo要备案 我要beian'.split(
    ' ',
  ),
);

/** Names of the cases, said alone. */
const byName: Readonly<Record<string, FilingType>> = Object.fromEntries(
  (
    [
      ['initial', '首次备案 办理首次备案 新备案 我要首次备案 办首次备案 shoucibeian'],
      ['add-service', '新增网站 新增服务 新增app 新增网站备案 新增互联网信息服务 办新增网站'],
      ['add-access', '新增接入 接入备案 新增接入备案 办新增接入 办接入'],
      ['change', '变更备案 办变更备案 备案变更办理 办理变更'],
      ['cancel-filer', '注销主体 注销备案主体 办注销主体'],
      ['cancel-service', '注销网站 注销网站备案 注销服务 注销app'],
      ['cancel-access', '取消接入 办取消接入'],
      ['recover-access', '找回备案信息 办找回备案信息 找回备案账号 备案信息找回'],
      ['license', '办理许可证 办icp证 办edi 办icp许可证 办edi许可证 许可证办理 办理icp许可证 办理edi许可证 icp证办理'],
    ] as const
  ).flatMap(([type, names]) => names.split(' ').map((name) => [name, type])),
);

function serviceIn(said: string): Values {
  if (/小程序/.test(said)) return { serviceKind: 'mini-program' };
  if (/app|应用|软件/i.test(said)) return { serviceKind: 'app' };
  return /网站|网页|官网|域名/.test(said) ? { serviceKind: 'website' } : {};
}

/** Who files, as far as a wish says: of units the name says more. */
function filerIn(said: string): Values {
  if (/个体(?:户|工商户)/.test(said)) return { filerKind: 'individual-business' };
  return /(?:我|以|用|办|做)个人|个人(?:网站|博客|主页|备案|名义|身份|的|app|小程序)/i.test(said) && !/公司|企业|单位/.test(said)
    ? { filerKind: 'individual' }
    : {};
}

/** Whether words are a question by their form: in a free text (备注, 地址) the words of questions occur as well. */
export function asksPlainly(text: string): boolean {
  return /[?？]\s*$|[吗呢么嘛][。.!！~]*$|^(?:请问|问一下|怎么|为什么|为啥|如何|能不能|可不可以|是不是)|怎么办|多久|多少钱|要不要|是什么|什么意思|什么时候|能不能|(?:啥|咋办|咋填|咋写|填什么|写什么|发什么|什么用|干嘛|怎样|怎么样|怎么填|怎么写|行不行|可以不|哪个|哪里|哪儿)[啊呀的了]*[。.!！~]*$/.test(
    normalize(text),
  );
}
