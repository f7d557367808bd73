import { execFileSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../../bot/paths.ts';
import { type RedisServer, startRedis } from '../../support/redis.ts';

const script = join(projectRoot, 'bot', 'operations', 'mend-aof.sh');

describe('before Redis starts on a file that a kill has cut off in the middle of a step', () => {
  let redis: RedisServer;
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(() => redis.stop());

  const step = (value: string) =>
    redis.command('eval', `for _, key in ipairs(KEYS) do redis.call('RPUSH', key, ARGV[1]) end`, '2', 'one', 'two', value);
  const kept = () => [redis.command('lrange', 'one', '0', '-1'), redis.command('lrange', 'two', '0', '-1')];
  const file = () => {
    const [name = ''] = readdirSync(join(redis.folder, 'appendonlydir')).filter((entry) => entry.endsWith('.incr.aof'));
    return join(redis.folder, 'appendonlydir', name);
  };
  const mend = () => execFileSync(script, [redis.folder], { stdio: 'pipe' });

  /** What a step is in the file, from its MULTI to its EXEC. */
  async function half(value: string): Promise<string> {
    step('before');
    const before = readFileSync(file()).length;
    step(value);
    await redis.kill('SIGKILL');
    const whole = readFileSync(file(), 'utf8').slice(before);
    truncateSync(file(), before);
    expect(whole).toMatch(/MULTI[\s\S]*RPUSH[\s\S]*RPUSH[\s\S]*EXEC/);
    return whole;
  }

  it.each([
    ['in its second command', (whole: string) => whole.slice(0, whole.lastIndexOf('RPUSH') + 3)],
    ['between two commands', (whole: string) => whole.slice(0, whole.lastIndexOf('*3'))],
    ['before its end', (whole: string) => whole.slice(0, whole.lastIndexOf('*1'))],
    ['in its first word', (whole: string) => whole.slice(0, 6)],
  ])('%s, nothing of the step is left, now or at the start after next', async (_, cut) => {
    const whole = await half('never acknowledged');
    appendFileSync(file(), cut(whole));
    mend();
    await redis.restart();
    expect(kept()).toEqual(['before', 'before']);
    step('after');
    await redis.kill('SIGKILL');
    await redis.restart();
    expect(kept()).toEqual(['before\nafter', 'before\nafter']);
  });

  it('leaves a whole file as it is, and a Redis that has none yet', async () => {
    step('before');
    await redis.kill('SIGKILL');
    const before = readFileSync(file());
    mend();
    expect(readFileSync(file())).toEqual(before);
    execFileSync(script, [join(redis.folder, 'appendonlydir')]);
  });

  it('changes nothing in a file that is broken further up, and says so', async () => {
    step('before');
    await redis.kill('SIGKILL');
    const broken = Buffer.concat([Buffer.from('rubbish\r\n'), Buffer.alloc(17 * 2 ** 20, 'x')]);
    appendFileSync(file(), broken);
    expect(mend).toThrow(/not only at its end: nothing was changed/);
    expect(readFileSync(file()).subarray(-broken.length).equals(broken)).toBe(true);
    truncateSync(file(), readFileSync(file()).length - broken.length);
  });
});
