import { expect, it } from 'vitest';
import { claims } from './claims.ts';

it('the bot is silent from the moment in which a person takes the conversation, on both stores', async () => {
  const { account, faults } = await claims.run({ seed: 7, scale: 0.01, program: '' });
  expect(faults).toEqual([]);
  expect(account.acknowledged).toBe(200);
}, 60_000);
