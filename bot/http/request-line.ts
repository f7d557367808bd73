import type { IncomingMessage } from 'node:http';
import { badArgument, HttpError } from './http-error.ts';

/** Throws 400 where whoever looked at a request before us, a proxy or a firewall, may have read another one in it. */
export function requireUnambiguous({ url = '', rawHeaders }: IncomingMessage): void {
  if (!url.startsWith('/')) throw badArgument('Write the address as a path: the host stands in the header.');
  // Node would go by the first.
  if (rawHeaders.filter((part, at) => at % 2 === 0 && part.toLowerCase() === 'host').length > 1)
    throw badArgument('The request names more than one host.');
  const at = url.indexOf('?');
  if (at === -1) return;
  const names = [...new URLSearchParams(url.slice(at)).keys()];
  if (new Set(names).size < names.length) throw badArgument('A parameter of the address is given more than once.');
}

/** What monitors and balancers ask for by an address, which is no name of ours. */
const monitored: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** Throws 421 where a request names a host that is not among these, in lower case and without ports; an empty list knows all. */
export function requireHost({ url = '', headers: { host = '' } }: IncomingMessage, hosts: readonly string[]): void {
  if (hosts.length === 0 || monitored.has(url)) return;
  const name = host.toLowerCase().replace(/:\d*$/, '');
  if (!hosts.includes(name)) throw new HttpError(421, 'MisdirectedRequest', 'No such host is served here.');
}
