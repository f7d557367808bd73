import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, readProcessConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { secretsOf } from '../secrets.ts';
import { type Contents, restoreBackup, writeBackup } from '../store/backup.ts';
import { dataKeys } from '../store/data-keys.ts';
import { entryKinds } from '../store/entry.ts';
import { keyIdOfFile, storedFiles } from '../store/files.ts';
import { fill, finish, movable, requireMovable, type Tally, tallyOf } from '../store/move.ts';
import { openRawStore, requireStore, reserveStore, type StorePlace } from '../store/open-store.ts';
import { livingInstances } from '../store/presence.ts';
import { describeAddress, parseRedisUrl } from '../store/redis/address.ts';
import { type Store, StoreRefused, StoreUnavailable } from '../store/store.ts';
import { Mistake, needed, runCommand, typedArguments } from './run-command.ts';

const usage = `npm run store -- …
  copy     --from PLACE --to PLACE   everything in one store to another, which is empty; nobody serves from either meanwhile
  backup   --out FILE                the store and the uploaded files, in one file; the bot on the embedded store may go on meanwhile
  restore  --in FILE                 into an empty store and an empty DATA_DIR/files
  keys                               how much is encrypted with which of DATA_KEYS
PLACE: a folder, as DATA_DIR names it; redis://host:6379 or redis-cluster://…; or DATA_DIR or REDIS_URL, for what these are set to,
       so that no password stands on the command line
What is kept stays encrypted all the time. The keys are not part of a backup: keep DATA_KEYS (or DATA_DIR/data.key) apart from it.
`;

type Options = ReturnType<typeof readArguments>['values'];

const commands: Record<string, { takes: readonly (keyof Options)[]; run(options: Options): Promise<void> }> = {
  copy: { takes: ['from', 'to'], run: ({ from, to }) => copy(placeOf(needed(from, '--from PLACE')), placeOf(needed(to, '--to PLACE'))) },
  backup: { takes: ['out'], run: ({ out }) => backup(needed(out, '--out FILE')) },
  restore: { takes: ['in'], run: ({ in: from }) => restore(needed(from, '--in FILE')) },
  keys: { takes: [], run: () => keys() },
};

/** `npm run store`: moves what is kept, and tells how it is encrypted. */
async function main(): Promise<void> {
  const { values: options, positionals } = readArguments();
  const [name = '', ...rest] = positionals;
  if (options.help || name === 'help') {
    console.log(usage);
    return;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new Mistake(name === '' ? 'Say what to do.' : `There is no command ${name}.`);
  const foreign = Object.entries(options).find(
    ([option, value]) => value !== undefined && value !== false && !(command.takes as string[]).includes(option),
  );
  if (foreign) throw new Mistake(`--${foreign[0]} does not go with ${name}.`);
  if (rest[0] !== undefined) throw new Mistake(`${rest[0]} is too much here: the choices begin with --.`);
  await command.run(options);
}

function readArguments() {
  const text = { type: 'string' } as const;
  return typedArguments({
    options: { from: text, to: text, out: text, in: text, help: { type: 'boolean', short: 'h', default: false } },
    allowPositionals: true,
  });
}

async function copy(from: StorePlace, to: StorePlace): Promise<void> {
  requireStore(from);
  if (describe(from) === describe(to)) throw new Mistake('--from and --to are the same.');
  await alone(from, (source) =>
    alone(to, async (destination) => {
      await requireMovable(source);
      const filled = await fill(destination, movable(source));
      show('source', from, filled.given);
      show('copy', to, filled.found);
      await refuseLiving(source, from, 'began to serve while the store was copied: the copy may lack what was written since');
      await refuseLiving(destination, to, 'began to serve while the store was copied');
      await finish(destination, filled);
    }),
  );
  console.log('The copy has everything that the source has.');
  if (!from.redis) {
    console.log(`Uploaded files stay in ${join(from.dataDir, 'files')}: the bot finds them in DATA_DIR/files.`);
    if (existsSync(join(from.dataDir, 'data.key')))
      console.log(`If DATA_KEYS was not set: what it is to be now stands in ${join(from.dataDir, 'data.key')}.`);
  }
}

async function backup(out: string): Promise<void> {
  const place = configured();
  requireStore(place);
  if (existsSync(out)) throw new StoreRefused(`${out} is there already. Nothing was written.`);
  const store = await openRawStore(place, 'look');
  try {
    if (place.redis) await refuseLiving(store, place, 'serves from it: stop all instances, or make the backup with what Redis offers');
    await requireMovable(store);
    const contents = await writeBackup(out, store, join(place.dataDir, 'files'));
    if (place.redis) await refuseLiving(store, place, `began to serve meanwhile: ${out} may be a mixture of two moments. Remove it`);
    showContents(out, contents);
  } finally {
    await store.close();
  }
}

async function restore(from: string): Promise<void> {
  const place = configured();
  if (!existsSync(from)) throw new StoreRefused(`There is no file ${from}.`);
  await alone(place, async (store) => showContents(describe(place), await restoreBackup(from, store, join(place.dataDir, 'files'))));
  console.log(`Restored to ${describe(place)}. It opens with the keys that it was encrypted with.`);
}

async function keys(): Promise<void> {
  const config = readProcessConfig();
  requireStore(config);
  const known = dataKeys(secretsOf(config, createLog({ logLevel: 'warn' })).dataKeys);
  const store = await openRawStore(config, 'look');
  const { keys: values } = await tallyOf(movable(store)).finally(() => store.close());
  const folder = join(config.dataDir, 'files');
  const files = new Map<string, number>();
  for (const name of await storedFiles(folder)) {
    const id = await keyIdOfFile(folder, name);
    if (id !== undefined) files.set(id, (files.get(id) ?? 0) + 1);
  }
  const ids = [...new Set([...known.ids, ...values.keys(), ...files.keys()])];
  console.log('key           values     files');
  for (const id of ids) {
    const [ofStore, ofFiles] = [values.get(id) ?? 0, files.get(id) ?? 0];
    console.log(
      `${(id || 'none').padEnd(10)}${String(ofStore).padStart(10)}${String(ofFiles).padStart(10)}   ${meaning(id, ofStore + ofFiles)}`,
    );
  }
  function meaning(id: string, used: number): string {
    if (id === known.current.id) return 'the first of DATA_KEYS: encrypts';
    if (!known.ids.includes(id)) {
      process.exitCode = 1;
      return 'NOT in DATA_KEYS: this cannot be read';
    }
    return used > 0
      ? 'an older one of DATA_KEYS, still needed; the running bot encrypts this anew'
      : 'an older one of DATA_KEYS, no longer needed: it can be removed from the list';
  }
}

/** Does something with a store that nobody serves from meanwhile. */
async function alone(place: StorePlace, work: (store: Store) => Promise<void>): Promise<void> {
  const leave = await reserveStore(place).catch((cause: unknown) => {
    throw new StoreRefused(cause instanceof Error ? cause.message : String(cause), { cause });
  });
  try {
    const store = await openRawStore(place, 'look');
    try {
      await refuseLiving(store, place, 'serves from it: stop all instances first');
      await work(store);
    } finally {
      await store.close();
    }
  } finally {
    await leave();
  }
}

/** For a store that several processes share: each shows that it serves, and is taken for gone when it was not seen for a while. */
async function refuseLiving(store: Store, place: StorePlace, why: string): Promise<void> {
  if (!place.redis) return;
  const [seen, ...others] = await livingInstances(store);
  if (seen === undefined) return;
  const count = 1 + others.length;
  throw new StoreRefused(
    `${describe(place)}: ${count} instance(s), seen ${Math.round(seen / 1000)} s ago, ${why}. One that was killed is taken for gone after 20 s.`,
  );
}

function configured(): StorePlace {
  const { dataDir, redis } = readProcessConfig();
  return { dataDir, redis };
}

function placeOf(text: string): StorePlace {
  const { dataDir, redis } = readProcessConfig();
  if (text === 'DATA_DIR') return { dataDir, redis: undefined };
  if (text === 'REDIS_URL') {
    if (!redis) throw new Mistake('REDIS_URL is not set.');
    return { dataDir, redis };
  }
  if (/^rediss?(-cluster)?:\/\//.test(text)) {
    try {
      return { dataDir, redis: { address: parseRedisUrl(text), replicas: redis?.replicas ?? 0 } };
    } catch (error) {
      throw new Mistake(error instanceof Error ? error.message : String(error));
    }
  }
  if (existsSync(join(text, 'data.mdb'))) throw new Mistake(`${text} is the store itself: name the folder around it, as DATA_DIR does.`);
  return { dataDir: text, redis: undefined };
}

function describe({ dataDir, redis }: StorePlace): string {
  return redis ? describeAddress(redis.address) : join(dataDir, 'store');
}

function show(what: string, place: StorePlace, tally: Tally): void {
  console.log(`${what.padEnd(8)}${describe(place)}`);
  console.log(`        ${countsOf(tally)}`);
  console.log(`        SHA-256, summed: ${tally.sum}`);
}

function showContents(where: string, { tally, files }: Contents): void {
  console.log(where);
  console.log(`        ${countsOf(tally)}, files ${files}`);
  console.log(`        SHA-256 of the store, summed: ${tally.sum}`);
  console.log(`        encrypted with ${[...tally.keys].map(([id, count]) => `${id || 'no key'} (${count})`).join(', ')}`);
}

const words = {
  record: 'records',
  logged: 'log entries',
  trimmed: 'empty logs',
  rank: 'index entries',
  queue: 'queues',
  item: 'queue items',
  once: 'once keys',
} as const;

function countsOf({ counts }: Tally): string {
  return entryKinds.map((kind) => `${words[kind]} ${counts.get(kind)}`).join(', ');
}

await runCommand(main, usage, [StoreRefused, StoreUnavailable, ConfigError]);
