import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Activity } from '../../../../../bot/activity.ts';
import { type Dialect, dialects, type Part, partsOf } from '../../../../../bot/channels/wechat/rendering/parts.ts';
import { byteLength } from '../../../../../bot/channels/wechat/rendering/split.ts';
import { renderReply } from '../../../../../bot/turns/render.ts';
import { severalHint } from '../../../../../dialogs/intake/wording.ts';
import * as messages from '../../../../../dialogs/messages.ts';
import type { Choice, Reply } from '../../../../../dialogs/reply.ts';
import { answerTo } from '../../../../support/applicant.ts';
import { Customer } from '../../../../support/customer.ts';
import { realKnowledge } from '../../../../support/knowledge.ts';
import { Wanderer } from '../../../../support/wanderer.ts';

const { officialAccount, officialAccountUnverified, wecom, customerService } = dialects;
const all: [string, Dialect][] = Object.entries(dialects);
const activityOf = (reply: Reply) => renderReply(reply, { id: 'filing-assistant', name: '晴川备案助手' }, '2026-11-24T02:00:00.000Z');
const shown = (reply: Reply, dialect: Dialect) => partsOf(activityOf(reply), dialect);
const choices = (...labels: string[]): Choice[] => labels.map((label) => ({ label, pick: { kind: 'topic', topic: label } }));
const items = (...titles: string[]) => titles.map((title) => ({ title, value: title }));
const notice = (text: string, more: Partial<Pick<Reply, 'choices' | 'invitation' | 'provenance'>> = {}): Reply => ({
  kind: 'notice',
  text,
  choices: [],
  ...more,
});
const agentSays = (text: string): Activity => ({
  type: 'message',
  timestamp: '2026-11-24T02:00:00.000Z',
  from: { id: 'agent', name: '小林', role: 'bot' },
  text,
  textFormat: 'plain',
  channelData: { filing: { kind: 'agent' } },
});

describe('choices', () => {
  const reply = notice('**请问**是哪一种？', { choices: choices('网站', 'App') });

  it('are lines to tap below what was said', () => {
    const menu = [{ kind: 'menu', head: '请问是哪一种？', items: items('网站', 'App') }];
    expect([shown(reply, officialAccount), shown(reply, customerService)]).toEqual([menu, menu]);
  });

  it('are numbered where there are no menus', () => {
    const text = [{ kind: 'text', text: '请问是哪一种？\n\n1. 网站\n2. App' }];
    expect([shown(reply, officialAccountUnverified), shown(reply, wecom)]).toEqual([text, text]);
  });

  it('come with what leads over to them', () => {
    const invited = { ...reply, invitation: '您想问的是不是：' };
    expect(shown(invited, officialAccount)).toEqual([
      { kind: 'menu', head: '请问是哪一种？\n\n您想问的是不是：', items: items('网站', 'App') },
    ]);
    expect(shown(invited, wecom)).toEqual([{ kind: 'text', text: '请问是哪一种？\n\n您想问的是不是：\n\n1. 网站\n2. App' }]);
  });

  it('are numbered where one is too long for its line, or they are too many: nothing of them is cut', () => {
    const long = '网站主办者是个人还是单位，在哪个省，服务器放在哪一家，域名实名了没有';
    expect(shown({ ...reply, choices: choices('网站', long) }, officialAccount)).toEqual([
      { kind: 'text', text: `请问是哪一种？\n\n1. 网站\n2. ${long}` },
    ]);
    expect(shown({ ...reply, choices: choices('网站', long) }, customerService)).toMatchObject([
      { kind: 'menu', items: items('网站', long) },
    ]);
    const eleven = Array.from({ length: 11 }, (_, at) => `第${at + 1}项`);
    expect(shown({ ...reply, choices: choices(...eleven) }, customerService)).toMatchObject([{ kind: 'text' }]);
    expect(shown({ ...reply, choices: choices(...eleven.slice(1)) }, customerService)).toMatchObject([{ kind: 'menu' }]);
  });

  it('of which several may be picked are numbered, with how to name several', () => {
    const several: Reply = {
      kind: 'ask',
      field: 'preApproval',
      text: '涉及哪些？',
      choices: choices('新闻', '出版'),
      several: { alone: [] },
      invitation: severalHint,
    };
    expect(shown(several, officialAccount)).toEqual([{ kind: 'text', text: `涉及哪些？\n\n${severalHint}\n\n1. 新闻\n2. 出版` }]);
  });

  it('follow a long text in a menu of their own', () => {
    const text = '备案。'.repeat(200);
    const feedback = { choices: choices('有用', '没用') };
    expect(shown(notice(text, { ...feedback, invitation: '有用吗？' }), officialAccount)).toEqual([
      { kind: 'text', text },
      { kind: 'menu', head: '有用吗？', items: items('有用', '没用') },
    ]);
    expect(shown(notice(text, feedback), officialAccount)).toMatchObject([{ text }, { head: messages.choiceInvitation }]);
  });

  it('take the end of a text of several messages into their head', () => {
    const [first, menu, ...more] = shown(notice('备案。'.repeat(260), { choices: choices('有用') }), officialAccount);
    expect(first).toEqual({ kind: 'text', text: '备案。'.repeat(222) });
    expect(menu).toEqual({ kind: 'menu', head: '备案。'.repeat(38), items: items('有用') });
    expect(more).toEqual([]);
  });

  it('stay together where numbered ones no longer fit behind the text', () => {
    const parts = shown(notice('备案。'.repeat(220), { choices: choices('有用', '没用') }), wecom);
    expect(parts).toEqual([
      { kind: 'text', text: '备案。'.repeat(220) },
      { kind: 'text', text: '1. 有用\n2. 没用' },
    ]);
  });

  it('leave what has links to a text, which is known to open them', () => {
    const linked = notice('见[系统](https://a.cn/)', { choices: choices('有用'), invitation: '有用吗？' });
    expect(shown(linked, officialAccount)).toEqual([
      { kind: 'text', text: '见<a href="https://a.cn/">系统</a>' },
      { kind: 'menu', head: '有用吗？', items: items('有用') },
    ]);
    expect(shown(linked, customerService)).toMatchObject([{ kind: 'menu', head: '见系统：https://a.cn/\n\n有用吗？' }]);
  });
});

describe('what is said', () => {
  it('by an agent arrives as typed, and opens nothing', () => {
    const said = '**别点** <a href="https://evil.example/">这里</a>，]]> 是什么？\n- 张**';
    expect(partsOf(agentSays(said), customerService)).toEqual([{ kind: 'text', text: said }]);
    expect(partsOf(agentSays(said), wecom)).toEqual([
      { kind: 'text', text: '**别点** ＜a href="https://evil.example/">这里＜/a>，]]> 是什么？\n- 张**' },
    ]);
  });

  it('without words is no message, and what is no message says nothing', () => {
    expect(partsOf(agentSays(' \u0000\n'), officialAccount)).toEqual([]);
    expect(partsOf({ ...agentSays('在'), type: 'typing' }, officialAccount)).toEqual([]);
  });

  it('as an answer has its list, its link and what it rests on', () => {
    const answer: Reply = {
      kind: 'answer',
      topic: 'process-overview',
      confidence: 1,
      text: [
        '**网站备案一般由接入商（给您提供服务器的服务商）代为上报。** 完整流程如下：',
        '1. **备好**：已实名的域名、境内服务器和证件。\n2. 工信部发来短信，24小时内到[工信部备案系统](https://beian.miit.gov.cn/)完成核验。',
        '单位以前备过案的：\n走新增网站或新增接入。',
        '- 个人\n- 单位',
      ].join('\n\n'),
      provenance: '依据：[《管理办法》第8条](https://www.miit.gov.cn/a.html?id=8&b)（工信部，2005-03-20）\n\n核对日期：2026-11-23。',
      choices: choices('有用', '没用', '新、旧备案系统办网站备案的流程有什么不同？'),
      invitation: '这个回答有用吗？也可以接着问：',
    };
    const lines = (system: string, source: string) => `网站备案一般由接入商（给您提供服务器的服务商）代为上报。完整流程如下：

1. 备好：已实名的域名、境内服务器和证件。
2. 工信部发来短信，24小时内到${system}完成核验。

单位以前备过案的：
走新增网站或新增接入。

• 个人
• 单位

依据：${source}（工信部，2005-03-20）

核对日期：2026-11-23。

这个回答有用吗？也可以接着问：`;
    const anchors = lines(
      '<a href="https://beian.miit.gov.cn/">工信部备案系统</a>',
      '<a href="https://www.miit.gov.cn/a.html?id=8&b">《管理办法》第8条</a>',
    );
    const numbered = `${anchors}\n\n1. 有用\n2. 没用\n3. 新、旧备案系统办网站备案的流程有什么不同？`;
    for (const dialect of [officialAccountUnverified, wecom]) expect(shown(answer, dialect)).toEqual([{ kind: 'text', text: numbered }]);
    // Links are not known to open in the head of a menu: they stay in a text before it.
    expect(shown(answer, officialAccount)).toEqual([
      { kind: 'text', text: anchors.slice(0, anchors.lastIndexOf('\n\n')) },
      { kind: 'menu', head: '这个回答有用吗？也可以接着问：', items: items('有用', '没用', '新、旧备案系统办网站备案的流程有什么不同？') },
    ]);
    expect(shown(answer, customerService)).toEqual([
      {
        kind: 'menu',
        head: lines('工信部备案系统：https://beian.miit.gov.cn/ ', '《管理办法》第8条：https://www.miit.gov.cn/a.html?id=8&b '),
        items: items('有用', '没用', '新、旧备案系统办网站备案的流程有什么不同？'),
      },
    ]);
  });

  it('as the summary of a case is a line for what belongs together, and no value of it is Markdown', () => {
    const customer = new Customer();
    let last = customer.says('帮我办首次备案').at(-1);
    while (last?.kind !== 'summary')
      last = customer
        .says(
          answerTo(last, customer, {
            serviceRemark: '介绍**本公司**的软件产品、服务案例，见[说明](https://a.cn/)，不提供在线交易、评论和下载。',
          }),
        )
        .at(-1);
    const [said, menu] = shown(last, officialAccount);
    expect(said?.kind === 'text' && said.text.split('\n').filter((line) => /联系人|主体负责人|服务备注/.test(line))).toEqual([
      '• 联系人：张**，138****8000',
      '• 主体负责人：张**，证件号 110***********002X，有效期 2020-01-02 至 2040-01-02',
      '• 联系主体负责人：139****9000，应急 137****7000，z***@example.com',
      '• 服务备注：介绍**本公司**的软件产品、服务案例，见[说明](https://a.cn/)，不提供在线交易、评论和下载。',
    ]);
    expect(menu).toMatchObject({ kind: 'menu', head: messages.choiceInvitation, items: [{ title: '确认提交' }, { title: '稍后再填' }] });
  });
});

describe('whatever the bot says', () => {
  const replies = repliesToLookAt();

  it('is all the answers, and conversations about forms of all kinds', () => {
    expect(replies.length).toBeGreaterThan(208 + 500);
    for (const kind of ['answer', 'suggest', 'ask', 'refuse', 'summary', 'opened', 'consent', 'status', 'unknown', 'smalltalk', 'notice'])
      expect(replies.some((reply) => reply.kind === kind)).toBe(true);
  });

  it.each(all)('has no signs of Markdown for %s', (_, dialect) => {
    for (const text of replies.flatMap((reply) => linesOf(shown(reply, dialect)))) {
      expect(text).not.toMatch(/\]\(|^(?:#+|[->*]) |`/);
      // Stars that end a word or are more than two are those of covered names and numbers.
      expect(text.replace(/(?<=[\p{L}\p{N}])\*+|\*{3,}/gu, '')).not.toContain('**');
    }
  });

  it.each(all)('arrives whole and in order at %s', (_, dialect) => {
    for (const reply of replies) {
      const { text = '' } = activityOf(reply);
      const arrived = lettersOf(shown(reply, dialect).flatMap(wordsIn).join('\n'));
      expect(arrived.replace(lettersOf(messages.choiceInvitation), '')).toBe(lettersOf(text));
    }
  });

  it.each(all)('is within the limits of %s', (_, dialect) => {
    for (const reply of replies) expectWithinLimits(shown(reply, dialect), dialect);
  });

  it.each(all)('would be so at %s whatever it were', (_, dialect) => {
    const words = fc.oneof(
      fc.constantFrom('备案', '。', '\n\n', '**', '[系统](https://a.cn/)', '<a', ' href', '- ', '1. ', '👨‍👩‍👧‍👦'),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
    );
    const text = fc.array(words, { maxLength: 500 }).map((said) => said.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 12 }), text, (said, labels, invitation) => {
        const parts = shown(notice(said, { choices: choices(...labels), invitation }), dialect);
        expectWithinLimits(parts, dialect);
        expect(linesOf(parts).every((line) => line.isWellFormed())).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

function repliesToLookAt(): Reply[] {
  const { entries } = realKnowledge();
  const answers = entries.map(
    (entry): Reply => ({
      kind: 'answer',
      topic: entry.id,
      confidence: 1,
      text: entry.answer.trim(),
      provenance: messages.provenance(entry),
      choices: choices(messages.usefulLabel, messages.notUsefulLabel),
      invitation: messages.answerInvitation,
    }),
  );
  const talks = Array.from({ length: 40 }, (_, seed) => {
    const wanderer = new Wanderer(seed);
    const heard = vi.spyOn(wanderer.customer, 'says');
    wanderer.walk();
    return heard.mock.results.flatMap(({ value }) => value as Reply[]);
  });
  const asked = ['你好', '能做什么', '备案需要什么材料', '京ICP备12345678号', '查进度', '备案', '福建管局网站', '删除我的信息', '人工'];
  return [...answers, ...talks.flat(), ...asked.flatMap((question) => new Customer().says(question)), ...new Customer().joins()];
}

function wordsIn(part: Part): string[] {
  return part.kind === 'text' ? [part.text] : [part.head, ...part.items.map(({ title }) => title)];
}

function linesOf(parts: Part[]): string[] {
  return parts.flatMap(wordsIn).flatMap((text) => text.split('\n'));
}

/** Letters and digits alone, with addresses left out: what readers read. */
function lettersOf(text: string): string {
  return text
    .replace(/<a href="[^"]*">|<\/a>|\]\([^)\s]*\)|：?https?:\/\/[!-~]+/g, '')
    .replace(/^\d+\. /gm, '')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function expectWithinLimits(parts: Part[], { menus, textBytes, headBytes, itemBytes, mostItems }: Dialect): void {
  for (const part of parts) {
    if (part.kind === 'text') expect([part.text.trim() !== '', byteLength(part.text) <= textBytes]).toEqual([true, true]);
    else {
      expect([menus, part.head.trim() !== '', byteLength(part.head) <= headBytes, part.items.length <= mostItems]).toEqual([
        true,
        true,
        true,
        true,
      ]);
      for (const { title } of part.items) expect([title !== '', byteLength(title) <= itemBytes]).toEqual([true, true]);
    }
  }
}
