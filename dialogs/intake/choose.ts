import type { FilingType } from '../../knowledge/filing/filing-case.ts';

/**
 * The few questions that settle which case a customer needs, for the many who choose wrongly or do not know. At most five are
 * asked. Rules: intake survey of 2026-11, section 1.
 */
export interface Choosing {
  question: string;
  answers: readonly Answer[];
}

interface Answer {
  label: string;
  words?: RegExp;
  leads: string | Outcome;
}

/** `reason` is told to the customer. Without a type there is nothing to open: the reason says what to do instead. */
export interface Outcome {
  filingType?: FilingType;
  reason: string;
}

export type Settled = { kind: 'question'; choosing: Choosing } | { kind: 'outcome'; outcome: Outcome };

/** Where the answers given so far, as labels, lead. */
export function settle(answers: readonly string[]): Settled {
  let at = start;
  for (const answer of answers) {
    const { leads } = at.answers.find(({ label }) => label === answer) ?? {};
    if (leads === undefined) break;
    if (typeof leads !== 'string') return { kind: 'outcome', outcome: leads };
    at = tree[leads] ?? start;
  }
  return { kind: 'question', choosing: at };
}

/** The answer that a customer's words give to a question, as its label. */
export function readChoice(said: string, { answers }: Choosing): string | undefined {
  return (answers.find(({ label }) => label === said) ?? answers.find(({ words }) => words?.test(said)))?.label;
}

/** The answer that is plain when somebody wants a filing and names the service it is for. */
export const newService = '新网站、App、小程序要备案';

const start: Choosing = {
  question: '请问您这次要办哪件事？拿不准就选“不清楚”，我问几个小问题帮您判断。',
  answers: [
    { label: newService, words: /新(?:网站|站|app|小程序|备案)|第一次|首次|没备过|还没备/i, leads: 'filer' },
    {
      label: '换或加服务器商',
      words: /换.*(?:服务器|接入|云)|接入|迁移|(?:网站|服务器|数据|云).*搬|搬.*(?:服务器|云)/,
      leads: { filingType: 'add-access', reason: '网站已有备案、只是换到新的服务器商，要办的是“新增接入”，备案号不变。' },
    },
    {
      label: '备案资料要改',
      words: /改|变更|换法人|更名|变了|换了|搬家|搬了|换(?:地址|电话|手机|名)/,
      leads: { filingType: 'change', reason: '已有备案、资料有变化，要办的是“变更备案”。' },
    },
    { label: '不用了，要注销', words: /注销|取消|不用了|不要了|不要用|关掉|关了|关停/, leads: 'cancel' },
    {
      label: '登不上、收不到短信',
      words: /登不|密码|短信|手机号.*(?:停|换|丢)|找不到/,
      leads: { filingType: 'recover-access', reason: '我先帮您理清是哪里卡住了。备案密码2020年起已经不用，这里也不会问您任何密码。' },
    },
    {
      label: '办ICP或EDI许可证',
      words: /许可证|经营性|icp证|edi/i,
      leads: { filingType: 'license', reason: '许可证和备案是两件事，我先了解情况，判断要不要办、够不够条件。' },
    },
    { label: '不清楚', words: /不清楚|不知道|不懂|不确定|不太/, leads: 'filed' },
  ],
};

const addService: Outcome = {
  filingType: 'add-service',
  reason: '这家单位（或您本人）已经有备案主体，再加一个网站或App，要办的是“新增服务”，不用重新办主体。',
};
const initial: Outcome = { filingType: 'initial', reason: '主体和网站都没有备过案，要办的是“首次备案”。' };
const whereToLook = '可以先到[工信部备案系统](https://beian.miit.gov.cn/)的公共查询，用单位全称和域名各查一次';

const tree: Readonly<Record<string, Choosing>> = {
  filer: {
    question: '这家单位（个人就是您本人）以前有没有备案过别的网站或App？',
    answers: [
      { label: '没有备案过', words: /^(?!.*(?:不知道|不清楚|不确定|忘)).*(?:没|未|第一次|首次|头一次|是新|新的|全新)/, leads: initial },
      { label: '备案过别的', words: /^(?!.*(?:不知道|不清楚|不确定|忘)).*(?:^有|备过|备案过|已经有|办过)/, leads: addService },
      {
        label: '不知道',
        words: /不知道|不清楚|不确定|忘/,
        leads: {
          filingType: 'initial',
          reason: `先按“首次备案”登记。${whereToLook}；如果查到已有备案号，请发给我，要办的就变成“新增服务”。`,
        },
      },
    ],
  },
  filed: {
    question: '这个网站（或App）现在有没有备案号？',
    answers: [
      { label: '没有', words: /^(?!.*(?:不知道|不清楚|不确定)).*(?:没|无)/, leads: 'filer' },
      { label: '有', words: /^有|^(?!.*没).*(?:已经|备过|有的|有号)/, leads: 'whose' },
      {
        label: '不知道',
        words: /不知道|不清楚|不确定/,
        leads: { reason: `${whereToLook}。查到备案号就发给我；查不到，就是还没有备案，请发“首次备案”。` },
      },
    ],
  },
  whose: {
    question: '备案登记的主体是您这边吗？',
    answers: [
      { label: '是我们的', words: /^(?!.*(?:不是|别人|朋友|前任|上一家|以前的)).*(?:^是|我们|本公司|我的|我自己|对)/, leads: 'use' },
      {
        label: '是别人的',
        words: /不是|别人|其他|前任|别家|朋友|上一家|以前的/,
        leads: { reason: '域名还挂在别人的备案下，要先请原来的主体注销或删除，之后才能办您的。这种情况由工作人员先核对，请发“转人工”。' },
      },
    ],
  },
  use: {
    question: '这个网站接下来还用吗？',
    answers: [
      { label: '继续用', words: /^(?!.*(?:不用|不要|不再|不继续)).*(?:继续|还用|还要|用$|要用|当然|^用)/, leads: 'keep' },
      { label: '不用了', words: /不用|不要|不再|不继续|关/, leads: 'cancel' },
    ],
  },
  keep: {
    question: '那这次是遇到了哪种情况？',
    answers: [
      {
        label: '换或加服务器商',
        words: /服务器|接入|云|搬|迁/,
        leads: { filingType: 'add-access', reason: '备案还在、服务器换到新的一家，要办的是“新增接入”，备案号不变。' },
      },
      {
        label: '登记的资料变了',
        words: /资料|变|改|法人|地址|电话|名称/,
        leads: { filingType: 'change', reason: '备案还在、资料有变化，要办的是“变更备案”。' },
      },
      { label: '要再加一个网站或App', words: /加|新增|第二/, leads: addService },
      {
        label: '收不到短信或登不上',
        words: /短信|登|密码|手机/,
        leads: { filingType: 'recover-access', reason: '我先帮您理清是哪里卡住了。这里不会问您任何密码。' },
      },
    ],
  },
  cancel: {
    question: '要注销到哪一步？三种的后果不一样。',
    answers: [
      {
        label: '整个主体都不要了',
        words: /主体|全部|整个|都不/,
        leads: { filingType: 'cancel-filer', reason: '要办的是“注销主体”：名下所有网站和App的备案会一起失效，以后再用要从头备案。' },
      },
      {
        label: '只注销一个网站或App',
        words: /网站|服务|一个|app/i,
        leads: { filingType: 'cancel-service', reason: '要办的是“注销服务”：只注销这一个网站或App，主体还在。' },
      },
      {
        label: '只是不用这家服务器了',
        words: /服务器|接入|云/,
        leads: {
          filingType: 'cancel-access',
          reason: '要办的是“取消接入”。先在新服务器商办好接入，再取消旧的；没有别家接入，备案会被注销。',
        },
      },
    ],
  },
};
