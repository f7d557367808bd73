import type { Connection } from './connection.ts';

/**
 * Refuses a server that would lose what it was given: one that is too old, that throws data away when its memory is full, or
 * that keeps nothing on disk. Where the server does not tell, as those of some providers, that is for the operator to know.
 */
export async function checkServer(connection: Connection): Promise<void> {
  const version = /redis_version:(\d+)/.exec(String(await ask(connection, ['INFO', 'server'])))?.[1];
  if (version !== undefined && Number(version) < 7) throw new Error(`Redis ${version} is too old: version 7.0 or later is needed.`);
  const policy = await setting(connection, 'maxmemory-policy');
  if (policy !== undefined && policy !== 'noeviction') {
    throw new Error(
      `Redis would throw data away when its memory is full (maxmemory-policy ${policy}): set maxmemory-policy noeviction in redis.conf.`,
    );
  }
  if ((await setting(connection, 'appendonly')) === 'no') {
    throw new Error('Redis would lose what it was given when it stops: set appendonly yes and appendfsync always in redis.conf.');
  }
}

/** What is not refused, but loses something all the same; each with what to do. */
export async function weaknesses(connection: Connection, replicas: number): Promise<string[]> {
  const appendfsync = await setting(connection, 'appendfsync');
  const loadsHalf = (await setting(connection, 'aof-load-truncated')) === 'yes';
  const minReplicas = Number(await setting(connection, 'min-replicas-to-write'));
  const maxMemory = await setting(connection, 'maxmemory');
  return [
    ...(appendfsync !== undefined && appendfsync !== 'always'
      ? [`appendfsync ${appendfsync}: a power cut takes about a second of what was acknowledged; set appendfsync always in redis.conf`]
      : []),
    ...(loadsHalf
      ? [
          'aof-load-truncated yes: half a step, left by a kill in the middle of a write, has its effect at the start after next; set it to no in redis.conf, and let bot/operations/mend-aof.sh run before each start',
        ]
      : []),
    ...(replicas > 0 && minReplicas < replicas
      ? [
          `min-replicas-to-write ${minReplicas}: set it to ${replicas} in redis.conf, as REDIS_REPLICAS is, so that a master that is cut off stops writing`,
        ]
      : []),
    ...(maxMemory === '0' ? ['maxmemory 0: set it below the memory of its machine, or the system ends Redis when that is full'] : []),
  ];
}

async function setting(connection: Connection, name: string): Promise<string | undefined> {
  const reply = await ask(connection, ['CONFIG', 'GET', name]);
  return Array.isArray(reply) && reply[1] !== undefined ? String(reply[1]) : undefined;
}

async function ask(connection: Connection, command: string[]): Promise<unknown> {
  return connection.send('p00', command).catch(() => undefined);
}
