/** What stands where: see `scripts.ts`. */
export type Kind = 'r' | 'l' | 'i' | 'w' | 'q' | 'o' | 't';

export function keyOf(partition: string, kind: Kind, name: string): string {
  return `{${partition}}:${kind}:${name}`;
}

/** A key taken apart; undefined for those that only support others. */
export function placeOf(key: string): { partition: string; kind: Kind; name: string } | undefined {
  const [, partition, kind, name] = /^\{([^}]*)\}:([rliwqot]):(.*)$/su.exec(key) ?? [];
  return partition === undefined || name === undefined ? undefined : { partition, kind: kind as Kind, name };
}

/** "version|expiresAt|value", "position|dueAt|value" or "expiresAt|positions|digest". */
export function split(raw: Buffer): [first: string, second: string, value: Buffer] {
  const one = raw.indexOf('|');
  const two = raw.indexOf('|', one + 1);
  return [raw.toString('latin1', 0, one), raw.toString('latin1', one + 1, two), raw.subarray(two + 1)];
}

/** The same from its parts. */
export function joined(first: number, second: number | undefined, value: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${first}|${second === undefined ? '' : whole(second)}|`), value]);
}

export function bytesOf(value: Uint8Array): Buffer {
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

/** A time as the scripts read it. */
export function whole(time: number): string {
  return String(Math.max(0, Math.ceil(time)));
}
