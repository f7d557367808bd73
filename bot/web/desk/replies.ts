import type { CannedReply } from '../../desk/desk-api.ts';

export interface Occasion {
  customer: string;
  agent: string;
  /** Number of the customer's case, if they have one. */
  case: string | undefined;
}

const variable = /\{(customer|agent|case)\}/g;
const variableNames: Record<keyof Occasion, string> = { customer: '客户称呼', agent: '客服姓名', case: '受理编号' };

/** The replies with all the words in them, those with the words in the title first. */
export function search(replies: readonly CannedReply[], query: string): CannedReply[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text: string) => words.every((word) => text.toLowerCase().includes(word));
  const named = replies.filter(({ title }) => has(title));
  return [...named, ...replies.filter((reply) => !named.includes(reply) && has(`${reply.title} ${reply.text}`))];
}

/** What is not known stays as it stands, for the agent to fill in. */
export function fill(text: string, occasion: Occasion): string {
  return text.replace(variable, (whole, name: keyof Occasion) => occasion[name] ?? whole);
}

/** The names of what has not been filled in. */
export function unfilled(text: string): string[] {
  return [...text.matchAll(variable)].map(([, name]) => variableNames[name as keyof Occasion]);
}
