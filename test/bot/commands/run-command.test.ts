import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { Mistake, typedArguments } from '../../../bot/commands/run-command.ts';
import { runCommand } from '../../support/command.ts';

describe('a command of operations', () => {
  it.each(['cases', 'check-config', 'desk', 'notes', 'privacy', 'store', 'wechat'] as const)(
    '%s tells how it goes when it is called with an option that it does not have',
    async (name) => {
      const { code, said, complained } = await runCommand(name, ['--nonsense'], { cwd: tmpdir(), env: {} });
      expect({ code, said }).toEqual({ code: 2, said: '' });
      expect(complained).toContain("Unknown option '--nonsense'");
      expect(complained).toContain(`npm run ${name} -- `);
      expect(complained).not.toMatch(/^ {4}at /m);
    },
  );

  it.each([
    [['--kind', 'letters'], 'There are no notes of the kind letters.'],
    [['--limit', 'all'], '--limit is a number from 1 on.'],
  ])('notes refuses %j and names the kinds there are', async (parameters, refusal) => {
    const { code, complained } = await runCommand('notes', parameters, { cwd: tmpdir(), env: {} });
    expect(code).toBe(2);
    expect(complained).toContain(refusal);
    expect(complained).toMatch(/^call-back {4}whom to call back$/m);
  });
});

describe('what was typed after a command', () => {
  const options = { conversation: { type: 'string' }, json: { type: 'boolean', short: 'j' }, by: { type: 'string' } } as const;
  const typed = (...args: string[]) => ({ ...typedArguments({ args, options }).values });

  it.each([
    [['--conversation', '-Ab_3'], { conversation: '-Ab_3' }],
    [['--conversation', '--b3', '--json'], { conversation: '--b3', json: true }],
    [['-j', '--by', '-x', '--conversation=-y'], { json: true, by: '-x', conversation: '-y' }],
    [['--by', '小王'], { by: '小王' }],
  ])('%j: an id may begin like an option, for it is made by chance', (args, values) => {
    expect(typed(...args)).toEqual(values);
  });

  it.each([[['--conversation', '--json']], [['--conversation', '-j']], [['--by', '--by=x']], [['--conversation']], [['--nonsense', '-x']]])(
    '%j lacks a value, or is not known',
    (args) => {
      expect(() => typed(...args)).toThrow(Mistake);
    },
  );
});
