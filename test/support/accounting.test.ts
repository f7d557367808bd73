import { expect, it } from 'vitest';
import { accountOf } from './accounting.ts';

/** What is kept of a conversation: `1` is what was said under the name 1, `1!` its reply, `1?` an apology for it. */
function transcriptOf(line: string) {
  const shorts = line.split(' ');
  const idOf = (turn: string) => (shorts.includes(turn) ? `c|${shorts.indexOf(turn)}` : `c|gone-${turn}`);
  const activities = shorts.map((short, at) => {
    const [, turn = '', mark] = /^(\d+)([!?]?)$/.exec(short) ?? [];
    const id = `c|${at}`;
    return mark
      ? { id, from: { role: 'bot' }, replyToId: idOf(turn), channelData: { filing: { kind: mark === '!' ? 'answer' : 'apology' } } }
      : { id, from: { role: 'user' }, channelData: { clientActivityID: turn } };
  });
  return { idOf, activities };
}

const sound = { acknowledged: 3, lost: 0, doubled: 0, outOfOrder: 0, unexpected: 0 };

it.each([
  ['everything once, each answered at once', '0 0! 1 1! 2 2!', {}],
  ['everything once, answered later', '0 1 2 0! 1! 2!', {}],
  ['a message that is gone', '0 0! 2 2!', { lost: 1 }],
  ['a reply that is gone', '0 0! 1 2 2!', { lost: 1 }],
  ['a reply to what is gone', '0 0! 1! 2 2!', { lost: 1, unexpected: 1 }],
  ['an apology in place of a reply', '0 0! 1 1? 2 2!', { lost: 1 }],
  ['a message kept twice', '0 0! 1 1! 1 2 2!', { doubled: 1 }],
  ['a message answered twice', '0 0! 1 1! 1! 2 2!', { doubled: 1 }],
  ['messages that changed places', '0 0! 2 2! 1 1!', { outOfOrder: 1 }],
  ['replies that changed places', '0 1 2 0! 2! 1!', { outOfOrder: 1 }],
  ['a message that nobody was told of', '0 0! 1 1! 2 2! 3 3!', { unexpected: 1 }],
])('counts %s', (_, line, found) => {
  const { idOf, activities } = transcriptOf(line);
  expect(accountOf(['0', '1', '2'].map(idOf), activities)).toEqual({ ...sound, ...found });
});
