import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What the operator got wrong in the command itself; shown with how it goes. */
export class Mistake extends Error {}

export function needed(value: string | undefined, what: string): string {
  if (!value) throw new Mistake(`Give ${what}.`);
  return value;
}

/**
 * What was typed after the command. A value may begin with a hyphen, as an id made by chance does, unless it is itself an option of the
 * command. Throws a `Mistake` for an option that it does not have, or that lacks its value.
 */
export function typedArguments<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  const joined: T = { ...config, args: withValuesJoined(config.args ?? process.argv.slice(2), config.options ?? {}) };
  try {
    return parseArgs(joined);
  } catch (error) {
    throw new Mistake(error instanceof Error ? error.message : String(error));
  }
}

/** `--name -value` as `--name=-value`, which says that the value is one. */
function withValuesJoined(args: readonly string[], options: NonNullable<ParseArgsConfig['options']>): string[] {
  const known = Object.entries(options).flatMap(([name, { short }]) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]);
  const takesValue = (typed: string) => typed.startsWith('--') && options[typed.slice(2)]?.type === 'string';
  const joined: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const [typed, next] = [args[at] ?? '', args[at + 1]];
    const isHyphenated = next !== undefined && next.length > 1 && next.startsWith('-') && !known.includes(next.split('=')[0] ?? '');
    if (takesValue(typed) && isHyphenated) {
      joined.push(`${typed}=${next}`);
      at += 1;
    } else joined.push(typed);
  }
  return joined;
}

/**
 * Runs a command of operations. A mistake is told with the usage, and ends it with 2; a refusal is told by itself, and ends it with 1; anything
 * else is a fault of ours. `refusals`: the errors that say why a command that is right cannot be carried out.
 */
export async function runCommand(
  main: () => Promise<void>,
  usage: string,
  refusals: readonly (abstract new (...args: never[]) => Error)[],
): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (error instanceof Mistake) console.error(`${error.message}\n\n${usage}`);
    else if (error instanceof Error && refusals.some((refusal) => error instanceof refusal)) console.error(error.message);
    else throw error;
    process.exitCode = error instanceof Mistake ? 2 : 1;
  }
}
