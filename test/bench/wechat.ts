import type { OfficialAccount } from '../support/wechat/index.ts';
import { requestOf } from '../support/wechat-forgery.ts';

const customers = 200;

/** Milliseconds from the push of a message until its answer, and how many of the answers had words in them. */
export interface PassiveReplies {
  times: number[];
  withWords: number;
}

/** So many customers of an official account write at once, each as soon as they have their answer. */
export async function measurePassiveReplies(account: OfficialAccount, url: string, seconds: number): Promise<PassiveReplies> {
  const replies: PassiveReplies = { times: [], withWords: 0 };
  const end = performance.now() + seconds * 1000;
  const talk = async (at: number) => {
    const customer = account.user(`oCustomer-${at}`);
    while (performance.now() < end) {
      const { query, body } = requestOf({ content: '备案审核要多长时间', from: customer.id });
      // What the bot sends besides is sent to somebody who may be written to.
      customer.grants.give('message');
      const started = performance.now();
      const response = await fetch(`${url}/wechat/official-account?${query}`, {
        method: 'POST',
        headers: { 'content-type': 'text/xml' },
        body,
      });
      const answer = await response.text();
      if (response.status !== 200) throw new Error(`A push was answered with ${response.status}.`);
      replies.times.push(performance.now() - started);
      if (answer !== 'success') replies.withWords += 1;
    }
  };
  await Promise.all(Array.from({ length: customers }, (_, at) => talk(at)));
  return replies;
}
