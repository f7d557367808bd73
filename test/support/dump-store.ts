import { type Key, open } from 'lmdb';
import { type DataKeys, unseal } from '../../bot/store/data-keys.ts';

/** All that an embedded store holds, names as well as values, decrypted: what whoever has the keys could read of it. */
export async function dumpStore(folder: string, keys: DataKeys): Promise<string[]> {
  const database = open<unknown, Key>({ path: folder, noSubdir: false, encoding: 'msgpack', readOnly: true });
  const rows = [...database.getRange({})].map(({ key, value }) => `${JSON.stringify(key)} = ${readable(key as string[], value, keys)}`);
  await database.close();
  return rows;
}

function readable(key: readonly string[], value: unknown, keys: DataKeys): string {
  const sealed = value instanceof Uint8Array ? value : (value as { value?: unknown } | null)?.value;
  if (!(sealed instanceof Uint8Array)) return JSON.stringify(value);
  const [kind = '', partition = '', name = ''] = key;
  const place = { record: 'record', entry: 'log', item: 'queue' }[kind];
  if (!place) throw new Error(`A value of an unknown kind stands at ${JSON.stringify(key)}.`);
  const { value: _, ...rest } = value instanceof Uint8Array ? { value } : (value as Record<string, unknown>);
  return `${JSON.stringify(rest)} ${Buffer.from(unseal(sealed, `${partition}|${place}|${name}`, keys)).toString()}`;
}
