import { knowledgeFiles } from '../../bot/paths.ts';
import { readKnowledge } from '../../knowledge/read-knowledge.ts';
import { normalize } from '../../knowledge/text/normalize.ts';
import { loadSegment } from '../../knowledge/text/segment.ts';
import type { Found } from './peer.ts';
import { peers } from './peers.ts';

/** What a peer found for one message, and how long it took. */
export interface Finding {
  asked: string;
  found: Found[];
  ms: number;
}

/** A process of its own for one peer: takes messages, gives what the peer finds for them, and ends. */
const most = 5;

process.once('message', async ({ peer, messages }: { peer: string; messages: string[] }) => {
  const plan = peers.find(({ name }) => name === peer);
  if (!plan) throw new Error(`There is no peer ${peer}: see test/peers/peers.ts.`);
  const phrasings = readKnowledge(knowledgeFiles).entries.flatMap(({ id, question, phrasings: others, keywords }) =>
    [question, ...others, ...keywords].map((text) => ({ topic: id, text: normalize(text) })),
  );
  const search = await (await plan.load())(phrasings, loadSegment(knowledgeFiles));
  const findings: Finding[] = [];
  for (const asked of messages) {
    const before = performance.now();
    const found = await search(normalize(asked));
    findings.push({ asked, found: found.slice(0, most), ms: performance.now() - before });
  }
  process.send?.(findings, () => process.disconnect());
});
