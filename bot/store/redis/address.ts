/** Where Redis is, and how to be let in. */
export interface RedisAddress {
  cluster: boolean;
  tls: boolean;
  /** One server; of a Cluster a few, by which the others are found. */
  nodes: { host: string; port: number }[];
  username?: string;
  password?: string;
  database: number;
}

const defaultPort = 6379;

/**
 * Reads redis://[user:password@]host[:port][/database], and redis-cluster://[user:password@]host:port,host:port… for a Cluster; with
 * rediss in front for TLS. Throws what is wrong with it, without repeating it: there may be a password in it.
 */
export function parseRedisUrl(text: string): RedisAddress {
  const [, scheme = '', secure, cluster, rest = ''] = /^(redis(s?)(-cluster)?):\/\/(.*)$/.exec(text.trim()) ?? [];
  if (scheme === '') throw new Error('write redis://host:6379, or redis-cluster://host1:6379,host2:6379 for a Cluster');
  const [, credentials, hosts = '', path = ''] = /^(?:(.*)@)?([^/@]*)(?:\/(.*))?$/.exec(rest) ?? [];
  const nodes = hosts.split(',').map(nodeOf);
  if (!cluster && nodes.length > 1) throw new Error('several hosts are a Cluster: write redis-cluster://host1:6379,host2:6379');
  if (!/^\d*$/.test(path)) throw new Error('after the host only the number of a database may follow, such as redis://host:6379/2');
  if (cluster && Number(path) > 0) throw new Error('a Cluster has no databases: leave the number away');
  const [, username, password] = /^([^:]*)(?::(.*))?$/.exec(credentials ?? '') ?? [];
  return {
    cluster: cluster !== undefined,
    tls: secure === 's',
    nodes,
    ...(username && { username: decoded(username) }),
    ...(password && { password: decoded(password) }),
    database: Number(path),
  };
}

/** For people and logs: the hosts, nothing secret. */
export function describeAddress({ nodes, cluster }: RedisAddress): string {
  return `${cluster ? 'the Redis Cluster' : 'Redis'} at ${nodes.map(({ host, port }) => `${host}:${port}`).join(', ')}`;
}

function nodeOf(text: string): { host: string; port: number } {
  const [, bracketed, plain, port = String(defaultPort)] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+))(?::(\d+))?$/.exec(text.trim()) ?? [];
  const host = bracketed ?? plain;
  if (!host || Number(port) < 1 || Number(port) > 65535) throw new Error('each host is a name or an address, with a port such as :6379');
  return { host, port: Number(port) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('in the user name and the password, write % as %25');
  }
}
