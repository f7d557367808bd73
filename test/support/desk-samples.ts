import sharp from 'sharp';
import type { Brief, Entry } from '../../bot/desk/desk-api.ts';
import { DeskStandIn, type StandInTalk } from './desk-stand-in.ts';

export const passwords = { wang: '河流 灯塔 自行车 04', li: '晴天 铅笔 小火车 17', zhao: '石头 茶壶 风车 99' };

const minute = 60_000;

/** A desk in the middle of a morning: an administrator, two agents, people who wait, and one talk that has gone on for a while. */
export async function busyDesk(): Promise<DeskStandIn> {
  const desk = await new DeskStandIn().start();
  const now = Date.now();
  const account = { active: true, hasPassword: true, hasSecondFactor: false, createdAt: now - 90 * 24 * 60 * minute };
  desk.accounts.push(
    { id: 'a1', login: 'wang', name: '王芳', role: 'administrator', skills: ['conflict', 'license'], password: passwords.wang, ...account },
    { id: 'a2', login: 'li', name: '李明', role: 'agent', skills: ['province'], password: passwords.li, ...account },
    { id: 'a3', login: 'zhao', name: '赵倩', role: 'supervisor', skills: [], password: passwords.zhao, ...account },
  );
  for (const talk of [askedForMisses(now), complaint(now), askedForPerson(now), returnedNotice(now)]) desk.talks.set(talk.id, talk);
  desk.replies = [
    { id: 'r1', title: '问好', text: '{customer}好，我是客服{agent}，看到您前面的问题了，马上为您查。' },
    { id: 'r2', title: '请稍等', text: '请稍等，我核对一下管局的最新要求，大约需要两分钟。' },
    { id: 'r3', title: '补材料', text: '受理单{case}还缺材料，请直接把照片发在这里，四角拍全、字要清楚。' },
    { id: 'r4', title: '短信核验提醒', text: '请负责人留意12381发来的短信，24小时内到工信部备案系统完成核验，过期要重新提交。' },
    { id: 'r5', title: '结束语', text: '还有别的问题随时找我们，祝您备案顺利。' },
  ];
  desk.tasks = [
    {
      conversation: 'c-misses',
      customer: '陈女士',
      channel: 'direct-line',
      left: 1,
      items: [
        {
          at: now - 13 * 60 * minute,
          about: 'needs-person',
          contact: '138****6120',
          said: '公司换了法人，备案要怎么改？白天打给我就行',
          caseNumber: 'BA-20261120-4410276',
        },
      ],
    },
  ];
  desk.files.set('f1', { contentType: 'image/png', content: await licencePicture() });
  for (let at = 0; at < 60; at += 1)
    desk.audit(
      at % 3 === 0 ? 'conversation-taken' : 'signed-in',
      at % 2 === 0 ? 'wang' : 'li',
      at % 3 === 0 ? `conversation:c${1000 + at}` : 'account:li',
    );
  return desk;
}

/** A picture that looks like a paper, without anything on it that belongs to somebody. */
function licencePicture(): Promise<Buffer> {
  const lines = [150, 190, 230, 270, 310]
    .map((y) => `<rect x="90" y="${y}" width="${520 - (y % 120)}" height="12" fill="#b9c2c0"/>`)
    .join('');
  const paper = `<svg xmlns="http://www.w3.org/2000/svg" width="720" height="500"><rect width="720" height="500" fill="#f6efdc"/>
    <rect x="28" y="28" width="664" height="444" fill="none" stroke="#b98b3d" stroke-width="6"/>
    <rect x="250" y="70" width="220" height="34" fill="#8a3b2a"/>${lines}<circle cx="560" cy="380" r="58" fill="none" stroke="#c0392b" stroke-width="8"/></svg>`;
  return sharp(Buffer.from(paper)).png().toBuffer();
}

const nothingKnown: Pick<Brief, 'asked' | 'cases'> = { asked: [], cases: [] };

function entriesOf(start: number, lines: readonly Omit<Entry, 'position' | 'at'>[]): Entry[] {
  return lines.map((line, at) => ({ position: at + 1, at: start + at * 40_000, ...line }));
}

const waitingText = '好的，正在为您转接客服。您排在最前面。\n\n等待时可以继续问我；不想等了，请发“不等了”。';
const bot = { from: 'bot', name: '备案助手' } as const;

function askedForMisses(now: number): StandInTalk {
  const customer = '陈女士';
  const start = now - 34 * minute;
  const said = { from: 'customer', name: customer } as const;
  return {
    id: 'c-misses',
    brief: {
      customer,
      channel: 'direct-line',
      startedAt: start,
      province: '广东',
      reason: 'misses',
      since: now - 7 * minute,
      asked: [
        { question: '公司换法人了备案怎么弄', topic: 'change-filer', title: '主体信息变更怎么办', confidence: 0.92, useful: true },
        { question: '旧法人电话打不通 短信收不到咋整' },
      ],
      form: {
        number: 'BA-20261120-4410276',
        title: '变更备案',
        done: 6,
        total: 11,
        paused: true,
        items: [
          { field: 'filerName', label: '主体名称', value: '深圳市青禾信息技术有限公司' },
          { field: 'filingNumber', label: '备案号', value: '粤ICP备2021078321号' },
          { field: 'leaderName', label: '新负责人', value: '陈**' },
          { field: 'leaderPhone', label: '负责人手机', value: '138****6120' },
          { field: 'domainName', label: '域名', value: 'qinghe-it.example' },
        ],
        next: { field: 'leaderEmail', label: '负责人邮箱' },
        documents: [{ title: '营业执照', name: '营业执照.png' }],
      },
      deadline: { code: 'sms-verification', day: '2030-12-04', daysLeft: 1, about: false, caseNumber: 'BA-20261120-4410276' },
      cases: [{ number: 'BA-20261120-4410276', state: '填写中', title: '变更备案', filer: '深圳市青禾信息技术有限公司' }],
    },
    waiting: { since: now - 7 * minute, reason: 'misses', returning: true },
    entries: entriesOf(start, [
      {
        ...bot,
        kind: 'smalltalk',
        text: '您好，我是晴川备案的备案助手。备案流程、材料、退回原因，都可以直接问我。',
        choices: ['备案要多久？', '要什么材料？', '帮我办理备案'],
      },
      { ...said, text: '公司换法人了备案怎么弄' },
      {
        ...bot,
        kind: 'answer',
        topic: 'change-filer',
        confidence: 0.92,
        text: [
          '**法定代表人变了，要先到市场监管局变更营业执照，再到接入商的备案系统提交变更备案。**',
          '您可以这样办：\n\n1. 换领新的营业执照，执照上是新法人。\n2. 登录接入商的备案系统，选“变更备案”，把法人、主体负责人改成新的。\n3. 新负责人做人脸核验，上传新执照和身份证。\n4. 接入商初审1～2个工作日，然后报省通信管理局审核。',
          '原来的网站照常可以访问。变更期间备案号不变。如果旧负责人的手机已经停用，请在变更时一并改成新号码，短信会发到新号码上。',
        ].join('\n\n'),
        choices: ['有用', '没用'],
      },
      { ...said, text: '有用' },
      { ...said, text: '旧法人电话打不通 短信收不到咋整' },
      { ...bot, kind: 'unknown', text: '这个问题我没有可靠的答案，不想误导您。可以换个说法，或者转人工。', choices: ['转人工'] },
      { ...said, text: '', files: [{ file: 'f1', name: '营业执照.png', contentType: 'image/png', unscanned: true }] },
      { ...said, text: '这是新的执照，旧法人已经离职了，找不到人。能不能直接用我的手机收验证码？' },
      { from: 'event', name: '备案助手', text: waitingText, handoff: 'requested' },
    ]),
    notes: [],
    suggestions: [
      {
        topic: 'sms-phone-lost',
        question: '原负责人的手机停用了，短信核验怎么办？',
        confidence: 0.71,
        text: '原负责人的手机号停用的，请在变更备案时把主体负责人一并改成新负责人和新手机号，12381 的核验短信会发到新号码。旧号码不用再收短信。',
      },
      {
        topic: 'change-filer',
        question: '主体信息变更怎么办？',
        confidence: 0.58,
        text: '先换领营业执照，再在接入商的备案系统提交“变更备案”，新负责人做人脸核验。变更期间网站可以正常访问，备案号不变。',
      },
    ],
  };
}

function complaint(now: number): StandInTalk {
  const customer = '访客7f3a';
  const said = { from: 'customer', name: customer } as const;
  return {
    id: 'c-complaint',
    brief: {
      ...nothingKnown,
      customer,
      channel: 'wechat-official-account',
      startedAt: now - 9 * minute,
      reason: 'complaint',
      since: now - 2 * minute,
    },
    waiting: { since: now - 2 * minute, reason: 'complaint', skill: 'conflict', returning: false },
    entries: entriesOf(now - 4 * minute, [
      { ...said, text: '你们说三天就好，都等了十天了，网站一直打不开，到底管不管' },
      { ...bot, kind: 'unknown', text: '给您添麻烦了，这件事我请客服来处理。' },
      { from: 'event', name: '备案助手', text: waitingText, handoff: 'requested' },
    ]),
    notes: [],
    suggestions: [],
  };
}

function askedForPerson(now: number): StandInTalk {
  const customer = '周先生';
  return {
    id: 'c-asked',
    brief: {
      ...nothingKnown,
      customer,
      channel: 'direct-line',
      startedAt: now - 3 * minute,
      province: '四川',
      reason: 'asked',
      since: now - 40_000,
    },
    waiting: {
      since: now - 40_000,
      reason: 'asked',
      skill: 'province',
      returning: false,
      transferredFrom: '李明',
      note: '四川要求先做公安备案的说法要核实，客户等着上线',
    },
    entries: entriesOf(now - 2 * minute, [
      { from: 'customer', name: customer, text: '四川个人备案能不能用“博客”做网站名' },
      { from: 'event', name: '备案助手', text: waitingText, handoff: 'requested' },
    ]),
    notes: [{ at: now - minute, by: '李明', text: '四川要求先做公安备案的说法要核实，客户等着上线' }],
    suggestions: [],
  };
}

function returnedNotice(now: number): StandInTalk {
  const customer = '刘先生';
  const said = { from: 'customer', name: customer } as const;
  const agent = { from: 'agent', name: '王芳' } as const;
  const start = now - 26 * 60 * minute;
  const earlier = Array.from({ length: 130 }, (_, at) => ({
    ...(at % 2 === 0 ? said : bot),
    text: at % 2 === 0 ? `第${at / 2 + 1}个问题` : '已经记下。',
  }));
  const latest = entriesOf(now - 6 * minute, [
    { ...said, text: '管局退回了，说“主体负责人与法人不一致且未提交授权书”，是什么意思？' },
    { from: 'event', name: '备案助手', text: waitingText, handoff: 'requested' },
    { from: 'event', name: '王芳', text: '您好，我是客服王芳，由我为您服务。', handoff: 'accepted' },
    { ...agent, text: '刘先生好，意思是：网站负责人不是法人本人，需要一份法人签字的授权书。' },
    { ...agent, text: '模板我发到您邮箱了，签字、盖章后拍照发在这里就行。' },
    { ...said, text: '好的，盖公章还是合同章？' },
    { ...said, text: '公章在财务那边，要明天才能盖' },
  ]).map((entry) => ({ ...entry, position: entry.position + 130 }));
  return {
    id: 'c-returned',
    brief: {
      customer,
      channel: 'wechat-wecom',
      startedAt: start,
      province: '江苏',
      reason: 'unknown-notice',
      since: now - 5 * minute,
      asked: [{ question: '主体负责人与法人不一致且未提交授权书', topic: 'returned-leader', title: '退回：负责人授权', confidence: 0.44 }],
      cases: [{ number: 'BA-20261101-3204413', state: '已退回', title: '首次备案', filer: '南京云岫文化传播有限公司' }],
    },
    agent: 'a1',
    entries: [...entriesOf(start, earlier), ...latest],
    notes: [{ at: now - 4 * minute, by: '王芳', text: '授权书模板已发邮箱。客户明天盖章，后天要回访。' }],
    suggestions: [
      {
        topic: 'returned-leader',
        question: '授权书盖什么章？',
        confidence: 0.83,
        text: '授权书要盖单位公章，合同章、财务章不行。法定代表人本人签字，日期写当天。',
      },
    ],
  };
}
