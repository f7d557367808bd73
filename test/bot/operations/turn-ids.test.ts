import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Outbox } from '../../../bot/conversations/outbox.ts';
import { Undeliverable } from '../../../bot/conversations/undelivered.ts';
import { Errands } from '../../../bot/turns/errands.ts';
import { type Bench, openBench, said } from '../../support/conversations.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench(['pushed']);
});
afterEach(() => bench.close());

it('what follows from a turn is logged under its id', async () => {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ base: null }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const failing = () => [
    {
      send: async () => {
        throw new Undeliverable('account', 'The account was closed.');
      },
    },
  ];
  const errands = new Errands({ ...bench, outbox: new Outbox(bench.store), deliver: new Map([['pushed', failing]]), log });
  const turns = bench.newTurns(undefined, errands);
  await bench.conversations.start({ id: 'c', channel: 'pushed', user: { id: 'someone' } });
  await turns.accept({ conversation: 'c', sender: 'someone', activity: said('谢谢'), message: { kind: 'text', text: '谢谢' } });
  await vi.waitFor(() => expect(lines).toContainEqual(expect.objectContaining({ msg: 'message not sent' })));
  await turns.stop();
  await errands.stop();
  const [line] = lines.filter(({ msg }) => msg === 'message not sent');
  // As the apology of a turn has it, which customers can tell us.
  expect(line?.turnId).toMatch(/^[0-9A-F]{10}$/);
  expect(line?.time).toEqual(expect.any(Number));
});
