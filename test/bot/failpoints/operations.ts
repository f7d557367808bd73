import { expect } from 'vitest';
import type { Activity } from '../../../bot/activity.ts';
import { fileScheme } from '../../../bot/conversations/conversation.ts';
import type { Inbound } from '../../../bot/conversations/inbox.ts';
import { StoreUnavailable } from '../../../bot/store/store.ts';
import { botId } from '../../../bot/turns/turns.ts';
import type { Owner } from '../../../dialogs/message.ts';
import * as messages from '../../../dialogs/messages.ts';
import { handOver, ownerOf } from '../../support/hand-over.ts';
import type { Evidence } from './evidence.ts';
import type { Failpoint } from './trap.ts';
import { type Core, pulledChannel, pushedChannel, type World } from './world.ts';

export const conversation = 'conversation-1';
export const visitor = { id: 'dl_visitor' };

/** Something that somebody asks of the bot until it is acknowledged, each time under the same id. */
export interface Request {
  name: string;
  /** The message of a customer, which can be delivered again. */
  inbound?: Inbound;
  ask(core: Core, world: World): Promise<unknown>;
}

export interface Operation {
  name: string;
  channel: string;
  /** Files that the customer has uploaded. */
  files?: readonly string[];
  /** What has happened before, without mishap. */
  before: readonly Request[];
  requests: readonly Request[];
  /** The failpoints it comes by. */
  passes: readonly Failpoint[];
  /** What there is at its end, without mishap; more of it is compared than is told here. */
  comesTo: Partial<Record<keyof Evidence, unknown>>;
}

const agent: Owner = { kind: 'agent', id: 'agent-1', name: '小王' };

const draft = ['注销网站备案', '同意，继续', '张女士 13800138000'];
const filled = [
  ...draft,
  '京ICP备20210338号-1',
  '示例市青禾信息技术有限公司',
  '91350100M000100Y43',
  'example.com',
  '某某云',
  '没有了',
  '能收到',
  '没有在办的',
  '我确认办理',
];

const turn = [
  'after-verify',
  'after-accept',
  'before-claim',
  'after-claim',
  'mid-turn',
  'before-commit',
  'after-commit',
  'after-publish',
  'while-reading',
] as const;
const step = ['before-step', 'after-step'] as const;
const errand = ['before-mark-sent', 'after-mark-sent'] as const;
const sending = ['before-send', 'after-send'] as const;

/** What has something in it. */
const having = (...parts: string[]) => parts.map((part) => expect.stringContaining(part));
const replyTo = (...said: string[]) => said.map((to) => expect.objectContaining({ to }));

/** Everything that is done in the name of customers and staff, each with something said before and after it, whose order is to stay. */
export const operations: readonly Operation[] = [
  {
    name: 'joining a conversation',
    channel: pulledChannel,
    before: [],
    requests: [joins(), says('谢谢')],
    passes: [...turn],
    comesTo: { said: ['谢谢'], replies: replyTo('', '谢谢'), again: ['谢谢: repeated at 谢谢'] },
  },
  {
    name: 'messages, one of them not known',
    channel: pulledChannel,
    before: [],
    requests: [says('备案审核要多长时间'), says('量子计算机怎么修'), says('谢谢')],
    passes: [...turn],
    comesTo: {
      said: ['备案审核要多长时间', '量子计算机怎么修', '谢谢'],
      replies: replyTo('备案审核要多长时间', '量子计算机怎么修', '谢谢'),
      notes: having('"miss"'),
    },
  },
  {
    name: 'a button',
    channel: pulledChannel,
    before: [says('备案审核要多长时间')],
    requests: [says(messages.usefulLabel), says('谢谢')],
    passes: [...turn],
    comesTo: { replies: replyTo('备案审核要多长时间', messages.usefulLabel, '谢谢'), notes: having('"useful":true') },
  },
  {
    name: 'an upload for a case',
    channel: pulledChannel,
    files: ['file-1', 'file-2'],
    before: draft.map((text) => says(text)),
    requests: [says('营业执照', ['file-1', 'file-2']), says('还差什么')],
    passes: [...turn, ...step, ...errand],
    comesTo: { cases: having('"file":"file-2"'), files: ['file-1', 'file-2'] },
  },
  {
    name: 'a case opened and submitted',
    channel: pulledChannel,
    before: filled.map((text) => says(text)),
    requests: [says('确认提交'), says('查进度')],
    passes: [...turn, ...step, ...errand],
    comesTo: { cases: having('"state":"ready"'), replies: expect.arrayContaining(replyTo('确认提交', '查进度')) },
  },
  {
    name: 'news of a case',
    channel: pulledChannel,
    before: [...filled, '确认提交'].map((text) => says(text)),
    requests: [says('谢谢'), setsState('returned', '照片不清楚')],
    passes: [...turn, ...step],
    comesTo: {
      cases: having('"state":"returned"'),
      replies: expect.arrayContaining([{ to: '', text: expect.stringContaining('照片不清楚') }]),
    },
  },
  {
    name: 'handing over to an agent',
    channel: pulledChannel,
    before: [],
    requests: [says('谢谢'), handsOverTo(agent), says('在吗'), agentSays('您好，我是小王。')],
    passes: [...turn, ...step],
    comesTo: { owner: 'agent, change 1', replies: [...replyTo('谢谢'), { to: '', text: '您好，我是小王。' }] },
  },
  {
    name: 'handing back to the bot',
    channel: pulledChannel,
    before: [says('谢谢'), handsOverTo(agent)],
    requests: [says('在吗'), agentSays('再见。'), handsOverTo({ kind: 'bot' }), says('再见')],
    passes: [...turn, ...step],
    comesTo: { owner: 'bot, change 2', replies: [...replyTo('谢谢'), { to: '', text: '再见。' }, ...replyTo('再见')] },
  },
  {
    name: 'messages on a channel that is sent to',
    channel: pushedChannel,
    before: [],
    requests: [says('谢谢'), agentSays('您好，我是小王。'), says('再见')],
    passes: [...turn, ...step, ...errand, ...sending],
    comesTo: { shown: ['不客气，很高兴能帮到您。', '您好，我是小王。', '再见，祝您办理顺利！'], notes: [] },
  },
  {
    name: 'the customer has everything erased',
    channel: pulledChannel,
    files: ['file-1'],
    before: [...draft.map((text) => says(text)), says('营业执照', ['file-1']), says('量子计算机怎么修')],
    requests: [says('删除我的信息'), says(messages.eraseLabel), says('谢谢')],
    passes: [...turn, ...step, ...errand],
    comesTo: { said: ['谢谢'], notes: [], files: [], cases: having('"state":"erased"') },
  },
  {
    name: 'a whole conversation is erased',
    channel: pulledChannel,
    files: ['file-1'],
    before: [says('量子计算机怎么修'), says('请看', ['file-1'])],
    requests: [isErased()],
    passes: ['before-claim', 'after-claim', 'before-commit', 'after-commit', 'after-publish', 'while-reading', ...step],
    comesTo: { said: [], replies: [], notes: [], files: [] },
  },
];

/** The customer says something, with files where there are any. A word that is said twice needs an id of its own. */
function says(text: string, files: readonly string[] = []): Request {
  const attachments = files.map((file) => ({ contentType: 'image/jpeg', contentUrl: fileScheme + file, name: `${file}.jpg` }));
  const received = files.map((file) => ({ file, name: `${file}.jpg`, contentType: 'image/jpeg' }));
  const inbound: Inbound = {
    conversation,
    messageId: text,
    sender: visitor.id,
    activity: { ...activityOf(visitor.id, 'user', text), ...(files.length > 0 && { attachments }) },
    message: files.length > 0 ? { kind: 'files', files: received, text } : { kind: 'text', text },
  };
  return {
    name: text,
    inbound,
    ask: async ({ turns }) => {
      const { outcome } = await turns.accept(inbound);
      if (outcome !== 'accepted' && outcome !== 'repeated') throw new Error(`${text}: ${outcome}`);
    },
  };
}

function joins(): Request {
  return { name: 'joins', ask: (core) => core.turns.join(conversation, visitor) };
}

/** As the desk does it: looks who has the conversation, takes it, and where nobody answers looks again. */
function handsOverTo(owner: Owner): Request {
  return {
    name: `to ${owner.kind}`,
    ask: async ({ store }) => {
      const { owner: present, epoch } = await ownerOf(store, conversation);
      if (present.kind === owner.kind) return;
      const outcome = await handOver(store, conversation, owner, epoch);
      if (outcome !== 'done') throw new StoreUnavailable('Somebody else was faster: look again.');
    },
  };
}

function agentSays(text: string): Request {
  const activity = activityOf(botId, 'bot', text);
  return { name: text, ask: ({ conversations }) => conversations.append(conversation, activity, `agent:${text}`) };
}

function setsState(state: 'returned', note: string): Request {
  return {
    name: state,
    ask: async ({ cases }, world) => {
      // Staff know the number.
      const [filed] = await (await world.newObserver()).cases.all();
      if (!filed) throw new Error('There is no case.');
      await cases.setState(filed.number, state, { note, by: '小王' });
    },
  };
}

function isErased(): Request {
  return {
    name: 'erased',
    ask: async ({ conversations }) => {
      if (!(await conversations.erase(conversation))) throw new StoreUnavailable('Something waits: later.');
    },
  };
}

function activityOf(id: string, role: 'user' | 'bot', text: string): Activity {
  return { type: 'message', timestamp: '2026-11-27T04:00:00.000Z', from: { id, role }, text };
}
