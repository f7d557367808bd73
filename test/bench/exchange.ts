import { once } from 'node:events';
import { type Agent, type OutgoingHttpHeaders, request } from 'node:http';

/** One request over a connection of the agent, and the whole answer to it. */
export async function exchange(
  agent: Agent,
  method: string,
  url: string,
  headers: OutgoingHttpHeaders = {},
  body?: Buffer,
): Promise<{ status: number; text: string }> {
  const outgoing = request(url, { agent, method, headers: { ...headers, ...(body && { 'content-length': body.length }) } });
  outgoing.end(body);
  const [incoming] = await once(outgoing, 'response');
  let text = '';
  for await (const chunk of incoming) text += chunk;
  return { status: incoming.statusCode, text };
}
