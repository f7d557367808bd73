import { ConfigError, readProcessConfig } from '../config.ts';
import { checkConfiguration, type Finding } from '../operations/configuration-check.ts';
import { runCommand, typedArguments } from './run-command.ts';

const usage = 'npm run check-config -- [--strict]    tries the settings; --strict ends with 2 for weaknesses, too';

/**
 * `npm run check-config`: reads the settings as the bot would and tries them, also while it runs. Ends with 1 when the bot would not start
 * or not work, with 2 when there are weaknesses and `--strict` is given.
 */
const words: Record<Finding['state'], string> = { ok: 'ok   ', weak: 'weak ', fault: 'FAULT' };

async function main(): Promise<void> {
  const { values } = typedArguments({ options: { strict: { type: 'boolean', default: false } } });
  const found = await checkConfiguration(readProcessConfig());
  for (const { state, about, said } of found) console.log(`${words[state]}  ${about}: ${said}`);
  const count = (wanted: Finding['state']) => found.filter(({ state }) => state === wanted).length;
  console.log(`${count('fault')} fault(s), ${count('weak')} weakness(es)`);
  if (count('fault') > 0) process.exitCode = 1;
  else if (values.strict && count('weak') > 0) process.exitCode = 2;
}

await runCommand(main, usage, [ConfigError]);
