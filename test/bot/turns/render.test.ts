import { describe, expect, it } from 'vitest';
import { renderReply } from '../../../bot/turns/render.ts';
import type { Reply } from '../../../dialogs/reply.ts';

const speaker = { id: 'filing-assistant', name: '晴川备案助手' };
const at = '2026-11-24T02:00:00.000Z';
const render = (reply: Reply) => renderReply(reply, speaker, at, 'c|0000001');

describe('a reply as an activity', () => {
  it('is a message of the bot to the message it answers', () => {
    expect(render({ kind: 'smalltalk', text: '不客气。', choices: [] })).toEqual({
      type: 'message',
      timestamp: at,
      from: { ...speaker, role: 'bot' },
      text: '不客气。',
      textFormat: 'markdown',
      locale: 'zh-CN',
      inputHint: 'acceptingInput',
      channelData: { filing: { kind: 'smalltalk' } },
      replyToId: 'c|0000001',
    });
  });

  it('lists its choices in the text too, numbered, for channels without buttons', () => {
    const { text, suggestedActions } = render({
      kind: 'suggest',
      topics: ['a', 'b'],
      text: '我不太确定。',
      invitation: '您想问的是不是：',
      choices: [
        { label: '审核要多久？', pick: { kind: 'topic', topic: 'a' } },
        { label: '怎么收费？', pick: { kind: 'topic', topic: 'b' } },
      ],
    });
    expect(text).toBe('我不太确定。\n\n您想问的是不是：\n\n1. 审核要多久？\n2. 怎么收费？');
    expect(suggestedActions?.actions).toEqual([
      { type: 'imBack', title: '审核要多久？', value: '审核要多久？' },
      { type: 'imBack', title: '怎么收费？', value: '怎么收费？' },
    ]);
  });

  it('says where its provenance and its choices begin, so that clients can show them in their own way', () => {
    const { text = '', channelData } = render({
      kind: 'answer',
      topic: 'review-time',
      confidence: 0.98,
      text: '二十个工作日。',
      provenance: '核对日期：2026-11-24。',
      choices: [{ label: '有用', pick: { kind: 'feedback', useful: true } }],
    });
    const { provenanceAt, choicesAt, ...filing } = channelData?.filing ?? {};
    expect(text.slice(0, provenanceAt)).toBe('二十个工作日。');
    expect(text.slice(provenanceAt, choicesAt).trim()).toBe('核对日期：2026-11-24。');
    expect(text.slice(choicesAt).trim()).toBe('1. 有用');
    expect(filing).toEqual({ kind: 'answer', topic: 'review-time', confidence: 0.98 });
  });

  it('carries what programs need of a form: the field, the problem, the case and the lines of a summary', () => {
    const refused = render({ kind: 'refuse', field: 'creditCode', problem: 'credit-code-length', text: '还差一位。', choices: [] });
    expect(refused.channelData?.filing).toEqual({ kind: 'refuse', field: 'creditCode', problem: 'credit-code-length' });
    const summary = [{ field: 'contactMobile' as const, label: '联系手机', value: '138****5678', change: '改联系手机' }];
    const text = '请核对：\n\n- 联系手机：138****5678';
    const shown = render({
      kind: 'summary',
      summary,
      summaryAt: 6,
      summaryEnd: text.length,
      caseNumber: 'BA-20261127-4829153',
      text,
      choices: [],
    });
    expect(shown.channelData?.filing).toEqual({
      kind: 'summary',
      summary,
      summaryAt: 6,
      summaryEnd: text.length,
      caseNumber: 'BA-20261127-4829153',
    });
  });
});
