import { Agent } from 'node:http';
import type { OfficialAccount } from '../support/wechat/index.ts';
import { requestOf } from '../support/wechat-forgery.ts';
import { exchange } from './exchange.ts';

const customers = 200;

/** Milliseconds from the push of a message until its answer, and how many of the answers had words in them. */
export interface PassiveReplies {
  times: number[];
  withWords: number;
}

/**
 * `kept`: as a proxy in front of the bot keeps them; `new`: one for each push. Not a mixture: a server that is busy to the last takes new
 * connections one at a time, and those that are open would go before them for as long as the load lasts.
 */
export type Connections = 'kept' | 'new';

/** So many customers of an official account write at once, each as soon as they have their answer. */
export async function measurePassiveReplies(
  account: OfficialAccount,
  url: string,
  seconds: number,
  connections: Connections,
): Promise<PassiveReplies> {
  const replies: PassiveReplies = { times: [], withWords: 0 };
  const lines = Array.from({ length: customers }, () => new Agent({ keepAlive: connections === 'kept', maxSockets: 1 }));
  if (connections === 'kept') await Promise.all(lines.map((line) => exchange(line, 'GET', `${url}/healthz`)));
  const end = performance.now() + seconds * 1000;
  const talk = async (line: Agent, at: number) => {
    const customer = account.user(`oCustomer-${at}`);
    while (performance.now() < end) {
      const { query, body } = requestOf({ content: '备案审核要多长时间', from: customer.id });
      // What the bot sends besides is sent to somebody who may be written to.
      customer.grants.give('message');
      const started = performance.now();
      const address = `${url}/wechat/official-account?${query}`;
      const { status, text } = await exchange(line, 'POST', address, { 'content-type': 'text/xml' }, Buffer.from(body));
      if (status !== 200) throw new Error(`A push was answered with ${status}.`);
      replies.times.push(performance.now() - started);
      if (text !== 'success') replies.withWords += 1;
    }
  };
  await Promise.all(lines.map(talk));
  for (const line of lines) line.destroy();
  return replies;
}
